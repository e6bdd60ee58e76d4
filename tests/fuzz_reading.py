"""Fuzz every way in, from a small file of each format: only errors of our own, whatever the bytes.

``python -m tests.fuzz_reading [SECONDS] [--format NAME] [--guided]``: a minute by default, shared
by the formats. Mutations come from a counter, so the same call finds the same; ``--guided`` follows
coverage instead (``pip install atheris``) and goes on where chance gets no further. A finding is
left as ``crash-FORMAT-NUMBER`` in the working folder, and so is the input of a run that dies.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import random
import signal
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hetao_geo import checking, reading
from hetao_geo.checking.conversion import convert
from hetao_geo.checking.repair import repair
from hetao_geo.cli.check import safe_json
from hetao_geo.errors import HetaoGeoError

LIMITS = checking.Limits(size=1_000_000, vertices=20_000)
# Longer than any of these small files may take.
LONGEST_S = 30
_NUMBERS = (0, 1, 127, 128, 255, 256, 32767, 65535, 2**31 - 1, 2**31, 2**32 - 1)
_WORDS = (
    b"NaN", b"1e999", b"null", b"[[[[", b"POLYGON", b"MULTI", b"EMPTY", b'"type"', b"<Polygon>",
    b"\xef\xbb\xbf", b"\xff\xfe", b"\0\0\0\0", b"+init=", b"EPSG:4326", b"VIEW", b"\x1e", b"&a;",
)  # fmt: skip


def feed(path: Path, data: bytes) -> None:
    """Give bytes to every way into the package, as a file."""
    path.write_bytes(data)
    with contextlib.suppress(HetaoGeoError):
        for batch in reading.open_file(path, limits=LIMITS).batches():
            assert len(batch.polygons) == len(batch.ids) == len(batch)
    with contextlib.suppress(HetaoGeoError):
        for found in checking.read_layers(path, limits=LIMITS):
            json.loads(safe_json([fault.as_dict() for fault in found.faults]))
            safe_json([candidate.as_dict() for candidate in found.crs_candidates])
            str(checking.PolygonsError(found, found.faults))
    with contextlib.suppress(HetaoGeoError):
        text, _ = repair(path, limits=LIMITS)
        text.encode("utf-8")
    with contextlib.suppress(HetaoGeoError):
        convert(path, "gcj02", "bd09", limits=LIMITS).encode("utf-8")


def seeds() -> list[bytes]:
    """Return small files of each kind, from which mutations reach far."""
    return [data for many in seeds_by_format().values() for data in many]


def seeds_by_format() -> dict[str, list[bytes]]:
    """Return the same by the key of `hetao_geo.reading.FORMATS`."""
    square = {
        "type": "Polygon",
        "coordinates": [[[114, 22], [114.1, 22], [114.1, 22.1], [114, 22]]],
    }
    parts = {"type": "GeometryCollection", "geometries": [square, None]}
    many = {"type": "MultiPolygon", "coordinates": [square["coordinates"], [[[1e400, 2]]]]}
    crs = {"type": "name", "properties": {"name": "EPSG:2326"}}
    feature = {"type": "Feature", "id": "a", "bbox": [1, 2, 3, 4], "properties": {"a": None}}
    features = [{**feature, "geometry": shape} for shape in (square, parts, many)]
    texts = [json.dumps({"type": "FeatureCollection", "features": features, "crs": crs}).encode()]
    texts += [b"\xef\xbb\xbf" + json.dumps(shape).encode() for shape in (square, parts)]
    lines = "\n".join(json.dumps(row) for row in features[:2]).encode()
    ring = "<LinearRing><coordinates>114,22 114.1,22 114.1,22.1 114,22</coordinates></LinearRing>"
    polygon = f"<Polygon><outerBoundaryIs>{ring}</outerBoundaryIs></Polygon>"
    data = '<ExtendedData><Data name="a"><value>1</value></Data></ExtendedData>'
    kml = f"<kml><Placemark id='x'><name>n</name>{data}{polygon}</Placemark></kml>".encode()
    table = b'id,wkt\n1,"POLYGON ((114 22,114.1 22,114.1 22.1,114 22))"\n2,POINT EMPTY\n'
    return {
        "geojson": texts,
        "geojsonseq": [lines, b"\x1e" + lines],
        "kml": [kml, _zip({"doc.kml": kml})],
        "csv": [table, table.replace(b"POLYGON", b"SRID=4326;POLYGON")],
        **_binary_seeds(),
    }


def _binary_seeds() -> dict[str, list[bytes]]:
    import geopandas
    import shapely

    shapes = [shapely.box(114, 22, 115, 23), shapely.MultiPolygon([shapely.box(1, 1, 2, 2)]), None]
    frame = geopandas.GeoDataFrame({"n": ["皇", "b", None]}, geometry=shapes, crs="EPSG:4326")
    made: dict[str, list[bytes]] = {}
    with tempfile.TemporaryDirectory() as folder:

        def write(name: str, save: Callable[[Path], Any]) -> bytes:
            save(Path(folder, name))
            return Path(folder, name).read_bytes()

        plain = frame.iloc[:1]
        made["geopackage"] = [write("a.gpkg", lambda p: frame.to_file(p, layer="a"))]
        made["flatgeobuf"] = [
            write("a.fgb", lambda p: plain.to_file(p, driver="FlatGeobuf")),
            write("b.fgb", lambda p: frame.to_file(p, driver="FlatGeobuf", SPATIAL_INDEX="NO")),
        ]
        made["geoparquet"] = [
            write("a.parquet", frame.to_parquet),
            write("b.parquet", lambda p: plain.to_parquet(p, geometry_encoding="geoarrow")),
            write("c.parquet", lambda p: frame.to_parquet(p, compression=None)),
        ]
        frame.to_file(Path(folder, "a.shp"), encoding="UTF-8")
        whole = {path.name: path.read_bytes() for path in sorted(Path(folder).glob("a.*"))}
        held = {name: data for name, data in whole.items() if name[2:] in _SHAPEFILE}
        made["shapefile"] = [_zip(held, zipfile.ZIP_STORED)]
    return made


_SHAPEFILE = ("shp", "shx", "dbf", "prj", "cpg")


def _zip(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return target.getvalue()


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Return bytes with a few changes; the members of an archive are changed inside it."""
    if data.startswith(b"PK") and chance.random() < 0.8:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        name = chance.choice(sorted(members))
        return _zip({**members, name: mutate(members[name], chance)}, zipfile.ZIP_STORED)
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        at = chance.randrange(len(changed) + 1)
        kind = chance.randrange(6)
        if kind == 0:
            del changed[at : at + chance.choice((1, 2, 4, 50))]
        elif kind == 1:
            changed[at : at + 1] = bytes([chance.randrange(256)])
        elif kind == 2:
            order = chance.choice(("little", "big"))
            changed[at : at + 4] = chance.choice(_NUMBERS).to_bytes(4, order)
        elif kind == 3:
            changed[at:at] = chance.choice(_WORDS)
        elif kind == 4:
            start = chance.randrange(len(changed) + 1)
            changed[at:at] = changed[start : start + chance.choice((4, 30, 300))]
        elif chance.random() < 0.2:
            del changed[at:]
    return bytes(changed)


def run(name: str, data: list[bytes], seconds: float, rounds: int | None) -> int:
    """Feed mutations of one format for some seconds or rounds; return how many."""
    number = 0
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "input")
        while time.monotonic() < end if rounds is None else number < rounds:
            chance = random.Random(f"{name} {number}")
            number += 1
            changed = mutate(chance.choice(data), chance)
            crash = Path(f"crash-{name}-{number}")
            crash.write_bytes(changed)
            signal.alarm(LONGEST_S)
            try:
                feed(path, changed)
            except (Exception, SystemExit):
                traceback.print_exc()
                print(f"finding: {crash}", file=sys.stderr)
                continue
            finally:
                signal.alarm(0)
            crash.unlink()
    return number


def guided(data: dict[str, list[bytes]], seconds: float) -> None:
    """Let atheris choose mutations by coverage."""
    import atheris

    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        for number, seed in enumerate(seed for many in data.values() for seed in many):
            (corpus / str(number)).write_bytes(seed)
        path = Path(folder, "input")
        atheris.instrument_all()
        options = [f"-max_total_time={seconds:.0f}", "-max_len=200000", f"-timeout={LONGEST_S}"]
        atheris.Setup(
            [sys.argv[0], *options, "-rss_limit_mb=2048", str(corpus)],
            lambda found: feed(path, found),
        )
        atheris.Fuzz()


def _too_long(*_: object) -> None:
    raise TimeoutError(f"more than {LONGEST_S} seconds")


def main() -> int:
    """Run for the seconds that were asked for; the status is 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("seconds", type=float, nargs="?", default=60)
    parser.add_argument("--format", choices=sorted(reading.FORMATS))
    parser.add_argument("--rounds", type=int, help="rounds of each format, in place of seconds")
    parser.add_argument("--guided", action="store_true", help="by coverage, with atheris")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    data = seeds_by_format()
    chosen = {args.format: data[args.format]} if args.format else data
    if args.guided:
        guided(chosen, args.seconds)
        return 0
    signal.signal(signal.SIGALRM, _too_long)
    for name, many in chosen.items():
        count = run(name, many, args.seconds / len(chosen), args.rounds)
        print(f"{name}: {count:,} rounds", flush=True)
    return 1 if list(Path().glob("crash-*")) else 0


if __name__ == "__main__":
    sys.exit(main())

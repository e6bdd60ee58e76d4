"""Fuzz the checking, guided by coverage: whatever the bytes, only errors of our own.

Not part of the normal run. ``python -m tests.fuzz_checking SECONDS`` needs ``pip install atheris``;
a finding is written to the working folder as ``crash-*``.
"""

import contextlib
import json
import sys
import tempfile
from pathlib import Path

from hetao_geo import checking
from hetao_geo.checking.conversion import convert
from hetao_geo.checking.repair import repair
from hetao_geo.cli.check import safe_json
from hetao_geo.errors import HetaoGeoError

LIMITS = checking.Limits(size=100_000, vertices=10_000)
ROOT = Path(__file__).resolve().parent.parent


def feed(path: Path, data: bytes) -> None:
    """Give bytes to every way into the package, as a file."""
    path.write_bytes(data)
    with contextlib.suppress(HetaoGeoError):
        found = checking.read(path, limits=LIMITS)
        json.loads(safe_json([fault.as_dict() for fault in found.faults]))
        safe_json([reading.as_dict() for reading in found.crs_candidates])
        str(checking.PolygonsError(found, found.faults))
    with contextlib.suppress(HetaoGeoError):
        text, _ = repair(path, limits=LIMITS)
        text.encode("utf-8")
    with contextlib.suppress(HetaoGeoError):
        convert(path, "gcj02", "bd09", limits=LIMITS).encode("utf-8")


def seeds() -> list[bytes]:
    """Return small files of each kind, from which mutations reach far."""
    import geopandas
    import shapely

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
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.gpkg")
        frame = geopandas.GeoDataFrame({"n": ["皇"]}, geometry=[shapely.box(114, 22, 115, 23)])
        frame.set_crs("EPSG:4326").to_file(path)
        frame.set_crs("EPSG:4326").to_file(Path(folder, "a.shz"), driver="ESRI Shapefile")
        texts += [path.read_bytes(), Path(folder, "a.shz").read_bytes()]
    return texts


def main() -> None:
    """Run for the seconds that were asked for."""
    import atheris

    seconds = sys.argv[1] if len(sys.argv) > 1 else "60"
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        for number, data in enumerate(seeds()):
            (corpus / str(number)).write_bytes(data)
        path = Path(folder, "input")
        atheris.instrument_all()
        options = [
            f"-max_total_time={seconds}",
            "-max_len=100000",
            "-timeout=20",
            "-rss_limit_mb=2048",
        ]
        words = (
            '"type" "Feature" "features" "geometry" "coordinates" "Polygon" "bbox" "crs" NaN [[['
        )
        dictionary = Path(folder, "words")
        dictionary.write_text("\n".join(
            json.dumps(word) for word in words.split()
        ))  # fmt: skip
        atheris.Setup(
            [sys.argv[0], *options, f"-dict={dictionary}", str(corpus)],
            lambda data: feed(path, data),
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main()

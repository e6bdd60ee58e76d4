"""What travels with every export: README.txt, the licence and the attribution line."""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Sequence
from functools import cache
from string import Template

from hetao_geo import catalog, files, paths

LICENCE = "CC-BY-4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
ATTRIBUTION = (
    "Hetao zone, approximate boundaries: the hetao_geo developers, CC BY 4.0; "
    "contains data of the Hong Kong Lands Department"
)
APPROXIMATE = "Approximate, not a legal boundary."

_DATUM = {
    "wgs84": "",
    "gcj02": "Coordinates are GCJ-02, not WGS 84; no CRS code says so.",
    "bd09": "Coordinates are BD-09, not WGS 84; no CRS code says so.",
}


def datum_remark(datum: str) -> str:
    """Return the sentence that warns of shifted coordinates; empty for WGS 84."""
    return _DATUM[datum]


@cache
def licence() -> str:
    """Return the legal text of CC BY 4.0."""
    return files.read_text(paths.ASSETS / "licences" / "CC-BY-4.0.txt")


def side_files(formats: Sequence[str], layers: Sequence[str], suffix: str = "") -> dict[str, bytes]:
    """Return README.txt of an export and the licence by file name; see `readme`."""
    return {
        "README.txt": readme(formats, layers, suffix).encode(),
        "LICENSE.txt": licence().encode(),
    }


def readme(formats: Sequence[str], layers: Sequence[str], suffix: str = "") -> str:
    """Return README.txt: it speaks of what the export holds, and of nothing else.

    Parameters
    ----------
    formats, layers : sequence of str
        Names of the formats and layers that were written.
    suffix : str
        What stands before the suffix of the files, such as ``.epsg2326``.
    """
    from hetao_geo.formats import shapefile

    held = [one for one in catalog.layers() if one.name in layers]
    sources = dict.fromkeys(source for one in held for source in one.sources)
    names = [f"{long:<22} {short}" for long, short in sorted(shapefile.SHORT.items())]
    return _page(
        "README",
        attribution=ATTRIBUTION,
        licence_url=LICENCE_URL,
        layers="\n".join(f"  {one.name:<14} {one.title['en']} ({_exact(one)})" for one in held),
        formats="\n".join(_row(name) for name in formats),
        postgis=_page("postgis", geopackage=f"hetao{suffix}.gpkg") if "gpkg" in formats else "",
        short_fields=_page("short_fields", short_names="\n".join(f"  {row}" for row in names))
        if "shp" in formats
        else "",
        sources="\n".join(f"  - {source}" for source in sources),
    )


def _page(name: str, **words: str) -> str:
    return Template(files.read_text(paths.ASSETS / "export" / f"{name}.txt")).substitute(words)


def _exact(layer: catalog.Layer) -> str:
    """Say how exact a layer is: its sides from the best to the least, where it has sides."""
    sides = [
        s["accuracy_m"] for f in catalog.features(layer.name) for s in f.properties.get("sides", ())
    ]
    return f"±{min(sides):g} to {max(sides):g} m" if sides else f"±{layer.accuracy_m:g} m"


def _row(name: str) -> str:
    """Return what is to be known of a format."""
    from hetao_geo.formats import FORMATS

    row = tomllib.loads(files.read_text(paths.ASSETS / "export" / "formats.toml"))[name]
    parts = [row["text"], f"CRS: {row['crs']}"]
    parts += [f"Shifted: {row['shifted']}"] if "shifted" in row else []
    lines = textwrap.wrap(". ".join(parts) + ".", 72, initial_indent=" ", subsequent_indent=" ")
    head = f"  *{FORMATS[name].suffix}"
    return "\n".join(f"{head if n == 0 else '':<13}{line}" for n, line in enumerate(lines))

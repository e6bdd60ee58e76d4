"""What travels with every export: README.txt, the licence and the attribution line."""

from __future__ import annotations

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


def papers() -> dict[str, bytes]:
    """Return README.txt and the licence by file name."""
    return {"README.txt": readme().encode(), "LICENSE.txt": licence().encode()}


@cache
def readme() -> str:
    """Return README.txt: the same for every export, so that exports can share a folder."""
    from hetao_geo.formats import shapefile

    layers = catalog.layers()
    rows = [f"{one.name:<14} {one.title['en']} (±{one.accuracy_m:g} m at worst)" for one in layers]
    sources = dict.fromkeys(source for one in layers for source in one.sources)
    names = [f"{long:<22} {short}" for long, short in sorted(shapefile.SHORT.items())]
    template = Template(files.read_text(paths.ASSETS / "export" / "README.txt"))
    return template.substitute(
        attribution=ATTRIBUTION,
        licence_url=LICENCE_URL,
        layers="\n".join(f"  {row}" for row in rows),
        sources="\n".join(f"  - {source}" for source in sources),
        short_names="\n".join(f"  {row}" for row in names),
    )

"""Style sheet and scripts of the page, from ``style.toml`` and the assets."""

from __future__ import annotations

import base64
import hashlib
import re

from hetao_geo import files, paths, style

_LEAFLET = paths.ASSETS / "leaflet"
_IMAGES = ("layers.png", "layers-2x.png", "marker-icon.png")
_SHEETS = ("page.css", "map.css", "labels.css", "panel.css", "print.css")
# What draws the map runs before the panel is parsed; the rest runs when the document is complete.
_MAP_SCRIPTS = (
    "compat",
    "state",
    "features",
    "view",
    "drawing",
    "placing",
    "grid",
    "scene",
    "fitting",
    "curves",
    "positions",
    "territory",
    "lettering",
    "key",
    "names",
    "labels",
    "scale",
    "open",
)
_PANEL_SCRIPTS = (
    "words",
    "card",
    "datum",
    "projections",
    "locate",
    "readout",
    "find",
    "search",
    "download",
    "controls",
    "embed",
    "ready",
)


def css(sheet: style.StyleSheet, *, extended: bool) -> str:
    """Return the whole style sheet: Leaflet's, the looks by role, and the page's own.

    `sheet` is the style of the roles; `extended`: with Leaflet's images and with rules that only
    layers of others need.
    """
    sheets = (*_SHEETS, *["folium.css"] * extended)
    own = [_variables(sheet), _roles(sheet), *(_packed(name) or asset(name) for name in sheets)]
    rules = re.sub(r"/\*.*?\*/", "", "\n".join([_leaflet(extended), *own]), flags=re.DOTALL)
    return re.sub(r"\s*([{};,>])\s*", r"\1", re.sub(r"\s+", " ", rules)).replace(";}", "}").strip()


def map_script() -> str:
    """Return the script that draws the map."""
    return "\n".join(map(script, [*(f"map/{name}.js" for name in _MAP_SCRIPTS), "start.js"]))


def panel_script(*, extended: bool, basemaps: bool = False) -> str:
    """Return the script of what answers the reader: cards, search, read-out, downloads.

    `extended`: with what other folium layers need; `basemaps`: with what base maps need.
    """
    names = [f"map/{name}.js" for name in (*_PANEL_SCRIPTS, *["tiles", "basemap"] * basemaps)]
    return "\n".join(map(script, [*names, *["folium.js"] * extended]))


def early() -> str:
    """Return the script that runs before the body is parsed."""
    return script("early.js")


def script(name: str) -> str:
    """Return one script, packed if ``assets/packed`` has it from the same source.

    Packed scripts take half of the bytes; `tests.browser.pack` writes them. A script that was
    edited since is put into the page without its comments and indentation.
    """
    packed = _packed(name)
    if packed is not None:
        return packed.rstrip(";") + ";"
    lines = (line.strip() for line in asset(name).splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _packed(name: str) -> str | None:
    path = paths.ASSETS / "packed" / name.rpartition("/")[2]
    if not path.exists():
        return None
    mark, _, content = files.read_text(path).partition("\n")
    return content.strip() if mark == f"/* {source_mark(asset(name))} */" else None


def source_mark(source: str) -> str:
    """Return what tells whether a packed file was made from `source`."""
    return hashlib.sha256(source.encode("utf-8")).hexdigest()[:16]


def asset(name: str) -> str:
    """Return the text of a page asset with plain line ends (a hash is over exact characters)."""
    return files.read_text(paths.ASSETS / name).replace("\r\n", "\n")


def leaflet(*, whole: bool) -> str:
    """Return Leaflet: as it is published, or only what the page itself needs of it."""
    return asset("leaflet/leaflet.js" if whole else "leaflet/leaflet-core.js")


def _leaflet(images: bool) -> str:
    sheet = asset("leaflet/leaflet.css")
    if not images:
        # Markers, toolbars, popups and tooltips are for layers of others.
        sheet = re.sub(r"/\*.*?\*/", "", sheet.partition("/* general toolbar")[0], flags=re.DOTALL)
        return re.sub(r"([^{}]*)\{[^}]*\}", lambda rule: rule[0] * _is_core(rule[1]), sheet)
    for name in _IMAGES:
        sheet = sheet.replace(f"url(images/{name})", f"url({image(name)})")
    return sheet


def _is_core(selectors: str) -> bool:
    others = re.compile(r"marker|vml|popup|tooltip|shadow|zoom-box|crosshair|-grab")
    return not all(map(others.search, selectors.split(",")))


def image(name: str) -> str:
    """Return one of Leaflet's images as a ``data:`` address."""
    raw = base64.b64encode(files.read_bytes(_LEAFLET / name)).decode("ascii")
    return f"data:image/png;base64,{raw}"


def _variables(sheet: style.StyleSheet) -> str:
    light = _rows(sheet, "light")
    rows = {
        scheme: ";".join(f"--{k}:{v}" for k, v in _rows(sheet, scheme).items() if light.get(k) != v)
        for scheme in ("dark", "print")
    }
    return (
        f":root{{{';'.join(f'--{k}:{v}' for k, v in light.items())}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{rows['dark']}}}}}\n"
        f"@media print{{:root{{{rows['print']}}}}}"
    )


def _rows(sheet: style.StyleSheet, scheme: str) -> dict[str, str]:
    rows = {name.replace("_", "-"): colour for name, colour in sheet.ground(scheme).items()}
    for role, look in sheet.roles(scheme).items():
        values = {
            "stroke": look.stroke,
            "fill": look.fill,
            "text": look.text,
            "casing": look.casing,
            "halo": look.halo,
            "fill-opacity": f"{look.fill_opacity:g}" if look.fill_opacity < 1 else None,
        }
        rows |= {f"{role}-{part}": value for part, value in values.items() if value}
    return rows


def _roles(sheet: style.StyleSheet) -> str:
    rules = []
    for role, look in sheet.roles().items():
        width = _width(role, look)
        rows = [f"stroke:var(--{role}-stroke)" if look.stroke else ""]
        rows += [f"fill:var(--{role}-fill)" if look.fill else ""]
        rows += [f"stroke-width:{width}"] if look.stroke else []
        rows += [f"fill-opacity:var(--{role}-fill-opacity)"] if look.fill_opacity < 1 else []
        rows += [f"stroke-dasharray:{' '.join(f'{d:g}' for d in look.dash)}"] if look.dash else []
        rows += [f"opacity:{look.opacity:g}"] if look.opacity != 1 else []
        rules.append(f".hz-role-{role}{{{';'.join(filter(None, rows))}}}")
        if look.casing:
            casing = f"stroke:var(--{role}-casing);stroke-width:calc({width} + 1.6px)"
            rules.append(f".hz-casing-{role}{{{casing}}}")
    return "\n".join(rules)


def _width(role: str, look: style.Style) -> str:
    # The scripts set the width of the zoom.
    return f"var(--width-{role}, {look.width:g}px)" if look.widths else f"{look.width:g}px"

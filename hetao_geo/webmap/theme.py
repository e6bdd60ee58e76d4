"""Style sheet and scripts of the page, from ``style.toml`` and the assets."""

from __future__ import annotations

import base64
import re

from hetao_geo import files, paths, style

_LEAFLET = paths.ASSETS / "leaflet"
_IMAGES = ("layers.png", "layers-2x.png", "marker-icon.png")
_SHEETS = ("page.css", "map.css", "panel.css", "print.css")
_SCRIPTS = (
    "state",
    "words",
    "shapes",
    "view",
    "placing",
    "lettering",
    "labels",
    "names",
    "popup",
    "controls",
    "search",
    "open",
)
_BASEMAP_SCRIPTS = ("datum", "tiles", "basemap")


def css(sheet: style.StyleSheet, *, extended: bool) -> str:
    """Return the whole style sheet: Leaflet's, the looks by role, and the page's own.

    `sheet` is the style of the roles; `extended`: with Leaflet's images and with rules that only
    layers of others need.
    """
    sheets = (*_SHEETS, *["folium.css"] * extended)
    own = [_variables(sheet), _roles(sheet), *(asset(name) for name in sheets)]
    rules = _tight("\n".join([_leaflet(extended), *own]))
    return re.sub(r"\s*([{};,])\s*", r"\1", rules).replace(";}", "}")


def scripts(*, extended: bool, basemaps: bool = False) -> str:
    """Return the scripts of the page.

    `extended`: with what other folium layers need; `basemaps`: with what base maps need.
    """
    names = [f"map/{name}.js" for name in (*_SCRIPTS, *_BASEMAP_SCRIPTS * basemaps)]
    return "\n".join(map(script, [*names, *["folium.js"] * extended, "start.js"]))


def early() -> str:
    """Return the script that runs before the body is parsed."""
    return script("early.js")


def script(name: str) -> str:
    """Return one script without its comments and indentation: a fifth of its size."""
    lines = (line.strip() for line in asset(name).splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def asset(name: str) -> str:
    """Return the text of a page asset with plain line ends (a hash is over exact characters)."""
    return files.read_text(paths.ASSETS / name).replace("\r\n", "\n")


def leaflet() -> str:
    """Return Leaflet as it is published."""
    return asset("leaflet/leaflet.js")


def _tight(source: str) -> str:
    plain = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    return "\n".join(line for line in map(str.strip, plain.splitlines()) if line)


def _leaflet(images: bool) -> str:
    sheet = asset("leaflet/leaflet.css")
    for name in _IMAGES:
        sheet = sheet.replace(f"url(images/{name})", f"url({image(name) if images else 'data:,'})")
    return sheet


def image(name: str) -> str:
    """Return one of Leaflet's images as a ``data:`` address."""
    raw = base64.b64encode(files.read_bytes(_LEAFLET / name)).decode("ascii")
    return f"data:image/png;base64,{raw}"


def _variables(sheet: style.StyleSheet) -> str:
    dark = _rows(sheet, "dark")
    return (
        f":root{{--uncertainty:{sheet.role('uncertainty').opacity:g};{_rows(sheet, 'light')}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    )


def _rows(sheet: style.StyleSheet, scheme: str) -> str:
    rows = {name.replace("_", "-"): colour for name, colour in sheet.ground(scheme).items()}
    for role, look in sheet.roles(scheme).items():
        colours = {
            "stroke": look.stroke,
            "fill": look.fill,
            "text": look.text,
            "casing": look.casing,
        }
        rows |= {f"{role}-{part}": value for part, value in colours.items() if value}
    return ";".join(f"--{name}:{colour}" for name, colour in rows.items())


def _roles(sheet: style.StyleSheet) -> str:
    rules = []
    for role, look in sheet.roles().items():
        rows = [f"stroke:var(--{role}-stroke)" if look.stroke else ""]
        rows += [f"fill:var(--{role}-fill)" if look.fill else ""]
        rows += [f"stroke-width:{look.width:g}px"] if look.stroke else []
        rows += [f"fill-opacity:{look.fill_opacity:g}"] if look.fill else []
        rows += [f"stroke-dasharray:{' '.join(f'{d:g}' for d in look.dash)}"] if look.dash else []
        rows += [f"opacity:{look.opacity:g}"] if look.opacity != 1 else []
        rules.append(f".hz-role-{role}{{{';'.join(filter(None, rows))}}}")
        if look.casing:
            width = look.width + 1.5
            rules.append(
                f".hz-casing-{role}{{stroke:var(--{role}-casing);stroke-width:{width:g}px}}"
            )
    return "\n".join(rules)

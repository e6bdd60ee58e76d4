"""The page: measure the areas, build what the templates need, render them. No folium here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from hetao_geo import paths, text
from hetao_geo.webmap import chart, panel, payload, picture, swatch, theme
from hetao_geo.webmap.additions import NOTHING, Additions
from hetao_geo.webmap.policy import Policy, digest
from hetao_geo.webmap.translation import Texts, Words, words


def render(data: payload.Payload, added: Additions = NOTHING) -> str:
    """Return the page as one HTML document; the same input gives the same bytes.

    Parameters
    ----------
    data : payload.Payload
        What is drawn, and the language shown first.
    added : Additions, optional
        What somebody has added to the map with folium.

    Returns
    -------
    str
        A document that needs no network, except for what `added` and the base maps load.
    """
    measured = panel.build(data)
    return _environment().get_template("page.html").render(_build(data, measured, added))


def _build(data: payload.Payload, measured: panel.Panel, added: Additions) -> Mapping[str, Any]:
    texts = Texts(data.language)
    sheet = theme.css(data.style, extended=added.any)
    script = theme.scripts(extended=added.any, basemaps=bool(data.basemaps))
    return {
        "language": data.language,
        "title": _title(data),
        "languages": text.LANGUAGES,
        "policy": _policy(data, sheet, script, added).text(),
        "early": Markup(theme.early()),
        "sheet": Markup(sheet),
        "added": added,
        "leaflet": Markup(theme.leaflet()),
        "script": Markup(script),
        "data": Markup(payload.document(data)),
        "picture": picture.still(data),
        "panel": measured,
        "t": texts.mark,
        "say": texts.say,
        # Asked for last: by then the templates have met all texts.
        "texts": lambda: Markup(payload.script_json(texts.table())),
    }


def _title(data: payload.Payload) -> Words:
    if data.title is None:
        return words("map.title")
    return dict.fromkeys(text.LANGUAGES, data.title)


def _policy(data: payload.Payload, sheet: str, script: str, added: Additions) -> Policy:
    own = Policy(
        scripts=[*map(digest, (theme.early(), theme.leaflet(), script))],
        styles=[digest(sheet)],
        images=["data:", *_origins(data)],
    )
    return own + added.policy


def _origins(data: payload.Payload) -> Iterator[str]:
    for basemap in data.basemaps:
        yield from basemap.origins


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(paths.ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # Each template is rendered once; its expressions are not worth optimising.
        optimized=False,
    )
    environment.globals |= {"w": words, "chart_width": chart.WIDTH, "swatch": swatch.draw}
    return environment

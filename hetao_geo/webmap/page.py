"""The page: measure the areas, build what the templates need, render them. No folium here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from hetao_geo import text
from hetao_geo.webmap import chart, drawing, panel, payload, swatch, templates, theme
from hetao_geo.webmap.additions import NOTHING, Additions
from hetao_geo.webmap.policy import Policy, digest
from hetao_geo.webmap.translation import Texts, words


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
    scripts = {
        "early": theme.early(),
        "leaflet": theme.leaflet(whole=added.any),
        "map_script": theme.map_script(),
        "panel_script": theme.panel_script(extended=added.any, basemaps=bool(data.basemaps)),
    }
    picture = drawing.draw(data)
    return {
        "language": data.language,
        "title": data.titles,
        "languages": text.LANGUAGES,
        "policy": _policy(data, sheet, scripts.values(), added).text(),
        **{name: Markup(script) for name, script in scripts.items()},
        "sheet": Markup(sheet),
        "added": added,
        "data": Markup(payload.document(data, **_scale(data, picture), **_answers(measured))),
        "picture": picture,
        "panel": measured,
        "t": texts.mark,
        "say": texts.say,
        # Asked for last: by then the templates have met all texts.
        "texts": lambda: Markup(payload.script_json(texts.table())),
    }


def _scale(data: payload.Payload, picture: drawing.Drawing) -> dict[str, Any]:
    # What the scripts need to move the drawing.
    frame = picture.frame
    widths = {name: look.widths for name, look in data.style.roles().items() if look.widths}
    return {"level": frame.level, "origin": [frame.x, frame.y], "widths": widths}


def _answers(measured: panel.Panel) -> dict[str, Any]:
    # What the scripts need to answer and to write files.
    areas = [
        {
            "id": row.check.id,
            "names": list(row.name.values()),
            "stated_km2": row.check.stated_km2,
            "drawn_km2": round(row.check.measured_km2, 4),
            "uncertainty_km2": round(row.check.uncertainty_km2 or 0.0, 4),
            "verdict": row.check.verdict,
        }
        for row in measured.rows.values()
    ]
    # Of what has no article in the panel, a card says the kind.
    roles = {
        one.properties["role"]
        for key in ("roads", "railways", "places", "stations")
        for one in measured.data.features(key)
    }
    kinds = {
        code: {role: text.labels("roles", code)[role] for role in sorted(roles)}
        for code in text.LANGUAGES
    }
    return {"areas": areas, "kinds": kinds, "until": measured.newest}


def _policy(data: payload.Payload, sheet: str, scripts: Iterable[str], added: Additions) -> Policy:
    own = Policy(
        scripts=[*map(digest, scripts)],
        styles=[digest(sheet)],
        images=["data:", *_origins(data)],
    )
    return own + added.policy


def _origins(data: payload.Payload) -> Iterator[str]:
    for basemap in data.basemaps:
        yield from basemap.origins


def _environment() -> Environment:
    environment = templates.environment()
    environment.filters["tight"] = _tight
    environment.globals |= {"w": words, "chart_width": chart.WIDTH, "swatch": swatch.draw}
    return environment


def _tight(markup: str) -> Markup:
    # Neither line breaks between elements, nor quotes around plain values, nor the end of a list
    # item, row or cell say anything.
    quotes = re.compile(r"(?<==)\"([A-Za-z0-9_#-]+)\"(?=[ >])")
    ends = re.compile(r"</(?:li|t[dh])>(?=<)")
    return Markup(ends.sub("", quotes.sub(r"\1", re.sub(r">\s*\n\s*<", "><", markup))))

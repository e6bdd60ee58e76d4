"""The folium map, and the figure that renders it as one self-contained file."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
from branca.element import Element, Figure
from folium.map import Layer
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from hetao_geo import paths, text
from hetao_geo.webmap import chart, panel, payload, picture, swatch, theme, tree
from hetao_geo.webmap.policy import Policy, digest, origin
from hetao_geo.webmap.translation import Texts, words

if TYPE_CHECKING:
    from hetao_geo.webmap.basemap import Basemap


class Verbatim(Element):
    """A piece of the page as it stands; folium would compile each as a template."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.markup = markup

    def render(self, **kwargs: Any) -> str:
        """Return the piece."""
        return self.markup


class Overlay(Layer):
    """One layer of the zone as a folium layer; the page's own script draws it."""

    def __init__(self, key: str, name: str, bounds: payload.Bounds | None, show: bool) -> None:
        super().__init__(name=name, overlay=True, control=True, show=show)
        self._name = f"Hetao_{key}"
        self.key = key
        self._bounds = bounds

    def render(self, **kwargs: Any) -> str:
        """Leave the snippet that draws the layer with the figure."""
        figure: Any = self.get_root()
        owner: Any = self._parent
        name, parent = self.get_name(), owner.get_name()
        shown = f"{name}.addTo({parent});" if self.show else ""
        snippet = Verbatim(f"var {name} = hetao.layer({json.dumps(self.key)}); {shown}\n")
        figure.script.add_child(snippet, name=name)
        return ""

    def _get_self_bounds(self) -> list[list[float | None]]:
        if self._bounds is None:
            return [[None, None], [None, None]]
        west, south, east, north = self._bounds
        return [[south, west], [north, east]]


class BorderMap(folium.Map):
    """The border map as a `folium.Map`: add folium layers to it, show it, save it.

    Parameters
    ----------
    data : payload.Payload
        What is drawn, and the language shown first.
    """

    def __init__(self, data: payload.Payload) -> None:
        west, south, east, north = data.bounds
        self.data = data
        middle = [(south + north) / 2, (west + east) / 2]
        super().__init__(location=middle, zoom_start=14, tiles=None, zoom_control=False)
        # folium keeps these lists on the class; Leaflet is inside the page instead.
        self.default_js, self.default_css = [], []
        Page(data).add_child(self)
        titles = text.labels("legend", data.language)
        for layer in data.layers:
            self.add_child(Overlay(layer.key, titles[layer.key], layer.bounds, layer.shown))

    def render(self, **kwargs: Any) -> str:
        """Leave the frame of the map and the snippet that opens it with the figure."""
        figure: Any = self.get_root()
        name = self.get_name()
        frame = Verbatim(f'<div class="folium-map" id="{name}"></div>')
        figure.html.add_child(frame, name=name)
        figure.script.add_child(Verbatim(f'var {name} = hetao.open("{name}");\n'), name=name)
        for child in self._children.values():
            child.render(**kwargs)
        return ""


class Page(Figure):
    """The HTML document around the map."""

    def __init__(self, data: payload.Payload) -> None:
        # folium's default notebook frame is 60 % as high as wide; the panel needs more.
        super().__init__(ratio="75%")
        self.data = data
        self.header = Element()
        self.header._parent = self

    def render(self, **kwargs: Any) -> str:
        """Return the document; the same map gives the same bytes."""
        parts = (self.header, self.html, self.script)
        before = [part._children.copy() for part in parts]
        try:
            for child in self._children.values():
                child.render(**kwargs)
            numbers = tree.numbering(self)
            return self._document(
                *(tree.renumber(part.render(**kwargs), numbers) for part in parts)
            )
        finally:
            # Rendering leaves its pieces behind, and a second one would add to them.
            for part, children in zip(parts, before, strict=True):
                part._children = children

    def _document(self, head: str, body: str, script: str) -> str:
        said = panel.build(self.data)
        extended = _is_extended(self)
        own = theme.scripts(extended=extended, basemaps=bool(self.data.basemaps))
        scripts = [theme.leaflet(), own, _lines(script)]
        sheet = theme.css(images=extended)
        policy = Policy(
            scripts=[digest(part) for part in (theme.EARLY, *scripts)],
            styles=[digest(sheet)],
            images=["data:", *map(origin, (*_basemap_urls(self.data), *tree.image_urls(self)))],
        )
        policy.allow_head(head)
        texts = Texts(self.data.language)
        return (
            _environment()
            .get_template("page.html")
            .render(
                language=self.data.language,
                languages=text.LANGUAGES,
                policy=policy.text(),
                early=Markup(theme.EARLY),
                sheet=Markup(sheet),
                head=Markup(head),
                map=Markup(body),
                scripts=[Markup(part) for part in scripts],
                data=Markup(payload.document(self.data, panel.unfitted(said.checks))),
                picture=picture.still(self.data),
                panel=said,
                t=texts.mark,
                say=texts.say,
                texts=lambda: Markup(payload.script_json(texts.table())),
            )
        )


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


def _lines(script: str) -> str:
    return script.replace("\r\n", "\n").replace("\r", "\n")


def _is_extended(figure: Page) -> bool:
    # Has somebody added folium elements of their own?
    return any(
        not isinstance(c, Overlay) for m in figure._children.values() for c in m._children.values()
    )


def _basemap_urls(data: payload.Payload) -> list[str]:
    return [url for basemap in data.basemaps for url in basemap.urls]


def build_map(
    language: str = "en",
    *,
    parks: str | os.PathLike[str] | None = None,
    assume: str | None = None,
    basemaps: Sequence[Basemap] = (),
) -> BorderMap:
    """Build the border map of the zone.

    Parameters
    ----------
    language : str
        The language shown first: ``en``, ``zh-Hans`` or ``zh-Hant``. The page has all three.
    parks : path, optional
        A file of polygons to draw in place of the parks; the page says so.
    assume : str, optional
        What the coordinates of that file are, such as ``gcj02``; see `hetao_geo.checking.read`.
    basemaps : sequence of Basemap
        Base maps that the reader of the page may choose, see `hetao_geo.webmap.basemap`; none is
        asked for before that.

    Returns
    -------
    BorderMap
        A `folium.Map`. Layers added to it are drawn above those of the zone; `save` writes one
        HTML file that needs no network (layers added to it may).

    Raises
    ------
    UsageError
        The language is none of the three.
    DataError
        A layer or the file cannot be read.
    PolygonsError
        The file has errors or holds no polygons.

    Examples
    --------
    >>> import folium
    >>> border_map = build_map("zh-Hant")
    >>> isinstance(border_map, folium.Map)
    True
    """
    text.check_language(language)
    if parks is None:
        return BorderMap(payload.zone(language, basemaps=basemaps))
    from hetao_geo.webmap import user_polygons

    found, away = user_polygons.read(parks, assume=assume)
    name = Path(parks).name
    return BorderMap(
        payload.zone(
            language, user_polygons=found, user_file=name, distance_km=away, basemaps=basemaps
        )
    )

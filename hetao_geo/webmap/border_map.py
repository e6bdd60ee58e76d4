"""The border map as a `folium.Map`: a thin layer over the page."""

from __future__ import annotations

import html
import os
import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import folium
from branca.element import CssLink, Div, Element, Figure, JavascriptLink
from folium.map import Layer

from hetao_geo import text
from hetao_geo.style import packaged
from hetao_geo.webmap import additions, page, payload, tree

if TYPE_CHECKING:
    from hetao_geo.checking import CheckedFile
    from hetao_geo.webmap.basemap import Basemap

# What a new figure holds; the page has its own.
_OWN_HEAD = "meta_http"


class Overlay(Layer):
    """One layer of the zone as a folium layer; the page itself draws it."""

    def __init__(self, layer: payload.Layer, name: str) -> None:
        super().__init__(name=name, overlay=True, control=True, show=layer.shown)
        self._name = f"Hetao_{layer.key}"
        self.layer = layer

    def render(self, **kwargs: Any) -> str:
        """Leave nothing with the figure: the page draws the layer."""
        return ""

    def _get_self_bounds(self) -> list[list[float | None]]:
        if self.layer.bounds is None:
            return [[None, None], [None, None]]
        west, south, east, north = self.layer.bounds
        return [[south, west], [north, east]]


class _Document:
    """Takes the place of a figure's template: the page is what the figure renders."""

    def __init__(self, border_map: BorderMap) -> None:
        self._map = border_map

    def render(self, this: Any, kwargs: dict[str, Any]) -> str:
        return self._map.document(this, kwargs)


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
        self.refused: tuple[str, ...] = ()
        # folium keeps these lists on the class; Leaflet is inside the page instead.
        self.default_js, self.default_css = [], []
        # folium's frame in a notebook is 60 % as high as wide; the panel needs more.
        figure: Any = self.get_root()
        figure.ratio = "75%"
        titles = text.labels("legend", data.language)
        for layer in data.layers:
            self.add_child(Overlay(layer, titles[layer.key]))

    def render(self, **kwargs: Any) -> str:
        """Render the map and what was added to it, as the document of its figure.

        In a figure with other maps or subplots, it takes a frame.
        """
        figure: Any = self.get_root()
        maps = [c for c in figure._children.values() if isinstance(c, (folium.Map, Figure))]
        if maps == [self] and not isinstance(figure, Div):
            figure._template = _Document(self)
            return ""
        vars(figure).pop("_template", None)
        document = html.escape(self.document(Figure(), kwargs))
        frame = f'<iframe srcdoc="{document}" style="{_FRAME}" allowfullscreen></iframe>'
        figure.html.add_child(_Verbatim(frame), name=self.get_name())
        return ""

    def save(self, outfile: Any, close_file: bool = True, **kwargs: Any) -> None:
        """Write the page as one HTML file.

        Parameters
        ----------
        outfile : path or file
            Where to write; a file must be open for bytes.
        close_file : bool
            Whether to close a file afterwards.

        Warns
        -----
        UserWarning
            Something was added that the policy of the page cannot allow, such as ``onclick``.
        """
        super().save(outfile, close_file=close_file, **kwargs)
        for reason in self.refused:
            warnings.warn(f"the page will not run {reason}", UserWarning, stacklevel=2)

    def document(self, figure: Any, kwargs: dict[str, Any]) -> str:
        """Return the page, with what was added to this map and to `figure`."""
        # Rendering leaves pieces with many elements, and a second one would add to them.
        before = [(e, e._children.copy()) for e in tree.elements(figure, set())]
        parent, self._parent = self._parent, figure
        try:
            added = self._additions(figure, kwargs)
        finally:
            self._parent = parent
            for element, children in before:
                element._children = children
        self.refused = added.refused
        return page.render(self.data, added)

    def _additions(self, figure: Any, kwargs: dict[str, Any]) -> additions.Additions:
        figure.header._children.pop(_OWN_HEAD, None)
        scripts = [[piece] for piece in figure.script._children.values()]
        for links, kind in ((self.default_js, JavascriptLink), (self.default_css, CssLink)):
            for name, url in links:
                figure.header.add_child(kind(url), name=name)
        # A layer control names all layers, also those that were added after it.
        for child in sorted(self._children.values(), key=_is_control):
            known = set(figure.script._children)
            child.render(**kwargs)
            scripts.append([p for n, p in figure.script._children.items() if n not in known])
        pieces = (*figure.header._children, *figure.html._children, *figure.script._children)
        if not pieces and all(isinstance(child, Overlay) for child in self._children.values()):
            return additions.NOTHING
        numbers = tree.Numbers(figure)

        def text_of(elements: Any) -> str:
            return numbers.apply("\n".join(e.render(**kwargs) for e in elements))

        head, body = (text_of(p._children.values()) for p in (figure.header, figure.html))
        texts = [numbers.apply(self._variables()), *map(text_of, scripts)]
        texts = [*texts, numbers.apply(self._in_front())]
        files = dict([*folium.Map.default_js, *folium.Map.default_css])
        ahead = additions.needed("\n".join((head, body, *texts)), files)
        return additions.collect(
            "\n".join((*ahead, head)), body, filter(str.strip, texts), tree.addresses(figure)
        )

    def _variables(self) -> str:
        # folium's own scripts know the map and its layers by these names.
        rows = [f"var {self.get_name()} = hetao.map;"]
        for child in self._children.values():
            if isinstance(child, Overlay):
                rows.append(f'var {child.get_name()} = hetao.groups["{child.layer.key}"];')
        return "\n".join(rows)

    def _in_front(self) -> str:
        calls = "".join(f"{o.get_name()}.bringToFront();" for o in self.objects_to_stay_in_front)
        if not calls:
            return ""
        name = self.get_name()
        return f'{name}.on("overlayadd", function () {{ {calls} }});\n{calls}'


class _Verbatim(Element):
    """A piece of the page as it stands; folium would compile it as a template."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self._markup = markup

    def render(self, **kwargs: Any) -> str:
        return self._markup


def _is_control(element: Element) -> bool:
    return isinstance(element, folium.LayerControl)


_FRAME = "width:100%;height:100%;min-height:480px;border:0"


def build_map(
    language: str = "en",
    *,
    parks: str | os.PathLike[str] | CheckedFile | None = None,
    assume: str | None = None,
    basemaps: Sequence[Basemap] = (),
    style: str | os.PathLike[str] | None = None,
    title: str | None = None,
    stated: str | None = None,
    unit: str | None = None,
) -> BorderMap:
    """Build the border map of the zone.

    Parameters
    ----------
    language : str
        The language shown first: ``en``, ``zh-Hans`` or ``zh-Hant``. The page has all three.
    parks : path, optional
        A file of polygons to draw in place of the parks, or what `hetao_geo.checking.read` gave
        of it; the page says so.
    assume : str, optional
        What the coordinates of that file are, such as ``gcj02``; see `hetao_geo.checking.read`.
    basemaps : sequence of Basemap
        Base maps that the reader of the page may choose, see `hetao_geo.webmap.basemap`; none is
        asked for before that.
    style : path, optional
        A TOML file with any part of the package's ``style.toml``: colours, widths and dashes that
        shall be others.
    title : str, optional
        The title of the page, in place of the zone's.
    stated, unit : str, optional
        Field of that file whose areas are checked on the page, and their unit; see
        `hetao_geo.verification.verify`.

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
        A layer or a file cannot be read, or the style has keys or values that no style has.
    PolygonsError
        The file has errors or holds no polygons.

    Examples
    --------
    >>> import folium
    >>> border_map = build_map("zh-Hant")
    >>> isinstance(border_map, folium.Map)
    True
    """
    language = text.check_language(language)
    sheet = packaged() if style is None else packaged().changed(style)
    data = _payload(language, parks, assume, basemaps, stated, unit)
    return BorderMap(replace(data, style=sheet, title=title))


def _payload(
    language: str,
    parks: str | os.PathLike[str] | CheckedFile | None,
    assume: str | None,
    basemaps: Sequence[Basemap],
    stated: str | None,
    unit: str | None,
) -> payload.Payload:
    if parks is None:
        return payload.zone(language, basemaps=basemaps)
    from hetao_geo.webmap import user_polygons

    user = user_polygons.read(parks, assume=assume, stated=stated, unit=unit)
    return payload.zone(language, user=user, basemaps=basemaps)

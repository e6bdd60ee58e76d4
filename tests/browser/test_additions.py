"""What people add with folium, in Chromium: each of these must be seen on the page."""

import base64
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import branca
import folium
import folium.plugins
import geopandas
import pytest
import shapely
from playwright.sync_api import Browser, Page

from hetao_geo.webmap import build_map

pytestmark = pytest.mark.browser

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
# The last part of an address -> where npm puts that file.
FILES = {
    "jquery-3.7.1.min.js": "jquery/dist/jquery.min.js",
    "jquery.min.js": "jquery/dist/jquery.min.js",
    "jquery-ui.js": "jquery-ui-dist/jquery-ui.js",
    "jquery-ui.min.js": "jquery-ui-dist/jquery-ui.min.js",
    "leaflet.markercluster.js": "leaflet.markercluster/dist/leaflet.markercluster.js",
    "MarkerCluster.css": "leaflet.markercluster/dist/MarkerCluster.css",
    "MarkerCluster.Default.css": "leaflet.markercluster/dist/MarkerCluster.Default.css",
    "leaflet.draw.js": "leaflet-draw/dist/leaflet.draw.js",
    "leaflet.draw.css": "leaflet-draw/dist/leaflet.draw.css",
    "Control.FullScreen.min.js": "leaflet.fullscreen/Control.FullScreen.js",
    "Control.FullScreen.css": "leaflet.fullscreen/Control.FullScreen.css",
    "icon-fullscreen.svg": "leaflet.fullscreen/icon-fullscreen.svg",
    "leaflet_heat.min.js": "leaflet.heat/dist/leaflet-heat.js",
    "iso8601.min.js": "iso8601-js-period/iso8601.js",
    "moment.min.js": "moment/min/moment.min.js",
    "leaflet.timedimension.min.js": "leaflet-timedimension/dist/leaflet.timedimension.min.js",
    "leaflet.timedimension.control.css": (
        "leaflet-timedimension/dist/leaflet.timedimension.control.css"
    ),
    "leaflet-measure.min.js": "leaflet-measure/dist/leaflet-measure.min.js",
    "leaflet-measure.min.css": "leaflet-measure/dist/leaflet-measure.css",
    "Control.MiniMap.js": "leaflet-minimap/dist/Control.MiniMap.min.js",
    "Control.MiniMap.css": "leaflet-minimap/dist/Control.MiniMap.min.css",
    "spritesheet.svg": "leaflet-draw/dist/images/spritesheet.svg",
    "d3.min.js": "d3/d3.min.js",
    "all.min.css": "@fortawesome/fontawesome-free/css/all.min.css",
    "fa-solid-900.woff2": "@fortawesome/fontawesome-free/webfonts/fa-solid-900.woff2",
}
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


def square(lon: float, lat: float, **properties) -> dict:
    ring = [[lon, lat], [lon + 0.004, lat], [lon + 0.004, lat + 0.004], [lon, lat + 0.004]]
    geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    return {"type": "Feature", "id": properties.get("id"), "properties": properties} | {
        "geometry": geometry
    }


def collection(*features: dict) -> dict:
    return {"type": "FeatureCollection", "features": list(features)}


def marker(at: tuple[float, float] = (22.52, 114.06), **options) -> folium.Marker:
    return folium.Marker(at, **options)


def popup(content) -> folium.Marker:
    return marker((22.512, 114.058), popup=folium.Popup(content, max_width=300, show=True))


def choropleth() -> folium.Choropleth:
    areas = collection(square(114.05, 22.51, id="a"), square(114.056, 22.51, id="b"))
    return folium.Choropleth(
        areas, data={"a": 1, "b": 2}, key_on="feature.id", legend_name="Density"
    )


def group() -> folium.FeatureGroup:
    made = folium.FeatureGroup(name="of mine")
    folium.CircleMarker((22.515, 114.07), radius=9, class_name="in-group").add_to(made)
    return made


def cluster() -> folium.plugins.MarkerCluster:
    made = folium.plugins.MarkerCluster()
    for step in range(9):
        marker((22.525 + step * 1e-5, 114.05)).add_to(made)
    return made


def times() -> folium.plugins.TimestampedGeoJson:
    point = {"type": "Point", "coordinates": [114.065, 22.52]}
    made = {"type": "Feature", "geometry": point, "properties": {"times": ["2024-01-01"]}}
    made["properties"] |= {"icon": "circle", "iconstyle": {"radius": 8}}
    return folium.plugins.TimestampedGeoJson(collection(made), auto_play=False)


def legend() -> branca.element.MacroElement:
    made = branca.element.MacroElement()
    made._template = branca.element.Template(
        "{% macro html(this, kwargs) %}"
        '<div id="macro" style="position: fixed; bottom: 60px; left: 90px; z-index: 9999; '
        'background: #ff0; padding: 4px">macro</div>{% endmacro %}'
    )
    return made


TABLE = (
    '<h4 style="color: #b00">Heading</h4><img src="https://images.example.org/a.png" width="40">'
    '<table border="1"><tr><td style="padding: 3px">cell</td></tr></table>'
)
IFRAME = '<p id="inside" style="color: rgb(0, 128, 0)">inside</p>'

# What is added -> selector of what must be seen of it.
ADDITIONS: dict[str, tuple[Callable, str]] = {
    "Marker": (lambda: marker(title="plain"), '[title=plain][src^="data:image/png"]'),
    "Icon": (
        lambda: marker(icon=folium.Icon("cadetblue", icon="cloud")),
        ".awesome-marker-icon-cadetblue",
    ),
    "Icon of Font Awesome": (
        lambda: marker(icon=folium.Icon("lightred", icon="star", prefix="fa")),
        ".awesome-marker-icon-lightred .fa-star",
    ),
    "DivIcon": (
        lambda: marker(icon=folium.DivIcon(html='<b style="color: rgb(1, 2, 3)">div</b>')),
        ".empty b",
    ),
    "CustomIcon": (
        lambda: marker(
            icon=folium.CustomIcon("https://icons.example.org/x.png", icon_size=(20, 20))
        ),
        'img[src="https://icons.example.org/x.png"]',
    ),
    "Popup": (lambda: popup(TABLE), '.leaflet-popup-content img[width="40"]'),
    "IFrame": (
        lambda: popup(branca.element.IFrame(IFRAME, width=200, height=80)),
        ".leaflet-popup-content iframe",
    ),
    "Tooltip": (
        lambda: marker(tooltip=folium.Tooltip("<i>tip</i>", permanent=True)),
        ".leaflet-tooltip",
    ),
    "GeoJson": (
        lambda: folium.GeoJson(
            collection(square(114.06, 22.51, name="s")),
            style_function=lambda feature: {"className": "mine"},
            tooltip=folium.GeoJsonTooltip(["name"]),
        ),
        "path.mine",
    ),
    "Choropleth": (choropleth, ".legend.leaflet-control svg .caption"),
    "FeatureGroup": (group, "path.in-group"),
    "LayerControl": (folium.LayerControl, ".leaflet-control-layers-toggle"),
    "VideoOverlay": (
        lambda: folium.raster_layers.VideoOverlay(
            "https://videos.example.org/a.webm", [[22.51, 114.05], [22.52, 114.06]]
        ),
        "video.leaflet-image-layer",
    ),
    "ImageOverlay": (
        lambda: folium.raster_layers.ImageOverlay(
            "https://images.example.org/b.png", [[22.51, 114.05], [22.52, 114.06]]
        ),
        'img.leaflet-image-layer[src="https://images.example.org/b.png"]',
    ),
    "TileLayer": (
        lambda: folium.TileLayer("https://{s}.tiles.example.org/{z}/{x}/{y}.png", attr="tiles"),
        'img.leaflet-tile-loaded[src*="tiles.example.org"]',
    ),
    "html macro": (legend, "#macro"),
    "MarkerCluster": (cluster, ".marker-cluster"),
    "Draw": (lambda: folium.plugins.Draw(), ".leaflet-draw-draw-polygon"),
    "Fullscreen": (folium.plugins.Fullscreen, ".leaflet-control-zoom-fullscreen"),
    "HeatMap": (
        lambda: folium.plugins.HeatMap([[22.52, 114.06]] * 9, radius=25),
        "canvas.leaflet-heatmap-layer",
    ),
    "TimestampedGeoJson": (times, ".leaflet-bar-timecontrol"),
    "MeasureControl": (lambda: folium.plugins.MeasureControl(), ".leaflet-control-measure-toggle"),
    "MiniMap": (
        lambda: folium.plugins.MiniMap(),
        ".leaflet-control-minimap img.leaflet-tile-loaded",
    ),
}


@pytest.fixture(scope="module")
def open_map(
    browser: Browser, node_modules: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Page]]:
    """Save a map, open it, and answer its requests from the packages of npm."""
    contexts = []

    def answer(route) -> None:
        name = route.request.url.partition("?")[0].rpartition("/")[2]
        headers = {"Access-Control-Allow-Origin": "*"}
        if name in FILES:
            headers["Content-Type"] = KINDS.get(Path(name).suffix, "font/woff2")
            route.fulfill(body=(node_modules / FILES[name]).read_bytes(), headers=headers)
        elif name.endswith(".png"):
            route.fulfill(body=PIXEL, headers=headers | {"Content-Type": "image/png"})
        else:
            route.abort()

    def opening(made, size: tuple[int, int] = (1280, 800), **options) -> Page:
        path = tmp_path_factory.mktemp("added") / "map.html"
        made.save(str(path))
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, **options)
        contexts.append(context)
        context.route(re.compile("^https?:"), answer)
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda message: complain(page, message))
        page.goto(path.as_uri())
        return page

    def complain(page: Page, message) -> None:
        # Files that npm has not (fonts, sprites) are answered by an error of the network.
        if message.type == "error" and "net::ERR_FAILED" not in message.text:
            page.complaints.append(message.text)

    yield opening
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def everything(open_map) -> Page:
    """The page with every addition at once."""
    border_map = build_map()
    for make, _ in ADDITIONS.values():
        make().add_to(border_map)
    return open_map(border_map)


def box_of(page: Page, selector: str) -> dict[str, float]:
    """The place of what must be seen, which must touch the map."""
    found = page.locator(selector).first
    found.wait_for(state="visible", timeout=5000)
    box, frame = found.bounding_box(), page.locator(".folium-map").first.bounding_box()
    assert box["width"] > 0 and box["height"] > 0
    assert frame["x"] < box["x"] + box["width"] and box["x"] < frame["x"] + frame["width"]
    return box


@pytest.mark.parametrize("name", ADDITIONS)
def test_it_is_drawn(everything: Page, name: str) -> None:
    box_of(everything, ADDITIONS[name][1])


def test_nothing_else_suffers(everything: Page) -> None:
    assert everything.complaints == []
    assert everything.locator("[data-feature=hong-kong-park]").count() == 1
    for image in everything.locator("img[src]").all():
        assert image.evaluate("i => i.naturalWidth > 0"), image.get_attribute("src")


def test_styles_of_the_author_hold(everything: Page) -> None:
    colour = "e => getComputedStyle(e).color"
    assert everything.locator(".empty b").evaluate(colour) == "rgb(1, 2, 3)"
    frame = next(f for f in everything.frames if f.url.startswith("data:"))
    assert frame.locator("#inside").evaluate(colour) == "rgb(0, 128, 0)"
    # Fixed by its author at the left of the window; it belongs to the map.
    stage = everything.locator(".folium-map").bounding_box()
    assert box_of(everything, "#macro")["x"] == pytest.approx(stage["x"] + 90)


ON_TOP = """(sign) => {
    const box = sign.getBoundingClientRect();
    return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === sign;
}"""


def test_every_colour_and_glyph_of_icons(open_map) -> None:
    border_map = build_map()
    for step, name in enumerate(sorted(folium.Icon.color_options)):
        icon = folium.Icon(name, icon="star" if step else "home", prefix="fa", icon_color="black")
        marker((22.51, 114.04 + step * 0.002), icon=icon).add_to(border_map)
    page = open_map(border_map)
    page.wait_for_function("document.fonts.check('900 14px \"Font Awesome 6 Free\"')")
    fill = "l => l.map(p => getComputedStyle(p).fill)"
    fills = page.locator(".awesome-marker path").evaluate_all(fill)
    assert len(set(fills)) == len(folium.Icon.color_options)
    signs = "l => l.map(i => getComputedStyle(i, '::before').content)"
    found = page.locator(".awesome-marker i").evaluate_all(signs)
    assert len(set(found)) == 2 and "none" not in found
    assert page.locator(".awesome-marker i").first.evaluate(ON_TOP)
    assert page.locator(".awesome-marker circle").count() == 0
    assert page.complaints == []


def test_pins_without_the_font_have_a_dot(show, tmp_path: Path) -> None:
    border_map = build_map()
    marker(icon=folium.Icon("red")).add_to(border_map)
    path = tmp_path / "map.html"
    border_map.save(str(path))
    page = show(path=path, strict=False)
    page.wait_for_timeout(100)
    assert page.locator(".awesome-marker circle").is_visible()


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_colour_bars_stay_in_the_window(open_map, size: tuple[int, int]) -> None:
    border_map = build_map()
    choropleth().add_to(border_map)
    page = open_map(border_map, size)
    bar = box_of(page, ".legend.leaflet-control svg")
    caption = box_of(page, ".legend.leaflet-control .caption")
    for box in (bar, caption):
        assert box["x"] >= 0 and box["x"] + box["width"] <= size[0]


@pytest.mark.parametrize(
    ("column", "seen"), [("value", ".legend.leaflet-control svg"), ("kind", ".maplegend")]
)
def test_explore_adds_to_the_map(open_map, column: str, seen: str) -> None:
    shapes = [shapely.box(114.05 + s / 100, 22.51, 114.055 + s / 100, 22.515) for s in (0, 1)]
    frame = geopandas.GeoDataFrame(
        {"value": [1.0, 2.0], "kind": ["a", "b"]}, geometry=shapes, crs="EPSG:4326"
    )
    border_map = build_map()
    frame.explore(column, m=border_map, style_kwds={"className": "explored"}, highlight=False)
    page = open_map(border_map)
    assert page.locator("path.leaflet-interactive").count() >= 2
    box = box_of(page, seen)
    assert box["x"] + box["width"] <= 1280
    assert page.complaints == []


def test_bounds_of_the_author_are_kept(open_map) -> None:
    border_map = build_map()
    border_map.fit_bounds([[22.3, 113.9], [22.6, 114.3]])
    page = open_map(border_map, reduced_motion="reduce")
    page.wait_for_timeout(200)
    inside = "hetao.map.getBounds().pad(1e-6).contains([[22.3, 113.9], [22.6, 114.3]])"
    assert page.evaluate(inside)
    page.set_viewport_size({"width": 1000, "height": 700})
    page.wait_for_timeout(300)
    assert page.evaluate("hetao.map.getBounds().contains([[22.35, 114.0], [22.55, 114.2]])")


def test_figure_of_the_author(open_map) -> None:
    figure = branca.element.Figure(width="700px", height="500px")
    figure.add_child(build_map())
    page = open_map(figure)
    assert page.locator("[data-feature=hong-kong-park]").count() == 1
    assert 'width="700px" height="500px"' in figure._repr_html_()


def test_two_maps_in_one_figure(open_map) -> None:
    figure = branca.element.Figure()
    for number in (1, 2):
        figure.add_subplot(1, 2, number).add_child(build_map())
    page = open_map(figure)
    for frame in page.frames[1:]:
        frame.wait_for_selector("[data-feature=hong-kong-park]")
    assert len(page.frames) == 3


def test_a_broken_layer_stops_no_other(open_map) -> None:
    border_map = build_map()
    for text in ("this is no script (", "nowhere.to.be.found();"):
        broken = branca.element.MacroElement()
        broken._template = branca.element.Template(
            "{% macro script(this, kwargs) %}" + text + "{% endmacro %}"
        )
        broken.add_to(border_map)
    marker(title="after").add_to(border_map)
    page = open_map(border_map)
    box_of(page, "[title=after]")
    assert page.locator("html.hz-live [data-feature=hong-kong-park]").count() == 1
    assert len(page.complaints) == 2


def test_what_cannot_be_allowed_is_said(tmp_path: Path) -> None:
    border_map = build_map()
    marker(popup='<button onclick="alert(1)">x</button>').add_to(border_map)
    with pytest.warns(UserWarning, match="the script in the attribute onclick of <button>"):
        border_map.save(str(tmp_path / "map.html"))


def test_additions_have_the_same_bytes_every_time() -> None:
    texts = []
    for _ in range(2):
        border_map = build_map()
        for make, _ in ADDITIONS.values():
            make().add_to(border_map)
        texts += [border_map.get_root().render(), border_map.get_root().render()]
    assert len(set(texts)) == 1

"""The printed figure: what stands on it at every width and in every language, and as what."""

import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, Point, Polygon, box

from hetao_geo import catalog, cli, style, text, verification
from hetao_geo.cartography.drawing import Shape, Text
from hetao_geo.catalog import Feature
from hetao_geo.errors import MissingExtraError, UsageError
from hetao_geo.figure import build_figure, fonts, layout, save_figure

pytest.importorskip("matplotlib", reason="the extra 'figure'")

from matplotlib import rc_context

from hetao_geo.figure.map_figure import settings

WIDTHS = (80, 85, 120, 170, 250, 400)
SIZES = [(language, width) for language in text.LANGUAGES for width in WIDTHS]
NAME = {"en": "name_en", "zh-Hans": "name_zh_hans", "zh-Hant": "name_zh_hant"}


@pytest.fixture(scope="module")
def figures():
    return {size: build_figure(language=size[0], width=size[1]) for size in SIZES}


def items(figure) -> list:
    return [i for section in figure.sheet.sections for i in (*section.items, *section.over)]


def shapes(figure) -> dict:
    return {i.name: i.geometry for i in items(figure) if isinstance(i, Shape) and i.name}


def texts(figure) -> list[Text]:
    return [item for item in items(figure) if isinstance(item, Text)]


def words(figure) -> list[str]:
    return [item.line for item in texts(figure)]


def area(figure, item: Text) -> Polygon:
    """The turned rectangle from the base line to the tops of the capitals."""
    wide = figure.fonts.width(item.line, item.how)
    start = {"left": 0.0, "center": -wide / 2, "right": -wide}[item.align]
    flat = box(start, 0.0, start + wide, 0.72 * item.how.size)
    turned = shapely.affinity.rotate(flat, item.angle, origin=(0, 0))
    return shapely.affinity.translate(turned, item.x, item.y)


def points_per_metre(figure) -> float:
    """From the drawn parks: their extent on paper against that in the grid, by another library."""
    from pyproj import Transformer

    park = next(f for f in catalog.features("parks") if f.id == "shenzhen-park")
    to_grid = Transformer.from_crs("EPSG:4326", "EPSG:2326", always_xy=True)
    east, _ = to_grid.transform(*shapely.get_coordinates(park.geometry).T)
    on_paper = shapely.get_coordinates(shapes(figure)["shenzhen-park"])[:, 0]
    return float(np.ptp(on_paper) / np.ptp(east))


@pytest.mark.parametrize("width", [85, 170])
def test_the_drawn_area_is_the_measured_one(figures, width) -> None:
    figure = figures["en", width]
    measured = {check.id: check.measured_km2 for check in verification.verify().checks}
    for park in ("shenzhen-park", "hong-kong-park"):
        km2 = shapes(figure)[park].area / points_per_metre(figure) ** 2 / 1e6
        assert km2 == pytest.approx(measured[park], rel=5e-4)


@pytest.mark.parametrize("width", WIDTHS)
def test_bar_and_ratio_say_the_true_scale(figures, width) -> None:
    figure = figures["en", width]
    at = {t.line: t.x for t in texts(figure) if t.role == "scale"}
    ratio = next(line for line in at if line.startswith("1:"))
    denominator = float(ratio.replace("\u00a0", "")[2:])
    assert denominator == pytest.approx(72 / 0.0254 / points_per_metre(figure), rel=1e-4)
    end = next(line for line in at if line.endswith("m"))
    metres = float(end.split()[0]) * (1000 if end.endswith("km") else 1)
    assert at[end] - at["0"] == pytest.approx(metres * points_per_metre(figure), rel=1e-3)


def test_degrees_stand_where_proj_puts_them(figures) -> None:
    from pyproj import Transformer

    figure = figures["en", 170]
    park = next(f for f in catalog.features("parks") if f.id == "hong-kong-park")
    to_grid = Transformer.from_crs("EPSG:4326", "EPSG:2326", always_xy=True)
    corner = shapely.get_coordinates(park.geometry)[0]
    here = shapely.get_coordinates(shapes(figure)["hong-kong-park"])[0]
    frame = shapes(figure)["frame"]
    x0, y0, _, _ = frame.bounds
    ticks = {t.line: t for t in texts(figure) if t.role == "tick"}
    east, north = to_grid.transform(*corner)
    south = north + (y0 - here[1]) / points_per_metre(figure)
    tick = east + (ticks["114.06° E"].x - here[0]) / points_per_metre(figure)
    assert to_grid.transform(tick, south, direction="INVERSE")[0] == pytest.approx(114.06, abs=2e-6)
    assert ticks["22.51° N"].x < x0


def test_judged_edges_are_dashed_and_firm_ones_are_not(figures) -> None:
    drawn = {i.name: i for i in items(figures["en", 170]) if isinstance(i, Shape) and i.name}
    for park in catalog.features("parks"):
        for kind in (True, False):
            sides = [s for s in park.properties["sides"] if s["inferred"] == kind]
            name = f"{park.id}-edge-{'inferred' if kind else 'firm'}"
            assert (name in drawn) == bool(sides)
            if sides:
                assert bool(drawn[name].dash) == kind
    assert drawn["shenzhen-park-edge-inferred"].dash and not drawn["shenzhen-park-edge-firm"].dash


def test_the_band_is_twice_as_wide_as_the_accuracy(figures) -> None:
    figure = figures["en", 170]
    drawn, per_metre = shapes(figure), points_per_metre(figure)
    loop = next(f for f in catalog.features("parks") if f.id == "hong-kong-park")
    (accuracy,) = {side["accuracy_m"] for side in loop.properties["sides"]}
    for number, share in ((0, 1.0), (1, 0.5)):
        rim = shapely.points(shapely.get_coordinates(drawn[f"hong-kong-park-band-{number}"]))
        far = shapely.distance(rim, drawn["hong-kong-park"].exterior) / per_metre
        assert far.max() == pytest.approx(share * accuracy, rel=0.02)


@pytest.mark.parametrize(("language", "width"), SIZES)
def test_what_must_be_named_is_named(figures, language, width) -> None:
    figure = figures[language, width]
    seen = re.sub(r"\s", "", "".join(words(figure)))
    figure_words, common = text.labels("figure", language), text.labels("common", language)
    needed = [figure_words["shenzhen"].upper(), figure_words["hong-kong"].upper()]
    needed += [common["shenzhen-park"], common["hong-kong-park"], figure_words["loop"]]
    needed += [part.properties[NAME[language]] for part in catalog.features("parts")]
    needed += [figure_words["river"], common["approximate"]]
    near = ("huanggang-port", "futian-port", "lok-ma-chau")
    crossings = [c for c in catalog.features("crossings") if c.id.startswith(near)]
    needed += [c.properties[NAME[language]] for c in crossings]
    for name in needed:
        assert re.sub(r"\s", "", name) in seen, name
    boundary = (figure_words["boundary"], common["boundary"])
    assert any(name in words(figure) for name in boundary)
    # Each part stands under the name of its park.
    lines = [t.line for t in texts(figure) if t.role == "park"]
    joined = re.sub(r"\s", "", "".join(lines))
    assert joined.count(re.sub(r"\s", "", common["shenzhen-park"])) == 2


@pytest.mark.parametrize(("language", "width"), SIZES)
def test_a_locator_is_on_every_figure(figures, language, width) -> None:
    figure = figures[language, width]
    drawn = shapes(figure)
    inside = [t.line for t in texts(figure) if drawn["locator"].contains(Point(t.x, t.y))]
    names = {f.id: f.properties[NAME[language]] for f in catalog.features("gba")}
    for place in ("hetao", "nansha", "qianhai", "hengqin", "hong-kong", "guangzhou"):
        assert names[place] in inside, place
    mark = drawn["map-frame"].centroid
    assert drawn["locator"].contains(mark)
    # Circles are true to area, one to the other.
    radius = {z: np.sqrt(drawn[z].area) for z in ("nansha", "qianhai", "hengqin")}
    assert radius["nansha"] / radius["hengqin"] == pytest.approx(np.sqrt(803 / 106), rel=0.01)


@pytest.mark.parametrize(("language", "width"), SIZES)
def test_no_two_texts_touch_and_none_leaves_the_sheet(figures, language, width) -> None:
    figure = figures[language, width]
    sheet = figure.sheet
    page = box(sheet.left, sheet.low, sheet.left + sheet.width, sheet.high)
    found = [(item.line, area(figure, item)) for item in texts(figure)]
    assert len(found) > 30
    for name, place in found:
        assert page.contains(place), name
    for (name, place), (other, second) in combinations(found, 2):
        assert not place.intersects(second), (name, other)


@pytest.mark.parametrize(("language", "width"), SIZES)
def test_no_name_stands_on_a_polygon_that_is_not_its_own(figures, language, width) -> None:
    figure = figures[language, width]
    drawn = shapes(figure)
    parts = {p.id: p for p in catalog.features("parts")}
    names = [t for t in texts(figure) if t.role not in ("", "tick", "table", "note", "notice")]
    home = {f.id: f for key in ("crossings", "places") for f in catalog.features(key)}
    for park in ("shenzhen-park", "hong-kong-park"):
        own = {drawn_text for p in parts.values() for drawn_text in p.properties[NAME[language]]}
        for item in names:
            if item.role in ("park", "badge") or not area(figure, item).intersects(drawn[park]):
                continue
            # A crossing or a place may be named on the park that it lies in.
            feature = next(
                (f for f in home.values() if item.line in f.properties[NAME[language]]), None
            )
            assert feature is not None, (item.line, park)
            shape = next(f for f in catalog.features("parks") if f.id == park).geometry
            assert shape.contains(feature.geometry), (item.line, park)
        assert own


@pytest.mark.parametrize(("language", "width"), SIZES)
def test_names_of_roads_stand_beside_their_roads(figures, language, width) -> None:
    figure = figures[language, width]
    pixel = figure.pixel
    roads = {f.properties[NAME[language]]: f.id for f in catalog.features("roads")}
    seen = 0
    for item in texts(figure):
        if item.role not in ("road", "limit-road") or item.line not in roads:
            continue
        casing = f"{roads[item.line]}-casing"
        line = shapely.union_all(
            [i.geometry for i in items(figure) if isinstance(i, Shape) and i.name == casing]
        )
        gap = area(figure, item).distance(line)
        half = next(i.width / 2 for i in items(figure) if isinstance(i, Shape) and i.name == casing)
        assert (half - 0.5) * pixel < gap < (max(9, half + 5) + 6) * pixel, (item.line, gap / pixel)
        seen += 1
    assert seen >= 2


@pytest.mark.parametrize(("language", "width"), SIZES)
def test_no_name_stands_on_the_boundary(figures, language, width) -> None:
    figure = figures[language, width]
    line = shapes(figure)["boundary"]
    frame = shapes(figure)["frame"]
    for item in texts(figure):
        if item.role in ("scale", "badge") or not frame.contains(Point(item.x, item.y)):
            continue
        if shapes(figure)["locator"].contains(Point(item.x, item.y)):
            continue
        assert not area(figure, item).intersects(line), item.line


@pytest.mark.parametrize(("language", "width"), SIZES)
def test_no_type_is_smaller_than_six_points(figures, language, width, tmp_path) -> None:
    pymupdf = pytest.importorskip("pymupdf")
    path = tmp_path / "a.pdf"
    with settings():
        figures[language, width].savefig(path)
    with pymupdf.open(path) as document:
        blocks = document[0].get_text("dict")["blocks"]
        sizes = [s["size"] for b in blocks for line in b.get("lines", []) for s in line["spans"]]
        across = document[0].rect.width / 72 * 25.4
    assert min(sizes) > 5.99
    assert across == pytest.approx(width, abs=0.1)


def read_by_all(path: Path, need_tool) -> dict[str, set[str]]:
    pymupdf, pdfium = pytest.importorskip("pymupdf"), pytest.importorskip("pypdfium2")
    tool = need_tool("pdftotext", package="poppler-utils")
    poppler = subprocess.run([tool, "-raw", str(path), "-"], capture_output=True, check=True)
    with pymupdf.open(path) as document:
        mupdf = document[0].get_text()
    chrome = pdfium.PdfDocument(path)
    try:
        third = chrome[0].get_textpage().get_text_range()
    finally:
        chrome.close()
    rows = {"mupdf": mupdf, "poppler": poppler.stdout.decode(), "pdfium": third}
    return {name: set(found.split()) for name, found in rows.items()}


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_three_readers_find_the_same_words(tmp_path, need_tool, language) -> None:
    path = save_figure(tmp_path / "a.pdf", language=language)
    found = read_by_all(path, need_tool)
    assert found["mupdf"] == found["poppler"] == found["pdfium"]
    figure = build_figure(language=language)
    wanted = {piece for line in words(figure) for piece in line.split()}
    assert wanted <= found["mupdf"], wanted - found["mupdf"]


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_three_readers_draw_the_same_picture(tmp_path, need_tool, language) -> None:
    from PIL import Image

    pymupdf, pdfium = pytest.importorskip("pymupdf"), pytest.importorskip("pypdfium2")
    tool = need_tool("pdftoppm", package="poppler-utils")
    path = save_figure(tmp_path / "a.pdf", language=language, width=120)
    command = [tool, "-r", "200", "-singlefile", "-png", str(path), str(tmp_path / "poppler")]
    subprocess.run(command, check=True)
    with pymupdf.open(path) as document:
        document[0].get_pixmap(dpi=200).save(tmp_path / "mupdf.png")
    chrome = pdfium.PdfDocument(path)
    chrome[0].render(scale=200 / 72).to_pil().save(tmp_path / "pdfium.png")
    chrome.close()
    save_figure(tmp_path / "ours.png", language=language, width=120, dpi=200)
    other = next(code for code in text.LANGUAGES if code != language)
    save_figure(tmp_path / "other.png", language=other, width=120, dpi=200)
    pictures = {}
    for name in ("poppler", "mupdf", "pdfium", "ours", "other"):
        with Image.open(tmp_path / f"{name}.png") as image:
            # An eighth of the size: how each reader smooths a hairline is its own affair.
            small = image.convert("L").resize((944, 880)).reduce(8)
            pictures[name] = np.asarray(small, dtype=float).ravel()
    different = pictures.pop("other")
    for one, another in combinations(pictures.values(), 2):
        assert np.corrcoef(one, another)[0, 1] > 0.97
    # The measure sees a difference: another language is another picture.
    assert np.corrcoef(pictures["ours"], different)[0, 1] < 0.85


def test_a_pdf_embeds_its_fonts_as_what_they_are(tmp_path) -> None:
    pikepdf = pytest.importorskip("pikepdf")
    from fontTools.ttLib import TTFont

    path = save_figure(tmp_path / "a.pdf", language="zh-Hans", width=120)
    kinds = set()
    with pikepdf.open(path) as pdf:
        for font in pdf.pages[0].Resources.Font.values():
            (inner,) = font.DescendantFonts
            kinds.add(str(inner.Subtype))
            data = tmp_path / "font.ttf"
            data.write_bytes(inner.FontDescriptor.FontFile2.read_bytes())
            assert "/ToUnicode" in font
            with TTFont(data) as embedded:
                assert "glyf" in embedded and "CFF " not in embedded
    assert kinds == {"/CIDFontType2"}


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_a_pdf_is_tagged_with_title_language_and_alternative_text(tmp_path, language) -> None:
    pikepdf = pytest.importorskip("pikepdf")
    path = save_figure(tmp_path / "a.pdf", language=language, width=170)
    with pikepdf.open(path) as pdf:
        assert str(pdf.Root.Lang) == language
        assert bool(pdf.Root.MarkInfo.Marked) and bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.docinfo["/Title"]) == text.labels("figure", language)["title"]
        elements = list(pdf.Root.StructTreeRoot.K.K)
        tags = [str(element.S) for element in elements]
        assert tags == ["/Figure", "/Figure", "/P"]
        assert str(elements[0].Alt) == text.labels("figure", language)["alt"]
        marks = [
            (str(operands[0]), int(operands[1]["/MCID"]))
            for operands, operator in pikepdf.parse_content_stream(pdf.pages[0])
            if str(operator) == "BDC" and "/MCID" in operands[1]
        ]
        assert marks == [(tag, number) for number, tag in enumerate(tags)]
        operators = [str(o) for _, o in pikepdf.parse_content_stream(pdf.pages[0])]
        assert operators.count("BDC") == operators.count("EMC")
        assert operators.count("q") == operators.count("Q")


def test_an_svg_keeps_text_as_text_or_as_outlines(tmp_path) -> None:
    from xml.etree import ElementTree as Tree

    space = "{http://www.w3.org/2000/svg}"
    figure = build_figure(language="zh-Hant", width=120)
    path = save_figure(tmp_path / "a.svg", language="zh-Hant", width=120)
    root = Tree.parse(path).getroot()
    assert [t.text for t in root.iter(f"{space}text")] == words(figure)
    assert figure.fonts.face.family in root.get("font-family")
    assert root.find(f"{space}title").text == text.labels("figure", "zh-Hant")["title"]
    assert root.get("width").endswith("pt")
    outlined = save_figure(tmp_path / "b.svg", language="zh-Hant", width=120, outlines=True)
    letters = Tree.parse(outlined).getroot()
    assert not list(letters.iter(f"{space}text"))
    assert len(list(letters.iter(f"{space}path"))) > len(list(root.iter(f"{space}path")))


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_the_same_bytes_whatever_the_reader_has_set(tmp_path, suffix) -> None:
    once = save_figure(tmp_path / f"a.{suffix}", width=85, dpi=100, language="zh-Hant")
    with rc_context({"font.size": 30, "svg.fonttype": "none", "lines.scale_dashes": False}):
        again = save_figure(tmp_path / f"b.{suffix}", width=85, dpi=100, language="zh-Hant")
    assert once.read_bytes() == again.read_bytes()
    assert str(tmp_path).encode() not in once.read_bytes()


def test_a_fresh_process_gives_the_same_bytes_without_pyplot(tmp_path) -> None:
    here = save_figure(tmp_path / "a.pdf", width=85)
    script = (
        "import sys; from hetao_geo import save_figure; save_figure(sys.argv[1], width=85); "
        "assert 'matplotlib.pyplot' not in sys.modules; assert 'geopandas' not in sys.modules"
    )
    target = tmp_path / "b.pdf"
    run = subprocess.run([sys.executable, "-c", script, str(target)], capture_output=True)
    assert run.returncode == 0 and run.stderr == b"", run.stderr
    assert here.read_bytes() == target.read_bytes()


@pytest.mark.parametrize("size", [(1080, 1350), (1920, 1080), (800, 600)])
def test_a_picture_for_a_screen_has_the_pixels_that_are_asked_for(tmp_path, size) -> None:
    from PIL import Image

    path = save_figure(tmp_path / "a.png", size=f"{size[0]}x{size[1]}")
    with Image.open(path) as image:
        assert image.size == size


def test_the_sheet_is_as_wide_as_asked(tmp_path) -> None:
    from PIL import Image

    svg = save_figure(tmp_path / "a.svg", width="10cm").read_text(encoding="utf-8")
    assert float(re.search(r'width="([\d.]+)pt"', svg)[1]) == pytest.approx(100 / 25.4 * 72, 1e-4)
    with Image.open(save_figure(tmp_path / "a.png", width="4in", dpi=150)) as image:
        assert image.width == 600
        assert image.info["dpi"][0] == pytest.approx(150, 1e-3)


def test_a_plain_figure_has_neither_graticule_nor_table() -> None:
    plain, full = build_figure(plain=True), build_figure()
    for role in ("tick", "table"):
        assert not [t for t in texts(plain) if t.role == role]
        assert [t for t in texts(full) if t.role == role]
    assert "cross" not in {i.role for i in items(plain)}
    assert text.labels("common", "en")["approximate"] in words(plain)


def test_a_place_is_drawn_at_a_scale_of_its_own(figures) -> None:
    figure = build_figure(place="hong-kong-park")
    frame, park = shapes(figure)["frame"], shapes(figure)["hong-kong-park"]
    assert frame.contains(park)
    assert points_per_metre(figure) > 1.8 * points_per_metre(figures["en", 170])
    degrees = [t.line for t in texts(figure) if t.role == "tick"]
    assert len(degrees) == len(set(degrees)) > 4


def test_polygons_of_a_file_stand_in_place_of_the_parks(tmp_path) -> None:
    path = tmp_path / "mine.geojson"
    ring = [[114.05, 22.515], [114.06, 22.515], [114.06, 22.522], [114.05, 22.515]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"name": "Plot"}, "geometry": geometry}
    import json

    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    target = tmp_path / "a.svg"
    assert cli.main(["figure", "--parks", str(path), "-o", str(target)]) == 0
    found = target.read_text(encoding="utf-8")
    assert ">Plot<" in found and "mine.geojson" in found
    assert "Shenzhen Park" not in found.partition("</desc>")[2]


def test_polygons_far_away_are_drawn_without_the_zone() -> None:
    names = dict.fromkeys(NAME.values(), "Zürich")
    square = Polygon([(8.53, 47.37), (8.55, 47.37), (8.55, 47.38), (8.53, 47.38)])
    properties = {**names, "role": "own-polygon", "accuracy_m": 20.0, "source": "z.geojson"}
    figure = build_figure(polygons=[Feature("own-1", square, properties)], width=120)
    assert "Zürich" in words(figure)
    assert not {"SHENZHEN", "HONG KONG", "Shenzhen River"} & set(words(figure))
    drawn = shapes(figure)["own-1"]
    x0, y0, x1, y1 = drawn.bounds
    # 0.02 degrees of longitude against 0.01 of latitude, on the ellipsoid there.
    assert (x1 - x0) / (y1 - y0) == pytest.approx(2 * 0.6787, rel=0.01)


def test_a_notebook_shows_the_figure() -> None:
    assert build_figure(width=80)._repr_png_().startswith(b"\x89PNG")


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


# Linear RGB as it is seen without one kind of cone: Viénot, Brettel and Mollon 1999 for red and
# green; grey is the luminance.
SIGHT = {
    "grey": [[0.2126, 0.7152, 0.0722]] * 3,
    "protanopia": [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
    "deuteranopia": [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
}


@pytest.mark.parametrize("sight", SIGHT)
def test_the_parks_are_told_apart_without_colour(tmp_path, figures, sight) -> None:
    from PIL import Image

    figure = figures["en", 170]
    with Image.open(save_figure(tmp_path / "a.png", dpi=200)) as image:
        pixels = np.asarray(image.convert("RGB"), dtype=float) / 255
    linear = np.where(pixels <= 0.04045, pixels / 12.92, ((pixels + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ np.array(SIGHT[sight]).T, 0, 1)
    light = seen @ np.array([0.2126, 0.7152, 0.0722])
    inner = {}
    for park in ("shenzhen-park", "hong-kong-park"):
        shape = shapes(figure)[park].buffer(-8)
        shape = shape.difference(
            shapely.union_all([area(figure, t).buffer(3) for t in texts(figure)])
        )
        rows, columns = np.mgrid[0 : light.shape[0] : 3, 0 : light.shape[1] : 3]
        x = figure.sheet.left + columns * 72 / 200
        y = figure.sheet.high - rows * 72 / 200
        inside = shapely.contains_xy(shape, x, y)
        inner[park] = light[rows[inside], columns[inside]]
    # A darker tone: more than the 1.1 that the eye sees side by side. And a texture.
    median = {park: np.median(values) for park, values in inner.items()}
    ratio = (median["shenzhen-park"] + 0.05) / (median["hong-kong-park"] + 0.05)
    assert ratio > 1.2
    spread = {park: np.percentile(v, 75) - np.percentile(v, 5) for park, v in inner.items()}
    assert spread["shenzhen-park"] > 4 * spread["hong-kong-park"] + 0.03


def test_letters_stand_out_from_what_is_below_them(figures) -> None:
    for item in texts(figures["en", 170]):
        under = item.halo or "#ffffff"
        light, dark = sorted((luminance(item.how.colour), luminance(under)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, item.line


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_chinese_is_set_as_chinese(figures, language) -> None:
    figure = figures[language, 170]
    for item in texts(figure):
        if re.search("[\u4e00-\u9fff]", item.line):
            assert not item.how.italic and item.how.spacing <= 0.1, item.line
            assert "km²" not in item.line
    joined = "".join(words(figure))
    # No space between Chinese and Latin or digits, as on the page.
    assert not re.search("[\u4e00-\u9fff] [0-9A-Za-z]", joined.replace("图上 ", ""))


def noto(region: str) -> fonts.Face:
    face = fonts._installed((f"Noto Sans CJK {region}",))
    if face is None:
        raise pytest.skip.Exception("needs Noto Sans CJK (Debian package fonts-noto-cjk)")
    return face


def test_each_script_takes_its_own_face_of_a_collection() -> None:
    from matplotlib.font_manager import FontProperties, get_font
    from matplotlib.textpath import TextPath

    noto("SC")
    chosen = {code: fonts.choose(code, "骨直香") for code in ("zh-Hans", "zh-Hant")}
    assert chosen["zh-Hans"].family == "Noto Sans CJK SC"
    assert chosen["zh-Hant"].family == "Noto Sans CJK HK"
    outlines = []
    for face in chosen.values():
        assert get_font(face.regular).family_name == face.family
        assert "Bold" in get_font(face.bold).style_name
        outlines.append(TextPath((0, 0), "骨", prop=FontProperties(fname=face.regular)).vertices)
    assert outlines[0].shape != outlines[1].shape or not np.allclose(*outlines)


def test_a_small_font_has_the_outlines_and_widths_of_the_large_one() -> None:
    from fontTools.pens.areaPen import AreaPen
    from fontTools.ttLib import TTFont

    from hetao_geo.cartography.typesetting import Type
    from hetao_geo.figure.truetype import FontSet

    face = noto("SC")
    small = FontSet(face, "Ag深“", latin_quotes=True)
    how = Type(10, "#000000")
    with (
        TTFont(str(small.path(how))) as made,
        TTFont(face.regular, fontNumber=face.regular.face_index) as whole,
    ):
        for letter in "Ag深":
            areas = []
            for font in (made, whole):
                glyphs = font.getGlyphSet()
                pen = AreaPen(glyphs)
                glyphs[font.getBestCmap()[ord(letter)]].draw(pen)
                areas.append(abs(pen.value))
            assert areas[0] == pytest.approx(areas[1], rel=0.002)
            advance = whole["hmtx"][whole.getBestCmap()[ord(letter)]][0] / 1000
            assert small.width(letter, how) == pytest.approx(10 * advance)
        # English quotes are never as wide as a Chinese character.
        assert small.width("“", how) < 6


def test_a_font_without_chinese_is_refused_with_one_to_install(tmp_path, capsys) -> None:
    target = tmp_path / "a.png"
    args = ["figure", "--language", "zh-Hans", "--font", "DejaVu Sans", "-o", str(target)]
    assert cli.main(args) == 2
    error = capsys.readouterr().err
    assert "lacks" in error and "fonts-noto-cjk" in error and error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_no_installed_font_names_one_to_install(monkeypatch) -> None:
    monkeypatch.setattr(style, "fonts", lambda language: ("No Such Sans",))
    with pytest.raises(UsageError, match="fonts-noto-cjk"):
        build_figure(language="zh-Hant")


def test_english_needs_no_font_but_matplotlibs_own(monkeypatch) -> None:
    monkeypatch.setattr(style, "fonts", lambda language: ("DejaVu Sans",))
    assert "Approximate, not a legal boundary" in words(build_figure(width=170))


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["--language", "fr"], "unknown language"),
        (["--width", "0mm"], "unusable width"),
        (["--width", "79mm"], "80mm to 1189mm"),
        (["--width", "nan"], "unusable width"),
        (["--width", "170furlongs"], "unusable width"),
        (["--width", "-170mm"], "unusable width"),
        (["--width", "1e9mm"], "unusable width"),
        (["--dpi", "0"], "unusable resolution"),
        (["--dpi", "nan"], "unusable resolution"),
        (["--dpi", "2400", "--width", "1000mm"], "100 million pixels"),
        (["--font", "No Such Sans"], "no such font"),
        (["--size", "10x10"], "unusable size"),
        (["--size", "4000x500"], "unusable size"),
        (["--size", "big"], "unusable size"),
        (["--place", "atlantis"], "hong-kong-park"),
        (["--parks", "none.geojson"], "none.geojson"),
    ],
)
def test_bad_input_is_one_sentence_and_writes_nothing(tmp_path, capsys, args, word) -> None:
    flags = [f"{args[n]}={args[n + 1]}" for n in range(0, len(args), 2)]
    assert cli.main(["figure", "-o", str(tmp_path / "a.png"), *flags]) == 2
    error = capsys.readouterr().err
    assert word in error and error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.gif", "a", "none/a.png", ""])
def test_an_output_that_cannot_be_is_refused(tmp_path, capsys, name) -> None:
    assert cli.main(["figure", "-o", str(tmp_path / name)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("state", ["missing", "old"])
def test_without_matplotlib_the_extra_is_named(monkeypatch, tmp_path, state) -> None:
    import matplotlib

    if state == "missing":
        monkeypatch.setitem(sys.modules, "matplotlib", None)
    else:
        monkeypatch.setattr(matplotlib, "__version_info__", (3, 9, 4))
    with pytest.raises(MissingExtraError, match=r"hetao_geo\[figure\]"):
        save_figure(tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []


def test_text_is_never_read_as_formulas() -> None:
    names = dict.fromkeys(NAME.values(), "$a_1$")
    square = Polygon([(114.05, 22.51), (114.07, 22.51), (114.07, 22.52), (114.05, 22.52)])
    properties = {**names, "role": "own-polygon", "accuracy_m": 0.0, "source": "z.geojson"}
    figure = build_figure(polygons=[Feature("own-1", square, properties)], width=120)
    assert "$a_1$" in words(figure)
    from matplotlib.text import Text as Line

    lines = figure.findobj(Line)
    assert "$a_1$" in [line.get_text() for line in lines]
    assert not any(line.get_parse_math() for line in lines if line.get_text() == "$a_1$")


def test_lengths_in_three_units_are_one() -> None:
    assert layout.millimetres("170mm") == layout.millimetres("17 cm") == layout.millimetres(170)
    assert layout.millimetres("5in") == pytest.approx(127)


def test_roads_fade_where_only_the_data_end() -> None:
    from hetao_geo.cartography import curves

    line = LineString([(0, 0), (100, 0)])
    pieces = curves.faded(line, ["end"], 40)
    assert sum(piece.length for piece, _ in pieces) == pytest.approx(100)
    by_end = sorted(pieces, key=lambda row: row[0].bounds[0])
    opacity = [value for _, value in by_end]
    assert opacity[0] == 1 and opacity == sorted(opacity, reverse=True) and opacity[-1] < 0.1

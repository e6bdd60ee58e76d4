"""The printed figure: scale, edges, labels and type; the same input gives the same bytes."""

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import Polygon, box

from hetao_geo import catalog, cli, style, text, verification
from hetao_geo.errors import MissingExtraError, UsageError
from hetao_geo.figure import build_figure, fonts, layout, placement, save_figure
from hetao_geo.figure.typesetting import Block, Type, wrap

pytest.importorskip("matplotlib", reason="the extra 'figure'")

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg


@pytest.fixture(scope="module")
def figures():
    sizes = [(language, width) for language in text.LANGUAGES for width in (85, 170)]
    return {size: build_figure(language=size[0], width=size[1]) for size in sizes}


def patches(figure) -> dict:
    return {patch.get_gid(): patch for patch in figure.axes[0].patches if patch.get_gid()}


def points(patch) -> np.ndarray:
    return patch.get_path().vertices


def words(figure) -> list[str]:
    return [t.get_text() for t in figure.axes[0].texts]


def points_per_metre(figure) -> float:
    """Measured on the layout: the distance between two labels of the grid."""
    ticks = {t.get_text(): t.get_position()[0] for t in figure.axes[0].texts}
    return (ticks["826,000 E"] - ticks["822,000 E"]) / 4000


@pytest.mark.parametrize("width", [85, 170])
def test_the_drawn_area_is_the_measured_one(figures, width) -> None:
    figure = figures["en", width]
    measured = {check.id: check.measured_km2 for check in verification.verify().checks}
    for park in ("shenzhen-park", "hong-kong-park"):
        on_paper = Polygon(points(patches(figure)[park])).area
        km2 = on_paper / points_per_metre(figure) ** 2 / 1e6
        assert km2 == pytest.approx(measured[park], rel=5e-4)


def test_the_scale_bar_is_as_long_as_it_says(figures) -> None:
    figure = figures["en", 170]
    at = {t.get_text(): t.get_position() for t in figure.axes[0].texts}
    bar = at["1 km"][0] - at["0"][0]
    assert bar == pytest.approx(1000 * points_per_metre(figure), rel=1e-3)
    assert at["500 m"][0] - at["0"][0] == pytest.approx(bar / 2, rel=1e-3)


def test_ticks_in_degrees_stand_where_proj_puts_them(figures) -> None:
    from pyproj import Transformer

    figure = figures["en", 170]
    frame = points(patches(figure)["frame"])
    per_metre = points_per_metre(figure)
    at = {t.get_text(): t.get_position() for t in figure.axes[0].texts}
    northing = 843000 + (frame[:, 1].max() - at["843,000 N"][1]) / per_metre
    easting = 824000 + (at["114.06° E"][0] - at["824,000 E"][0]) / per_metre
    inverse = Transformer.from_crs("EPSG:2326", "EPSG:4326", always_xy=True)
    # A thousandth of a point of rounding on paper is 4 cm on the ground, 4e-7 degrees.
    assert inverse.transform(easting, northing)[0] == pytest.approx(114.06, abs=2e-6)


def test_inferred_sides_are_dashed_and_the_others_are_not(figures) -> None:
    drawn = patches(figures["en", 170])
    kinds = set()
    for park in catalog.features("parks"):
        for number, side in enumerate(park.properties["sides"]):
            line = drawn[f"{park.id}-side-{number}"]
            assert (line.get_linestyle() != "solid") == side["inferred"], side
            kinds.add(side["inferred"])
    assert kinds == {True, False}


def test_the_band_reaches_as_far_as_an_edge_is_uncertain(figures) -> None:
    figure = figures["en", 170]
    drawn, per_metre = patches(figure), points_per_metre(figure)
    loop = next(f for f in catalog.features("parks") if f.id == "hong-kong-park")
    accuracy = {side["accuracy_m"] for side in loop.properties["sides"]}
    assert len(accuracy) == 1
    edge = shapely.LineString(points(drawn["hong-kong-park"]))
    rim = shapely.MultiPoint(points(drawn["hong-kong-park-uncertainty"]))
    far = shapely.distance(shapely.get_parts(rim), edge) / per_metre
    assert far.max() == pytest.approx(accuracy.pop(), rel=0.02)


@pytest.mark.parametrize("width", [85, 170])
@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_area_and_crossing_is_named(figures, language, width) -> None:
    figure = figures[language, width]
    seen = "".join(words(figure)).replace(" ", "")
    key = {"en": "name_en", "zh-Hans": "name_zh_hans", "zh-Hant": "name_zh_hant"}[language]
    near = ("huanggang-port", "futian-port", "lok-ma-chau")
    for feature in [*catalog.features("parts"), *catalog.features("crossings")]:
        if feature.properties["role"] == "part" or feature.id.startswith(near):
            assert feature.properties[key].replace(" ", "") in seen
    common = text.labels("common", language)
    assert common["approximate"] in words(figure)
    assert "3.02–3.49" in "".join(words(figure))


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_the_inset_names_every_city_and_zone(figures, language) -> None:
    figure = figures[language, 170]
    inset = box(*shapely.LineString(points(patches(figure)["locator"])).bounds)
    texts = figure.axes[0].texts
    inside = {t.get_text() for t in texts if inset.contains(shapely.Point(t.get_position()))}
    key = {"en": "name_en", "zh-Hans": "name_zh_hans", "zh-Hant": "name_zh_hant"}[language]
    names = {place.properties[key] for place in catalog.features("gba")}
    assert len(names) == 15
    assert names <= inside


@pytest.mark.parametrize("width", [85, 170])
@pytest.mark.parametrize("language", text.LANGUAGES)
def test_no_text_touches_another_or_leaves_the_sheet(figures, language, width) -> None:
    figure = figures[language, width]
    figure.set_dpi(300)
    canvas = FigureCanvasAgg(figure)
    with rc_context({"text.hinting": "none"}):
        canvas.draw()
    page = box(*figure.bbox.extents)
    found = {}
    for t in figure.axes[0].texts:
        # A turned line's upright extent says nothing of it; halos repeat their line.
        if t.get_rotation() % 360 == 0:
            with rc_context({"text.hinting": "none"}):
                x0, y0, x1, y1 = t.get_window_extent(canvas.get_renderer()).extents
            trim = 0.12 * (y1 - y0)
            found[t.get_text(), t.get_position()] = box(x0, y0 + trim, x1, y1 - trim)
    rows = list(found.items())
    assert len(rows) > 30
    for number, (name, area) in enumerate(rows):
        assert page.contains(area), name
        for other, second in rows[number + 1 :]:
            assert not area.intersects(second), (name, other)


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
    subprocess.run([sys.executable, "-c", script, str(target)], check=True)
    assert here.read_bytes() == target.read_bytes()


def test_the_sheet_is_as_wide_as_asked(tmp_path) -> None:
    from PIL import Image

    svg = save_figure(tmp_path / "a.svg", width="10cm").read_text(encoding="utf-8")
    assert float(re.search(r'width="([\d.]+)pt"', svg)[1]) == pytest.approx(100 / 25.4 * 72, 1e-4)
    with Image.open(save_figure(tmp_path / "a.png", width="4in", dpi=150)) as image:
        assert image.width == 600
        assert image.info["dpi"][0] == pytest.approx(150, 1e-3)


def test_the_text_of_a_pdf_can_be_read(tmp_path, need_tool) -> None:
    tool = need_tool("pdftotext", package="poppler-utils")
    path = save_figure(tmp_path / "a.pdf", language="zh-Hant")
    found = subprocess.run([tool, str(path), "-"], capture_output=True, check=True).stdout.decode()
    for line in ("香港園區", "落馬洲管制站", "示意圖，不是法定界線", "826,000 E"):
        assert line in found.replace("\n", "") or line in found


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
    shapes = []
    for face in chosen.values():
        assert get_font(face.regular).family_name == face.family
        assert "Bold" in get_font(face.bold).style_name
        shapes.append(TextPath((0, 0), "骨", prop=FontProperties(fname=face.regular)).vertices)
    assert shapes[0].shape != shapes[1].shape or not np.allclose(*shapes)


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
    assert "The Hetao zone: one river, two parks" in words(build_figure(width=170))


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["--language", "fr"], "unknown language"),
        (["--width", "0mm"], "unusable width"),
        (["--width", "nan"], "unusable width"),
        (["--width", "170furlongs"], "unusable width"),
        (["--width", "-170mm"], "unusable width"),
        (["--width", "1e9mm"], "unusable width"),
        (["--dpi", "0"], "unusable resolution"),
        (["--dpi", "nan"], "unusable resolution"),
        (["--dpi", "2400", "--width", "1000mm"], "100 million pixels"),
        (["--font", "No Such Sans"], "no such font"),
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


def test_text_is_never_read_as_formulas(figures) -> None:
    assert not any(t.get_parse_math() for t in figures["en", 170].axes[0].texts)


def latin() -> fonts.Face:
    from matplotlib import get_data_path

    return fonts._from_file(str(Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"))


def test_labels_are_placed_clear_of_what_is_taken() -> None:
    block = Block(latin(), (("label", Type(8, "#000000")),))
    spots = tuple(placement.Candidate(block, x, 50, cost=x) for x in range(0, 101, 5))
    wanted = [placement.Label(name, spots) for name in ("first", "second", "third")]
    frame, symbol = box(0, 0, 100, 100), box(10, 40, 20, 60)
    chosen = placement.place(wanted, frame=frame, taken=[symbol], obstacles=[])
    areas = [c.area for c in chosen.values()]
    assert len(areas) == 3
    for area in areas:
        assert frame.covers(area) and not area.intersects(symbol)
    assert not any(a.intersects(b) for a, b in pairwise(areas))
    assert chosen["first"].x < chosen["second"].x


def test_a_label_that_found_no_place_gets_another_turn() -> None:
    block = Block(latin(), (("label", Type(8, "#000000")),))
    near, far = placement.Candidate(block, 50, 50), placement.Candidate(block, 50, 80, cost=5)
    wanted = [placement.Label("free", (near, far)), placement.Label("fixed", (near,))]
    chosen = placement.place(wanted, frame=box(0, 0, 100, 100), taken=[], obstacles=[])
    assert chosen["fixed"].y == 50 and chosen["free"].y == 80


def test_chinese_breaks_between_characters_but_not_before_a_comma() -> None:
    face, how = noto("SC"), Type(10, "#000000")
    line = "甲乙丙，丁戊"
    width = face.width("甲乙丙", 10) + 1
    broken = [one for one, _ in wrap(face, line, how, width).lines]
    assert "".join(broken) == line and len(broken) > 1
    assert not any(one.startswith("，") for one in broken)
    english = wrap(face, "one two three", how, face.width("one two", 10) + 1)
    assert [one for one, _ in english.lines] == ["one two", "three"]


def test_lengths_in_three_units_are_one() -> None:
    assert layout.millimetres("170mm") == layout.millimetres("17 cm") == layout.millimetres(170)
    assert layout.millimetres("5in") == pytest.approx(127)

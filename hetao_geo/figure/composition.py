"""Put the figure together: measure every part, then draw from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from hetao_geo import style, text
from hetao_geo.errors import MissingExtraError
from hetao_geo.figure import background, decorations, fonts, labels, legend, locator
from hetao_geo.figure.canvas import Canvas
from hetao_geo.figure.layout import POINTS_PER_MM, Frame, Layout, millimetres, to_grid
from hetao_geo.figure.legend import Part
from hetao_geo.figure.placement import place
from hetao_geo.verification import verify

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# matplotlib chooses a face of a font collection since 3.11; before, Noto Sans CJK was Japanese.
_MATPLOTLIB = (3, 11)
# Free ground around the parks in metres on a narrow and on a wide layout; the layout's margin in
# points.
_AROUND = (220.0, 420.0)
_MARGIN = 4.0
# From here on legend and table stand side by side, and all fifteen places of the inset have room.
_WIDE, _WITH_INSET = 115 * POINTS_PER_MM, 165 * POINTS_PER_MM
_SIGNS = "0123456789.,:;()°±²·+-×%"


@dataclass(frozen=True)
class _Plan:
    layout: Layout
    frame: Frame
    height: float
    title: Part
    under: Part


def build_figure(
    *, language: str = "en", width: str | float = "170mm", font: str | None = None
) -> Figure:
    """Draw the border map for print.

    Parameters
    ----------
    language : str
        One of `hetao_geo.text.LANGUAGES`.
    width : str or float
        Width with a unit, ``170mm``, ``17cm`` or ``6.7in``; a bare number is in millimetres. The
        height follows.
    font : str, optional
        A font family or file to use instead of the language's own.

    Returns
    -------
    matplotlib.figure.Figure
        In points (1/72 inch) on one set of axes, made without pyplot; `save_figure` writes it.

    Raises
    ------
    UsageError
        An unknown language, an unusable width, or no font with the characters.
    MissingExtraError
        matplotlib is not installed, or too old.
    """
    text.check_language(language)
    points = millimetres(width) * POINTS_PER_MM
    require_matplotlib()
    import matplotlib
    from matplotlib import style as styles

    layers = background.read()
    face = fonts.choose(language, _characters(language, layers), font)
    with styles.context("default"), matplotlib.rc_context({"text.hinting": "none"}):
        return _draw(_plan(Layout(language, points, face), layers), layers)


def require_matplotlib() -> None:
    """Raise `MissingExtraError` unless a matplotlib that can choose font faces is there."""
    try:
        import matplotlib
    except ImportError as error:
        raise _missing("none") from error
    if matplotlib.__version_info__[:2] < _MATPLOTLIB:
        raise _missing(matplotlib.__version__)


def _missing(found: str) -> MissingExtraError:
    return MissingExtraError(
        "a figure needs matplotlib",
        expected="3.11 or newer",
        found=found,
        hint="pip install 'hetao_geo[figure]'",
    )


def _characters(language: str, layers: background.Layers) -> set[str]:
    """Return every character that the figure could set."""
    words = [*text.labels("figure", language).values(), *text.labels("common", language).values()]
    names = [labels.name(f, language) for features in layers.values() for f in features]
    date = text.date(legend.STATED, language)
    letters = "".join([*words, *names, date, _SIGNS])
    return set(letters + letters.upper())


def _plan(layout: Layout, layers: background.Layers) -> _Plan:
    """Measure the parts; the map takes the full width, its height follows from the ground."""
    inner = layout.width - 2 * _MARGIN
    band = decorations.margin(layout)
    title = legend.title(layout, inner)
    under = _under(layout, inner, layers)
    x0, y0, x1, y1 = shapely.total_bounds(
        [to_grid(f.geometry) for name in ("parks", "interpretations") for f in layers[name]]
    )
    around = _AROUND[layout.width >= _WIDE]
    wide, high = x1 - x0 + 2 * around, y1 - y0 + 2 * around
    map_width = layout.width - 2 * _MARGIN - 2 * band
    map_height = map_width * high / wide
    bottom = _MARGIN + under.height + 5 + band
    frame = Frame(*(x0 - around, y0 - around, wide, high), _MARGIN + band, bottom, map_width)
    height = bottom + map_height + band + 4 + title.height + _MARGIN
    return _Plan(layout, frame, height, title, under)


def _under(layout: Layout, inner: float, layers: background.Layers) -> Part:
    """Legend and table, side by side on a wide layout, then the notes."""
    report = verify()
    notes = legend.notes(layout, inner)
    if layout.width < _WIDE:
        signs = legend.legend(layout, inner, layers)
        return legend.column([signs, legend.table(layout, inner, report), notes], gap=6)
    gutter = 14.0
    half = 0.46 * (inner - gutter)
    signs = legend.legend(layout, half, layers)
    areas = legend.table(layout, inner - half - gutter, report)
    return legend.column([legend.beside(signs, areas, half + gutter), notes], gap=6)


def _draw(plan: _Plan, layers: background.Layers) -> Figure:
    from matplotlib.figure import Figure

    layout, frame = plan.layout, plan.frame
    figure = Figure(figsize=(layout.width / 72, plan.height / 72), facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, layout.width)
    axes.set_ylim(0, plan.height)
    axes.set_axis_off()
    canvas = Canvas(axes, layout.face, layout.pixel)
    plan.title.draw(canvas, _MARGIN, plan.height - _MARGIN)
    background.draw(canvas, frame, layers)
    _decorate(canvas, plan, layers)
    decorations.draw(canvas, layout, frame)
    plan.under.draw(canvas, _MARGIN, _MARGIN + plan.under.height)
    return figure


def _decorate(canvas: Canvas, plan: _Plan, layers: background.Layers) -> None:
    """Set scale bar, locator and labels into the map, clear of each other."""
    layout, frame = plan.layout, plan.frame
    symbols = labels.symbols(layout, frame, layers)
    parks = [frame.project(park.geometry) for park in layers["parks"]]
    scale = decorations.scale_box(layout, frame, [*parks, *symbols])
    taken = [scale, *symbols]
    decorations.draw_scale(canvas, layout, frame, scale)
    if layout.width >= _WITH_INSET:
        taken.append(locator.draw(canvas, layout, frame, layers["gba"], [*parks, *symbols]))
    inside = frame.box.buffer(-2.5, join_style="mitre")
    chosen = place(
        labels.wanted(layout, frame, layers),
        frame=inside,
        taken=taken,
        obstacles=labels.obstacles(frame, layers),
    )
    for label in chosen.values():
        labels.draw(canvas, label, halo=style.ground()["halo"])

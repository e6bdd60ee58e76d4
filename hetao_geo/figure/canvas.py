"""Draw the items of a drawing with matplotlib, each above the one before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hetao_geo.cartography.drawing import Item, Shape, Text, rings
from hetao_geo.figure.marks import Mark, actual_text
from hetao_geo.figure.truetype import FontSet

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path
    from matplotlib.transforms import TransformedBbox
    from shapely.geometry import Polygon
    from shapely.geometry.base import BaseGeometry


class Canvas:
    """Draws on one set of axes whose unit is the point (1/72 inch).

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Axes that cover the whole figure, one unit a point.
    fonts : FontSet
        The fonts.
    pixel : float
        Points to a CSS pixel of ``style.toml``.
    """

    def __init__(self, axes: Axes, fonts: FontSet, pixel: float) -> None:
        self.axes, self.fonts, self.pixel = axes, fonts, pixel
        self._layer = 0

    def draw(self, items: Iterable[Item], *, clip: Polygon | None = None) -> None:
        """Draw items in order; shapes are cut at the rectangle `clip`."""
        from matplotlib.transforms import Bbox, TransformedBbox

        x0, y0, x1, y1 = clip.bounds if clip is not None else (0, 0, 0, 0)
        window = TransformedBbox(Bbox([[x0, y0], [x1, y1]]), self.axes.transData)
        for item in items:
            if isinstance(item, Shape):
                self._shape(item, None if clip is None else window)
            else:
                self._text(item)

    def mark(self, artist: Any) -> None:
        """Add an artist of another kind above all that is drawn so far."""
        self._layer += 1
        artist.set_zorder(self._layer)
        artist.set_transform(self.axes.transData)
        self.axes.figure.add_artist(artist, clip=False)

    def _shape(self, item: Shape, window: TransformedBbox | None) -> None:
        from matplotlib.colors import to_rgba
        from matplotlib.patches import PathPatch

        if item.geometry.is_empty:
            return
        # matplotlib counts dashes in line widths.
        dash = (0, tuple(d / item.width for d in item.dash)) if item.dash else "solid"
        over = 1.0 if item.fill else item.opacity
        patch = PathPatch(
            _path(item.geometry),
            facecolor=to_rgba(item.fill, item.opacity) if item.fill else "none",
            edgecolor=to_rgba(item.stroke, over) if item.stroke else "none",
            linewidth=item.width * self.pixel if item.stroke else 0.0,
            linestyle=dash,
            capstyle="round" if item.round_cap else "butt",
            joinstyle="round",
            gid=item.name,
        )
        patch.set_clip_box(window)
        self.mark(patch)

    def _text(self, item: Text) -> None:
        from matplotlib.patheffects import Stroke

        if item.halo:
            under = self._line(item)
            width = max(1.3, 3.2 * self.pixel)
            under.set_path_effects(
                [Stroke(linewidth=width, foreground=item.halo, joinstyle="round")]
            )
            under.set_gid("halo")
        # The halo is a text of its own, so that the readable one stays text in a PDF.
        turned = item.angle % 90 != 0
        if turned:
            self.mark(actual_text(item.line))
        self._line(item)
        if turned:
            self.mark(Mark())

    def _line(self, item: Text) -> Any:
        from matplotlib.font_manager import FontProperties
        from matplotlib.text import Text as Line

        how = item.how
        # The space after the last letter of a spaced name belongs to no letter.
        shift = how.spacing * how.size * {"left": 0.0, "center": 0.5, "right": 1.0}[item.align]
        turn = np.radians(item.angle)
        line = Line(
            *(round(item.x + shift * np.cos(turn), 3), round(item.y + shift * np.sin(turn), 3)),
            item.line,
            color=how.colour,
            fontproperties=FontProperties(fname=self.fonts.path(how), size=how.size),
            parse_math=False,
            rotation=item.angle,
            rotation_mode="anchor",
            ha=item.align,
            va="baseline",
        )
        self.mark(line)
        return line


def _path(geometry: BaseGeometry) -> Path:
    from matplotlib.path import Path

    return Path.make_compound_path(*[_ring(ring) for ring in rings(geometry)])


def _ring(ring: BaseGeometry) -> Path:
    from matplotlib.path import Path

    # A thousandth of a point is below any printer, and keeps the bytes free of rounding noise.
    return Path(shapely.get_coordinates(ring).round(3), closed=ring.geom_type == "LinearRing")

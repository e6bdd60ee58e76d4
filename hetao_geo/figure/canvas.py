"""Draw shapely shapes and lines of text in page points, each call above the one before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hetao_geo.figure.fonts import Face
from hetao_geo.figure.typesetting import Block, Type

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path
    from shapely.geometry.base import BaseGeometry


class Canvas:
    """Draws on one set of axes whose unit is the point (1/72 inch).

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Axes that cover the whole figure, one unit a point.
    face : Face
        The typeface.
    scale : float
        Points to a CSS pixel of ``style.toml``.
    """

    def __init__(self, axes: Axes, face: Face, scale: float) -> None:
        self.axes, self.face, self.scale = axes, face, scale
        self.clip: tuple[float, float, float, float] | None = None
        self._layer = 0

    def shape(
        self,
        geometry: BaseGeometry,
        *,
        fill: str | None = None,
        opacity: float = 1.0,
        stroke: str | None = None,
        width: float = 1.0,
        dash: Sequence[float] = (),
        name: str | None = None,
    ) -> None:
        """Draw points of a polygon or line; `width` and `dash` in CSS pixels."""
        from matplotlib.colors import to_rgba
        from matplotlib.patches import PathPatch

        if geometry.is_empty:
            return
        # matplotlib counts dashes in line widths.
        pattern = (0, tuple(d / width for d in dash)) if dash else "solid"
        patch = PathPatch(
            _path(geometry),
            facecolor=to_rgba(fill, opacity) if fill else "none",
            edgecolor=to_rgba(stroke, 1.0 if fill else opacity) if stroke else "none",
            linewidth=width * self.scale,
            linestyle=pattern,
            capstyle="butt",
            joinstyle="round",
            gid=name,
        )
        self._add(patch)

    def text(
        self,
        x: float,
        y: float,
        line: str,
        how: Type,
        *,
        align: str = "left",
        angle: float = 0.0,
        halo: str | None = None,
    ) -> None:
        """Set one line with its base line at (x, y); `align` left, center or right."""
        from matplotlib.patheffects import Stroke

        place: dict[str, Any] = {"ha": align, "va": "baseline", "rotation": angle}
        if halo:
            under = self._text(x, y, line, how, place)
            width = max(1.1, 0.24 * how.size)
            under.set_path_effects([Stroke(linewidth=width, foreground=halo, joinstyle="round")])
        # The halo is a text of its own, so that the readable one stays text in a PDF.
        self._text(x, y, line, how, place)

    def block(
        self,
        block: Block,
        x: float,
        top: float,
        *,
        align: str = "left",
        angle: float = 0.0,
        halo: str | None = None,
    ) -> None:
        """Set a block whose top line is at `top`; `x` is its left edge, middle or right edge."""
        turn = np.radians(angle)
        for (line, how), down in zip(block.lines, block.baselines(), strict=True):
            at = (x - down * np.sin(turn), top + down * np.cos(turn))
            self.text(*at, line, how, align=align, angle=angle, halo=halo)

    def _text(self, x: float, y: float, line: str, how: Type, place: dict[str, Any]) -> Any:
        from matplotlib.font_manager import FontProperties

        font = FontProperties(fname=self.face.path(bold=how.bold), size=how.size)
        self._layer += 1
        return self.axes.text(
            *(round(x, 3), round(y, 3)),
            line,
            color=how.colour,
            fontproperties=font,
            parse_math=False,
            rotation_mode="anchor",
            zorder=self._layer,
            clip_on=False,
            **place,
        )

    def _add(self, patch: Any) -> None:
        from matplotlib.patches import Rectangle

        self._layer += 1
        patch.set_zorder(self._layer)
        self.axes.add_patch(patch)
        if self.clip:
            x0, y0, x1, y1 = self.clip
            window = Rectangle((x0, y0), x1 - x0, y1 - y0, transform=self.axes.transData)
            patch.set_clip_path(window)


def _path(geometry: BaseGeometry) -> Path:
    from matplotlib.path import Path

    rings = [ring for part in shapely.get_parts(geometry) for ring in _rings(part)]
    return Path.make_compound_path(*[_ring(ring) for ring in rings])


def _ring(ring: BaseGeometry) -> Path:
    from matplotlib.path import Path

    # A thousandth of a point is below any printer, and keeps the bytes free of rounding noise.
    return Path(shapely.get_coordinates(ring).round(3), closed=ring.geom_type == "LinearRing")


def _rings(part: BaseGeometry) -> list[BaseGeometry]:
    return [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]

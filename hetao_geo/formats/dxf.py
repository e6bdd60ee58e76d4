"""DXF for CAD (extra ``dxf``): a layer for each of ours, with colours and names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hetao_geo import style as styles
from hetao_geo.formats import notice
from hetao_geo.formats.tables import Table, records

# AutoCAD 2004: true colour, and pure ASCII. Chinese stands as \U+XXXX, which GDAL and QGIS read
# in MTEXT but not in TEXT; the UTF-8 of later versions they take for Latin-1 (GDAL 3.6, 3.12).
_VERSION = "R2004"
_APP = "HETAO_GEO"
_TEXT_HEIGHT_M = 25.0


def write(tables: Sequence[Table], path: Path) -> None:
    """Write all tables to one DXF drawing in metres.

    Parameters
    ----------
    tables : sequence of Table
        In a projected CRS with metres; x is the easting.
    path : Path
        The file.

    Notes
    -----
    Polygons and lines are LWPOLYLINE, points are POINT; each has the id of its feature as
    extended data of the application HETAO_GEO. Inferred sides lie once more, dashed, on the layer
    ``<layer>-inferred``; names are MTEXT on ``<layer>-names``.
    """
    from ezdxf import units
    from ezdxf.filemanagement import new

    with _fixed_dates():
        drawing = new(_VERSION, setup=False)
        drawing.units = units.M
        drawing.header["$INSUNITS"] = units.M
        drawing.appids.add(_APP)
        drawing.linetypes.add("HETAO_DASHED", pattern=[60.0, 40.0, -20.0])
        drawing.header.custom_vars.append("Licence", notice.LICENCE)
        drawing.header.custom_vars.append("Attribution", notice.ATTRIBUTION)
        drawing.header.custom_vars.append("Note", notice.APPROXIMATE)
        drawing.header.custom_vars.append("CRS", tables[0].frame.crs.to_string())
        for table in tables:
            _draw(drawing, table)
        _open_at(drawing, tables[0])
        # ezdxf would add the classes in use in the order of a set, which changes with the seed of
        # Python's hashes.
        for kind in sorted(drawing.entitydb.dxf_types_in_use()):
            drawing.classes.add_class(kind)
        drawing.saveas(path)


@contextmanager
def _fixed_dates() -> Iterator[None]:
    """Keep dates, random identifiers and versions out of the file while the block runs."""
    from ezdxf import options  # type: ignore[attr-defined]

    before = options.write_fixed_meta_data_for_testing
    options.write_fixed_meta_data_for_testing = True
    try:
        yield
    finally:
        options.write_fixed_meta_data_for_testing = before


def _draw(drawing: Any, table: Table) -> None:
    """Draw a layer, its names and its inferred sides."""
    name, space = table.layer.name, drawing.modelspace()
    has_inferred = "inferred_sides" in table.frame
    for layer in [name, f"{name}-names", *([f"{name}-inferred"] if has_inferred else [])]:
        drawing.layers.add(layer, true_color=_colour(table.frame["role"].iloc[0]))
    for row, geometry in records(table):
        style = {"layer": name, "true_color": _colour(row["role"])}
        for entity in _entities(space, geometry, style):
            entity.set_xdata(_APP, [(1000, row["id"])])
        if has_inferred:
            _draw_inferred(
                space, row["inferred_sides"], geometry, {**style, "layer": f"{name}-inferred"}
            )
        place = geometry.representative_point()
        label = f"{row['name_en']} {row['name_zh_hant']}"
        style = {**style, "layer": f"{name}-names", "char_height": _TEXT_HEIGHT_M}
        space.add_mtext(_plain(label), dxfattribs=style).set_location((place.x, place.y))


def _open_at(drawing: Any, table: Table) -> None:
    """Let the drawing open at the first layer: the neighbours are a hundred kilometres away."""
    west, south, east, north = table.frame.total_bounds
    centre = ((west + east) / 2, (south + north) / 2)
    drawing.set_modelspace_vport(height=max(north - south, 1000.0) * 1.2, center=centre)


def _entities(space: Any, geometry: Any, style: dict[str, Any]) -> Iterator[Any]:
    if geometry.geom_type == "Point":
        yield space.add_point((geometry.x, geometry.y), dxfattribs=style)
    elif geometry.geom_type == "LineString":
        yield space.add_lwpolyline(list(geometry.coords), dxfattribs=style)
    elif geometry.geom_type == "Polygon":
        for ring in (geometry.exterior, *geometry.interiors):
            yield space.add_lwpolyline(list(ring.coords)[:-1], close=True, dxfattribs=style)
    else:
        for part in geometry.geoms:
            yield from _entities(space, part, style)


def _draw_inferred(space: Any, ranges: str | None, geometry: Any, style: dict[str, Any]) -> None:
    for pair in (ranges or "").split("; ") if ranges else []:
        first, last = map(int, pair.split("-"))
        line = list(geometry.exterior.coords)[first : last + 1]
        space.add_lwpolyline(line, dxfattribs={**style, "linetype": "HETAO_DASHED"})


def _plain(text: str) -> str:
    """Return text in which MTEXT sees no formatting codes."""
    return text.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}")


def _colour(role: str) -> int:
    """Return the role's colour as DXF true colour; white roads would vanish on white paper."""
    style = styles.role(role)
    colour = style.casing or style.stroke or style.fill or "#000000"
    return int(colour.removeprefix("#"), 16)

"""KMZ: all layers as KML 2.2 with styles and pop-ups; text of the data stays text."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from hetao_geo import style as styles
from hetao_geo.formats import archive, notice
from hetao_geo.formats.tables import Table, records

_NAMESPACE = "http://www.opengis.net/kml/2.2"
_NAMES = ("name_en", "name_zh_hans", "name_zh_hant")


def write(tables: Sequence[Table], path: Path) -> None:
    """Write all tables as one KMZ: ``doc.kml``, README.txt and the licence.

    References
    ----------
    OGC KML 2.2, https://www.ogc.org/standards/kml/
    """
    side_files = notice.side_files(["kmz"], [table.layer.name for table in tables])
    archive.write(path, {"doc.kml": document(tables).encode(), **side_files})


def document(tables: Sequence[Table]) -> str:
    """Return the KML text of the tables."""
    root = Element("kml", xmlns=_NAMESPACE)
    top = SubElement(root, "Document")
    SubElement(top, "name").text = "Hetao zone, approximate boundaries"
    SubElement(top, "description").text = f"{notice.APPROXIMATE} {notice.ATTRIBUTION}"
    for role in dict.fromkeys(role for table in tables for role in table.frame["role"]):
        top.append(_style(role))
    for table in tables:
        folder = SubElement(top, "Folder", id=table.layer.name)
        SubElement(folder, "name").text = table.layer.title["en"]
        folder.extend(_placemark(row, geometry) for row, geometry in records(table))
    indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _style(role: str) -> Element:
    style = styles.role(role)
    element = Element("Style", id=f"role-{role}")
    icon = SubElement(element, "IconStyle")
    SubElement(icon, "color").text = _colour(style.stroke, style.opacity)
    SubElement(icon, "scale").text = "0.6"
    line = SubElement(element, "LineStyle")
    SubElement(line, "color").text = _colour(style.stroke, style.opacity)
    SubElement(line, "width").text = f"{style.width:g}"
    area = SubElement(element, "PolyStyle")
    SubElement(area, "color").text = _colour(style.fill, style.fill_opacity)
    SubElement(area, "fill").text = str(int(bool(style.fill and style.fill_opacity)))
    SubElement(area, "outline").text = str(int(bool(style.stroke)))
    return element


def _placemark(row: dict[str, Any], geometry: Any) -> Element:
    place = Element("Placemark")
    SubElement(place, "name").text = row["name_en"]
    SubElement(place, "description").text = _popup(row)
    SubElement(place, "styleUrl").text = f"#role-{row['role']}"
    data = SubElement(place, "ExtendedData")
    for key, value in row.items():
        if value is not None:
            SubElement(SubElement(data, "Data", name=key), "value").text = _text(value)
    place.append(_geometry(geometry))
    return place


def _popup(row: dict[str, Any]) -> str:
    """Return the pop-up as HTML; every value is escaped, and ``$[`` calls no entity."""
    names = "<br/>".join(_escaped(row[key]) for key in _NAMES if row.get(key))
    rows = "".join(
        f"<tr><th align='left'>{_escaped(key)}</th><td>{_escaped(_text(value))}</td></tr>"
        for key, value in row.items()
        if value is not None and key not in _NAMES
    )
    return f"<p><b>{names}</b></p><p>{notice.APPROXIMATE}</p><table>{rows}</table>"


def _escaped(text: str) -> str:
    return html.escape(text).replace("$", "&#36;")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _geometry(geometry: Any) -> Element:
    if geometry.geom_type.startswith("Multi"):
        whole = Element("MultiGeometry")
        whole.extend(_geometry(part) for part in geometry.geoms)
        return whole
    shape = Element(geometry.geom_type)
    if geometry.geom_type != "Polygon":
        if geometry.geom_type == "LineString":
            SubElement(shape, "tessellate").text = "1"
        SubElement(shape, "coordinates").text = _positions(geometry)
        return shape
    SubElement(shape, "tessellate").text = "1"
    for name, ring in [
        ("outerBoundaryIs", geometry.exterior),
        *(("innerBoundaryIs", hole) for hole in geometry.interiors),
    ]:
        holder = SubElement(SubElement(shape, name), "LinearRing")
        SubElement(holder, "coordinates").text = _positions(ring)
    return shape


def _positions(line: Any) -> str:
    return " ".join(f"{x!r},{y!r}" for x, y in line.coords)


def _colour(colour: str | None, opacity: float) -> str:
    """Return ``#rrggbb`` as KML writes it: alpha, blue, green, red."""
    digits = (colour or "#000000").removeprefix("#")
    return f"{round(255 * opacity):02x}{digits[4:6]}{digits[2:4]}{digits[0:2]}"

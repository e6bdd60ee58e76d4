"""A QGIS style for a layer, from ``style.toml``: one category a role, inferred sides dashed."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from hetao_geo import style as styles
from hetao_geo import text
from hetao_geo.formats.tables import Table

_PIXEL_MM = 25.4 / 96  # style.toml counts in CSS pixels, 1/96 inch
_NAME_FIELDS = {"en": "name_en", "zh-Hans": "name_zh_hans", "zh-Hant": "name_zh_hant"}
_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"

# "inferred_sides" holds vertices of the outer ring counted from 0 ("1-19; 25-30"); QGIS counts
# from 1. Polygons with sides are single polygons.
_INFERRED = """\
collect_geometries(array_foreach(string_to_array("inferred_sides", '; '), with_variable('ends',
string_to_array(@element, '-'), make_line(array_foreach(generate_series(to_int(@ends[0]) + 1,
to_int(@ends[1]) + 1), point_n(exterior_ring($geometry), @element))))))"""
_FIRM = f"""\
if(coalesce("inferred_sides", '') = '', boundary($geometry),
difference(boundary($geometry), {_INFERRED}))"""
_DASHED = f"if(coalesce(\"inferred_sides\", '') = '', NULL, {_INFERRED})"
# The other readings of the limits repeat the names of the parts, and the coast is for an inset.
_UNLABELLED = {"interpretations", "coast"}
_SMALL_SCALE = {"gba", "coast"}
# A zone of the Greater Bay Area as a circle of its own area.
_DIAMETER_M = '2000 * sqrt("area_km2" / pi())'


def style(table: Table, language: str, *, follow_sides: bool = True) -> str:
    """Return the QML style of a layer.

    Parameters
    ----------
    table : Table
        The layer; its roles become the categories.
    language : str
        One of `hetao_geo.text.LANGUAGES`, for the labels and the legend.
    follow_sides : bool
        Dash the inferred sides of polygons. False for formats that turn rings around, where the
        vertices that ``inferred_sides`` counts are others.

    References
    ----------
    QGIS 3 style files, https://docs.qgis.org/3.34/en/docs/user_manual/appendices/qgis_file_formats.html
    """
    root = Element("qgis", version="3.22.0", styleCategories="Symbology|Labeling")
    root.set("labelsEnabled", str(int(table.layer.name not in _UNLABELLED)))
    if table.layer.name in _SMALL_SCALE:
        # The neighbours of the zone matter on a small scale only, where the parks are dots.
        root.attrib.update(hasScaleBasedVisibilityFlag="1", minScale="100000000", maxScale="200000")
    renderer = SubElement(
        root,
        "renderer-v2",
        type="categorizedSymbol",
        attr="role",
        enableorderby="0",
        symbollevels="0",
        forceraster="0",
    )
    categories = SubElement(renderer, "categories")
    symbols = SubElement(renderer, "symbols")
    words = text.labels("roles", language)
    sides = follow_sides and "inferred_sides" in table.frame
    for number, role in enumerate(dict.fromkeys(table.frame["role"])):
        SubElement(
            categories,
            "category",
            render="true",
            symbol=str(number),
            value=role,
            label=words.get(role, role),
        )
        symbols.append(_symbol(str(number), role, table.layer.geometry_type, sides=sides))
    root.append(_labelling(table, language))
    ElementTree.indent(root, " ")
    return _DOCTYPE + ElementTree.tostring(root, encoding="unicode") + "\n"


def _symbol(name: str, role: str, geometry_type: str, *, sides: bool) -> Element:
    style = styles.role(role)
    if geometry_type.endswith("Polygon"):
        symbol = _holder(name, "fill")
        symbol.extend(_fill_layers(name, role, style, sides=sides))
    elif geometry_type.endswith("LineString"):
        symbol = _holder(name, "line")
        symbol.extend(_line_layers(style))
    else:
        symbol = _holder(name, "marker")
        symbol.append(_marker(style))
    return symbol


def _holder(name: str, kind: str) -> Element:
    return Element("symbol", name=name, type=kind, alpha="1", clip_to_extent="1", force_rhr="0")


def _fill_layers(name: str, role: str, style: styles.Style, *, sides: bool) -> list[Element]:
    layers = [_band(style)] if role.endswith("-park") else []
    fill = {"color": _colour(style.fill, style.fill_opacity), "outline_style": "no"}
    fill["style"] = "solid" if style.fill and style.fill_opacity else "no"
    layers.append(_layer("SimpleFill", fill))
    if not sides:
        return [*layers, *_line_layers(style)]
    firm = _generated(f"@{name}@{len(layers)}", _FIRM, _line_layers(style))
    dash = styles.role("inferred").dash
    inferred = _generated(
        f"@{name}@{len(layers) + 1}", _DASHED, [_line(style.stroke, style.width, dash)]
    )
    return [*layers, firm, inferred]


def _band(style: styles.Style) -> Element:
    """Return the soft band of uncertainty along an edge: one standard deviation either way."""
    opacity = styles.role("uncertainty").opacity
    band = {"line_color": _colour(style.stroke, opacity), "line_width": "1", "joinstyle": "round"}
    band |= {"line_width_unit": "RenderMetersInMapUnits"}
    return _layer("SimpleLine", band, data={"outlineWidth": '2 * "accuracy_m"'})


def _line_layers(style: styles.Style) -> list[Element]:
    if not style.stroke:
        return []
    casing = [_line(style.casing, style.width + 2, ())] if style.casing else []
    return [*casing, _line(style.stroke, style.width, style.dash)]


def _line(colour: str | None, width: float, dash: tuple[float, ...]) -> Element:
    options = {"line_color": _colour(colour), "line_width": _mm(width), "line_width_unit": "MM"}
    options |= {"capstyle": "flat" if dash else "round", "joinstyle": "round"}
    if dash:
        pattern = ";".join(_mm(length) for length in dash)
        options |= {"use_custom_dash": "1", "customdash": pattern, "customdash_unit": "MM"}
    return _layer("SimpleLine", options)


def _generated(name: str, expression: str, lines: list[Element]) -> Element:
    options = {"SymbolType": "Line", "geometryModifier": expression, "units": "MapUnit"}
    layer = _layer("GeometryGenerator", options)
    symbol = _holder(name, "line")
    symbol.extend(lines)
    layer.append(symbol)
    return layer


def _marker(style: styles.Style) -> Element:
    options = {
        "name": "circle",
        "color": _colour(style.fill, style.fill_opacity),
        "outline_color": _colour(style.stroke),
        "outline_width": _mm(style.width),
        "outline_width_unit": "MM",
        "size": _mm(2 * style.radius or 1),
        "size_unit": "MM",
    }
    if style.radius:
        return _layer("SimpleMarker", options)
    options["size_unit"] = "RenderMetersInMapUnits"
    return _layer("SimpleMarker", options, data={"size": _DIAMETER_M})


def _layer(kind: str, options: dict[str, str], data: dict[str, str] | None = None) -> Element:
    layer = Element("layer", {"class": kind, "pass": "0", "locked": "0", "enabled": "1"})
    layer.append(_options(options))
    if data:
        properties = SubElement(layer, "data_defined_properties")
        whole = SubElement(properties, "Option", type="Map")
        SubElement(whole, "Option", name="name", type="QString", value="")
        named = SubElement(whole, "Option", name="properties", type="Map")
        for name, expression in data.items():
            one = SubElement(named, "Option", name=name, type="Map")
            SubElement(one, "Option", name="active", type="bool", value="true")
            SubElement(one, "Option", name="expression", type="QString", value=expression)
            SubElement(one, "Option", name="type", type="int", value="3")
        SubElement(whole, "Option", name="type", type="QString", value="collection")
    return layer


def _options(values: dict[str, str]) -> Element:
    options = Element("Option", type="Map")
    for name in sorted(values):
        SubElement(options, "Option", name=name, type="QString", value=values[name])
    return options


def _labelling(table: Table, language: str) -> Element:
    labelling = Element("labeling", type="simple")
    settings = SubElement(labelling, "settings", calloutType="simple")
    ground, first = styles.ground(), table.layer.name == "parks"
    style = SubElement(
        settings,
        "text-style",
        fieldName=_label(table, language),
        isExpression=str(int("status" in table.frame)),
        fontSize="11" if first else "9",
        fontSizeUnit="Point",
        fontFamily="Noto Sans CJK SC",
        textOpacity="1",
        fontWeight="75" if first else "50",
        textColor=_colour(_text_colour(table)),
    )
    SubElement(
        style,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.8",
        bufferSizeUnits="MM",
        bufferColor=_colour(ground["halo"]),
        bufferOpacity="1",
        bufferJoinStyle="128",
    )
    placement = {"Polygon": "1", "LineString": "2", "Point": "6"}
    kind = table.layer.geometry_type.removeprefix("Multi")
    SubElement(
        settings,
        "placement",
        placement=placement[kind],
        placementFlags="10",
        dist="1.2",
        distUnits="MM",
        # Beside the crossing that lies at the middle of the Shenzhen Park.
        xOffset="-5" if first else "0",
        offsetUnits="MM",
        quadOffset="4",
        centroidInside="1",
        centroidWhole="1",
        priority="10" if first else "5",
    )
    SubElement(settings, "rendering", drawLabels="1", obstacle="1", fontLimitPixelSize="0")
    return labelling


def _label(table: Table, language: str) -> str:
    """Return the field of the name; where not all exists yet, an expression that says so."""
    name = _NAME_FIELDS[language]
    if "status" not in table.frame:
        return name
    marks = text.labels("status", language)
    cases = " ".join(f"WHEN '{status}' THEN '{mark}'" for status, mark in marks.items())
    return f'"{name}" || CASE "status" {cases} ELSE \'\' END'


def _text_colour(table: Table) -> str:
    ground = styles.ground()
    by_layer = {
        "river": "water_text",
        "wetland": "plant_text",
        "landcover": "plant_text",
        "places": "second_text",
    }
    by_layer |= dict.fromkeys(("roads", "railways", "stations"), "quiet_text")
    return ground[by_layer.get(table.layer.name, "text")]


def _colour(colour: str | None, opacity: float = 1.0) -> str:
    """Return ``#rrggbb`` as QGIS writes it: red, green, blue, alpha, 0 to 255."""
    digits = (colour or "#000000").removeprefix("#")
    channels = [int(digits[at : at + 2], 16) for at in (0, 2, 4)]
    return ",".join(str(n) for n in [*channels, round(255 * opacity)])


def _mm(pixels: float) -> str:
    return f"{pixels * _PIXEL_MM:.3f}"

"""Area check: stated against measured areas of the polygons of any layer, inside QGIS.

Install: Processing Toolbox > Scripts > Add Script to Toolbox, and choose this file. It then
stands under Scripts > Area verification, and ``qgis_process run script:hetao_area_check`` runs
it without a window. It needs QGIS 3.22 or newer and nothing else.

The rule is that of ``hetao-geo verify``; a test of the package compares the two. With a planar
CRS the planar area in it decides, without one the area on the WGS 84 ellipsoid; the other stands
beside it. A row is ``consistent`` when measured and stated area differ by no more than the
rounding of the stated figure plus two standard uncertainties, or by no more than a fixed
percentage if one is given. A row that cannot be evaluated is ``not-judged``, with its reason.

References
----------
Chrisman, N. R. and Yandell, B. S. (1988), "Effects of point error on area calculations: a
statistical model", Surveying and Mapping 48, 241-246: the variance of a digitised area.
"""

import json
import math
import re
import unicodedata
from decimal import Decimal, InvalidOperation

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsDistanceArea,
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingParameterCrs,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsUnitTypes,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

WGS84_ELLIPSOID = "EPSG:7030"
A, F = 6_378_137.0, 1 / 298.257223563
BESIDE = "EPSG:6933"
# Square metres in one unit; one mu is 10000/15 square metres.
UNITS = {"km2": 1e6, "ha": 1e4, "m2": 1.0, "mu": 1e4 / 15}
SUFFIXES = {
    word: factor
    for factor, words in (
        (1.0, "m2, m^2, sqm, sq m, 平方米, 平米"),
        (1e4, "ha, hm2, hectare, hectares, 公顷, 公頃, 万平方米, 萬平方米"),
        (1e6, "km2, km^2, sqkm, sq km, 平方公里, 平方千米"),
        (1e4 / 15, "mu, 亩, 畝, 市亩, 市畝"),
        (1e8 / 15, "万亩, 萬畝"),
    )
    for word in words.split(", ")
}
FIGURE = re.compile(
    r"\+?(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d{1,3}(?:['’]\d{3})+|\d*)(?!\d)"
    r"(?:\.\d*)?(?:e[+-]?\d+)?"
)
ROUNDING_OF = {"stated_area_km2": "stated_rounding_km2", "stated_km2": "round_km2"}
AREAS = (
    "stated",
    "stated_rounding",
    "measured",
    "planar",
    "geodesic",
    "difference",
    "uncertainty",
    "smallest_detectable",
)
WORDS = ("rounding", "uncertainty_from", "verdict", "reason")
HELP = """Compares the stated area of each polygon with its measured area.

Stated area: a field, or one value for all polygons. Unit: that of the stated areas and of the
results.

Rounding: half a unit of the last digit of the stated figure, in its unit; 3.02 km² means 0.005.
Empty: the digits of the figure tell; a number has three significant digits at least.

Vertex accuracy: standard deviation of a position, metres. Empty: the fields sides or accuracy_m
of each polygon.

Planar CRS: any projected CRS, whose planar areas then decide. Empty: the areas on the WGS 84
ellipsoid decide.

Consistent means |measured - stated| <= rounding + 2 standard uncertainties, or <= the largest
difference in per cent if that is given."""


class AreaCheck(QgsProcessingAlgorithm):
    """The algorithm as the Processing Toolbox shows it."""

    def name(self):
        """Return the name for scripts."""
        return "hetao_area_check"

    def displayName(self):
        """Return the name for people."""
        return "Check stated against measured areas"

    def group(self):
        """Return the group in the toolbox."""
        return "Area verification"

    def groupId(self):
        """Return the group for scripts."""
        return "area_verification"

    def shortHelpString(self):
        """Return the text beside the form."""
        return HELP

    def createInstance(self):
        """Return a new algorithm."""
        return AreaCheck()

    def initAlgorithm(self, config=None):
        """Declare the parameters."""
        polygons = [QgsProcessing.TypeVectorPolygon]
        self.addParameter(QgsProcessingParameterFeatureSource("INPUT", "Polygons", polygons))
        stated = "Field with the stated area"
        anything = QgsProcessingParameterField.Any
        self.addParameter(
            QgsProcessingParameterField(
                "STATED_FIELD", stated, None, "INPUT", anything, optional=True
            )
        )
        value = "or one stated area for all"
        self.addParameter(QgsProcessingParameterString("STATED_VALUE", value, None, optional=True))
        unit = "Unit of the stated area and of the results"
        self.addParameter(QgsProcessingParameterEnum("UNIT", unit, list(UNITS), False, 0))
        self._add_number("ROUNDING", "Rounding of the stated area (±)")
        self._add_number("ACCURACY", "Vertex accuracy (m)")
        self._add_number("MAX_DIFFERENCE", "Largest difference (%), in place of the above")
        self.addParameter(QgsProcessingParameterCrs("CRS", "Planar CRS", optional=True))
        self.addParameter(QgsProcessingParameterFeatureSink("OUTPUT", "Area check"))

    def processAlgorithm(self, parameters, context, feedback):
        """Write one row a polygon, and count the verdicts."""
        source = self.parameterAsSource(parameters, "INPUT", context)
        if source is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, "INPUT"))
        rule = self._rule(parameters, context)
        measure = Measure(source, self.parameterAsCrs(parameters, "CRS", context), context)
        fields = _fields(source.fields(), rule["unit"])
        sink, target = self.parameterAsSink(
            parameters, "OUTPUT", context, fields, QgsWkbTypes.NoGeometry
        )
        if sink is None:
            raise QgsProcessingException(self.invalidSinkError(parameters, "OUTPUT"))
        counts = {}
        for feature in source.getFeatures():
            if feedback.isCanceled():
                break
            row = evaluate(feature, rule, measure)
            counts[row["verdict"]] = counts.get(row["verdict"], 0) + 1
            out = QgsFeature(fields)
            out.setAttributes(feature.attributes() + _cells(row, UNITS[rule["unit"]]))
            sink.addFeature(out, QgsFeatureSink.FastInsert)
        for verdict in sorted(counts):
            feedback.pushInfo(f"{verdict}: {counts[verdict]}")
        return {"OUTPUT": target}

    def _add_number(self, name, text):
        self.addParameter(
            QgsProcessingParameterNumber(
                name, text, QgsProcessingParameterNumber.Double, optional=True, minValue=0.0
            )
        )

    def _number(self, parameters, name, context):
        if is_null(parameters.get(name)):
            return None
        return self.parameterAsDouble(parameters, name, context)

    def _rule(self, parameters, context):
        """Return what was asked for."""
        field = self.parameterAsString(parameters, "STATED_FIELD", context)
        value = self.parameterAsString(parameters, "STATED_VALUE", context)
        if bool(field) == bool(value):
            found = "both" if field else "neither"
            raise QgsProcessingException(
                f"Give the stated area once: expected a field or one value, found {found}"
            )
        return {
            "field": field,
            "value": value,
            "unit": list(UNITS)[self.parameterAsEnum(parameters, "UNIT", context)],
            "rounding": self._number(parameters, "ROUNDING", context),
            "accuracy": self._number(parameters, "ACCURACY", context),
            "percent": self._number(parameters, "MAX_DIFFERENCE", context),
        }


class Measure:
    """Areas of the geometries of a layer, on the ellipsoid and in a plane, in square metres."""

    def __init__(self, source, crs, context):
        layer = source.sourceCrs()
        if not layer.isValid():
            raise QgsProcessingException("The layer has no CRS: set it, then run again")
        if crs.isValid() and crs.isGeographic():
            raise QgsProcessingException(
                f"The planar CRS must be projected: found {crs.authid()}, which is geographic"
            )
        self.planar_decides = crs.isValid()
        plane = crs if crs.isValid() else QgsCoordinateReferenceSystem(BESIDE)
        self.metres = QgsUnitTypes.fromUnitToUnitFactor(
            plane.mapUnits(), QgsUnitTypes.DistanceMeters
        )
        transforms = context.transformContext()
        self.to_plane = QgsCoordinateTransform(layer, plane, transforms)
        degrees = QgsCoordinateReferenceSystem("EPSG:4326")
        self.to_degrees = QgsCoordinateTransform(layer, degrees, transforms)
        self.ellipsoid = QgsDistanceArea()
        self.ellipsoid.setSourceCrs(degrees, transforms)
        self.ellipsoid.setEllipsoid(WGS84_ELLIPSOID)

    def fault(self, geometry):
        """Return why a geometry cannot be measured; empty if it can."""
        if geometry.isNull() or geometry.isEmpty():
            return "no geometry"
        try:
            lines = [ring for polygon in self.rings(geometry) for ring in polygon]
        except QgsCsException:
            return "position out of range"
        if any(abs(y) > 90 or abs(x) > 720 or x != x or y != y for ring in lines for x, y in ring):
            return "position out of range"
        if any(180 < abs(b[0] - a[0]) < 360 for ring in lines for a, b in steps(ring)):
            return "crosses the antimeridian in one piece"
        return "" if geometry.isGeosValid() else "invalid geometry"

    def geodesic(self, geometry):
        """Return the area on the ellipsoid."""
        moved = QgsGeometry(geometry)
        moved.transform(self.to_degrees)
        return self.ellipsoid.measureArea(moved)

    def planar(self, geometry):
        """Return the area in the plane."""
        flat = QgsGeometry(geometry)
        flat.transform(self.to_plane)
        return flat.area() * self.metres**2

    def rings(self, geometry):
        """Return the closed rings of each polygon in WGS 84 degrees, longitude first."""
        moved = QgsGeometry(geometry)
        moved.transform(self.to_degrees)
        whole = moved.asMultiPolygon() if moved.isMultipart() else [moved.asPolygon()]
        return [[[(p.x(), p.y()) for p in ring] for ring in polygon] for polygon in whole]

    def metric(self, geometry):
        """Return the rings in metres, in the plane that decides or in that of their own place."""
        if not self.planar_decides:
            return [[local(ring) for ring in polygon] for polygon in self.rings(geometry)]
        flat = QgsGeometry(geometry)
        flat.transform(self.to_plane)
        whole = flat.asMultiPolygon() if flat.isMultipart() else [flat.asPolygon()]
        scale = self.metres
        return [[[(scale * p.x(), scale * p.y()) for p in ring] for ring in q] for q in whole]


def evaluate(feature, rule, measure):
    """Return the results of one row; areas in square metres, None where there is nothing."""
    geometry = feature.geometry()
    row = dict.fromkeys((*AREAS, *WORDS, "difference_percent"))
    reason = measure.fault(geometry)
    if not reason:
        row["planar"], row["geodesic"] = measure.planar(geometry), measure.geodesic(geometry)
        row["measured"] = row["planar" if measure.planar_decides else "geodesic"]
        error, row["uncertainty_from"] = uncertainty(feature, rule, measure)
        row["uncertainty"] = error
    stated, half, row["rounding"], fault = stated_area(feature, rule)
    row["stated"], row["stated_rounding"] = stated, half
    row["reason"] = reason or fault or None
    row["verdict"] = "not-judged"
    if row["reason"] is None:
        difference = row["measured"] - stated
        limit = half + 2 * (row["uncertainty"] or 0.0)
        if rule["percent"] is not None:
            limit = stated * rule["percent"] / 100
        row["difference"], row["difference_percent"] = difference, 100 * difference / stated
        row["smallest_detectable"] = limit
        agrees = abs(difference) <= limit * (1 + 1e-9)
        row["verdict"] = "consistent" if agrees else "not-consistent"
    return row


def stated_area(feature, rule):
    """Return the stated area and its rounding in m², where that comes from, and what is wrong."""
    names = [field.name() for field in feature.fields()]
    value = feature[rule["field"]] if rule["field"] else rule["value"]
    stated, half, source, fault = read_figure(value, UNITS[rule["unit"]], typed=not rule["field"])
    beside = ROUNDING_OF.get(rule["field"])
    given = rule["rounding"]
    if given is None and beside in names and number(feature[beside]) is not None:
        given = number(feature[beside]) * UNITS["km2"] / UNITS[rule["unit"]]
    if given is not None and not fault:
        half, source = given * UNITS[rule["unit"]], "given"
    return stated, half, source, fault


def read_figure(value, factor, *, typed):
    """Return a figure and half a unit of its last digit in m², their source, and what is wrong."""
    if is_null(value) or (isinstance(value, str) and not value.strip()):
        return None, None, None, "no stated area"
    if isinstance(value, str):
        text = " ".join(unicodedata.normalize("NFKC", value).split()).lower()
        match = FIGURE.match(text)
        suffix = text[match.end() :].strip()
        if suffix and suffix not in SUFFIXES:
            negative = text.startswith("-") and FIGURE.fullmatch(text[1:])
            wrong = "a positive number" if negative else "one clear number"
            return None, None, None, f"stated area is not {wrong}"
        if SUFFIXES.get(suffix, factor) != factor:
            return None, None, None, "stated area has another unit than --unit"
        digits = re.sub(r"[, '’]", "", match.group())
    else:
        digits = repr(value)
    try:
        exact = Decimal(digits)
    except InvalidOperation:
        return None, None, None, "stated area is not one clear number"
    if not exact.is_finite() or exact <= 0:
        return None, None, None, "stated area is not a positive number"
    exponent, source = exact.as_tuple().exponent, "as written"
    whole = exact == exact.to_integral_value()
    if whole and (not isinstance(value, str) or (not typed and re.search(r"\d\.0(?!\d)", value))):
        exponent = 0
    elif not isinstance(value, str):
        # Trailing zeros are lost: three significant digits at least are assumed.
        exponent, source = min(exponent, exact.adjusted() - 2), "inferred"
    source = "whole number" if exponent == 0 else source
    return float(exact) * factor, float(Decimal(5).scaleb(exponent - 1)) * factor, source, ""


def uncertainty(feature, rule, measure):
    """Return the standard uncertainty of an area in m², and what it rests on."""
    accuracy = rule["accuracy"]
    names = [field.name() for field in feature.fields()]
    polygons = measure.metric(feature.geometry())
    if accuracy is None and "sides" in names:
        shifts = side_shifts(polygons, feature["sides"])
        if shifts:
            return math.sqrt(sum(shift**2 for shift in shifts)), "sides"
    if accuracy is None and "accuracy_m" in names:
        accuracy = number(feature["accuracy_m"])
    if accuracy is None:
        return None, None
    total = sum(variance(ring[:-1], accuracy) for polygon in polygons for ring in polygon)
    return math.sqrt(total), "vertices"


def side_shifts(polygons, text):
    """Return accuracy times length of each side of one outline; None where they do not fit."""
    try:
        sides = json.loads(text) if isinstance(text, str) else text
        sides = [(*side["line"], float(side["accuracy_m"])) for side in sides]
        ends = [end for first, last, _ in sides for end in (first, last)]
    except (KeyError, TypeError, ValueError):
        return None
    if len(polygons) != 1 or len(polygons[0]) != 1:
        return None
    ring = polygons[0][0]
    if signed_area(ring[:-1]) < 0:
        ring = ring[::-1]
    joined = ends[:1] == [0] and ends[-1] == len(ring) - 1 and ends[1:-1:2] == ends[2:-1:2]
    if not joined or any(first >= last for first, last, _ in sides):
        return None
    lengths = [math.dist(a, b) for a, b in steps(ring)]
    return [accuracy * sum(lengths[first:last]) for first, last, accuracy in sides]


def variance(ring, accuracy):
    """Return the variance of the area of an open ring whose vertices err independently, m⁴.

    Var A = s²/4 · Σ[(x_{i+1} - x_{i-1})² + (y_{i+1} - y_{i-1})²], over the significant vertices.
    """
    ring = significant(ring, min(accuracy / 10, math.sqrt(abs(signed_area(ring))) / 100))
    count = len(ring)
    diagonals = (math.dist(ring[i - 1], ring[(i + 1) % count]) for i in range(count))
    return accuracy**2 / 4 * sum(length**2 for length in diagonals)


def significant(ring, tolerance):
    """Return the vertices that say something: in rounds, those nearest to their neighbours leave.

    A vertex leaves if it lies within the tolerance of the segment between its neighbours, and
    nearer to it than either neighbour to its own. What was added on a straight edge goes first.
    """
    while len(ring) > 3:
        count = len(ring)
        off = [distance(ring[i], ring[i - 1], ring[(i + 1) % count]) for i in range(count)]
        order = [(off[i], i % 2, i) for i in range(count)]
        leaves = [
            i
            for i in range(count)
            if off[i] <= tolerance and order[i] < min(order[i - 1], order[(i + 1) % count])
        ]
        leaves = set(leaves[:1] if count == 4 else leaves)
        if not leaves:
            break
        ring = [vertex for i, vertex in enumerate(ring) if i not in leaves]
    return ring


def distance(p, a, b):
    """Return how far a point is from the segment between two others."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    squared = dx * dx + dy * dy
    along = ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / squared if squared else 0.0
    along = min(max(along, 0.0), 1.0)
    return math.dist(p, (a[0] + along * dx, a[1] + along * dy))


def signed_area(ring):
    """Return the area of an open ring, positive if it runs counterclockwise."""
    x, y = ring[0] if ring else (0.0, 0.0)
    moved = [(a - x, b - y) for a, b in ring]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in steps([*moved, *moved[:1]])) / 2


def steps(ring):
    """Return each position with the next."""
    return [(ring[i], ring[i + 1]) for i in range(len(ring) - 1)]


def local(ring):
    """Return metres east and north of the first vertex, as if the Earth were flat there."""
    lon, lat = ring[0]
    phi, squared = math.radians(lat), F * (2 - F)
    root = math.sqrt(1 - squared * math.sin(phi) ** 2)
    across, along = A * math.cos(phi) / root, A * (1 - squared) / root**3
    return [(math.radians(x - lon) * across, math.radians(y - lat) * along) for x, y in ring]


def number(value):
    """Return a number of 0 or more, also one written as text; else None."""
    try:
        given = None if is_null(value) else float(value)
    except (TypeError, ValueError):
        return None
    return given if given is not None and 0 <= given < math.inf else None


def is_null(value):
    """Say whether a cell is empty."""
    if isinstance(value, QVariant):
        return value.isNull()
    return value is None or value != value


def _fields(given, unit):
    fields = QgsFields(given)
    for name in AREAS:
        fields.append(QgsField(_free(f"{name}_{unit}", fields), QVariant.Double))
    fields.append(QgsField(_free("difference_percent", fields), QVariant.Double))
    for name in WORDS:
        fields.append(QgsField(_free(name, fields), QVariant.String))
    return fields


def _free(name, fields):
    """Return the name, with a suffix if the layer already has such a field."""
    while fields.indexFromName(name) >= 0:
        name += "_check"
    return name


def _cells(row, factor):
    areas = [None if row[name] is None else row[name] / factor for name in AREAS]
    return [*areas, row["difference_percent"], *(row[name] for name in WORDS)]

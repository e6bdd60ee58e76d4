"""Area check: stated against measured areas of the polygons of any layer, inside QGIS.

Install: Processing Toolbox > Scripts > Add Script to Toolbox, and choose this file. It then
stands under Scripts > Area verification, and ``qgis_process run script:hetao_area_check`` runs
it without a window. It needs QGIS 3.22 or newer and nothing else.

For each polygon: the stated area (a field, or one value for all), the area on the WGS 84
ellipsoid, the planar area in a projected CRS as a second method, the difference, the standard
uncertainty that comes from the accuracy of the vertices, and a verdict. ``consistent`` means
that the ellipsoidal area differs from the stated one by at most the rounding of the stated
figure and two standard uncertainties, or by at most a fixed percentage if one is given.

References
----------
Chrisman, N. R. and Yandell, B. S. (1988), "Effects of point error on area calculations: a
statistical model", Surveying and Mapping 48, 241-246: the variance of a digitised area.
"""

import math

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
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
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

WGS84_ELLIPSOID = "EPSG:7030"
UNITS = {"km²": 1e6, "ha": 1e4, "m²": 1.0}
RESULTS = (
    "stated_km2",
    "ellipsoidal_km2",
    "planar_km2",
    "difference_km2",
    "difference_percent",
    "uncertainty_km2",
)
HELP = """Compares the stated area of each polygon with its area on the WGS 84 ellipsoid and in a
projected CRS.

Stated area: a field of numbers, or one value for all polygons.

Rounding: half a unit of the last digit of the stated figure, in its unit; 3.02 km² means 0.005.

Vertex accuracy: standard deviation of a position, metres.

Planar CRS: any projected CRS; without one, an equal-area projection centred on the layer.

Consistent means |ellipsoidal - stated| <= rounding + 2 standard uncertainties, or <= the largest
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
        numeric = QgsProcessingParameterField.Numeric
        stated = "Field with the stated area"
        self.addParameter(
            QgsProcessingParameterField(
                "STATED_FIELD", stated, None, "INPUT", numeric, optional=True
            )
        )
        self._add_number("STATED_VALUE", "or one stated area for all")
        unit = "Unit of the stated area"
        self.addParameter(QgsProcessingParameterEnum("UNIT", unit, list(UNITS), False, 0))
        self._add_number("ROUNDING", "Rounding of the stated area (±)", 0.0)
        self._add_number("ACCURACY", "Vertex accuracy (m)", 0.0)
        self._add_number("MAX_DIFFERENCE", "Largest difference (%), in place of the above")
        self.addParameter(QgsProcessingParameterCrs("CRS", "Planar CRS", optional=True))
        self.addParameter(QgsProcessingParameterFeatureSink("OUTPUT", "Area check"))

    def processAlgorithm(self, parameters, context, feedback):
        """Write one row a polygon, and count the verdicts."""
        source = self.parameterAsSource(parameters, "INPUT", context)
        if source is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, "INPUT"))
        stated = self._stated(parameters, context)
        judge = self._judge(parameters, source, context)
        fields = _fields(source.fields())
        sink, target = self.parameterAsSink(
            parameters, "OUTPUT", context, fields, QgsWkbTypes.NoGeometry
        )
        if sink is None:
            raise QgsProcessingException(self.invalidSinkError(parameters, "OUTPUT"))
        counts = {}
        for feature in source.getFeatures():
            if feedback.isCanceled():
                break
            cells = judge(feature.geometry(), stated(feature))
            counts[cells[-1]] = counts.get(cells[-1], 0) + 1
            row = QgsFeature(fields)
            row.setAttributes(feature.attributes() + cells)
            sink.addFeature(row, QgsFeatureSink.FastInsert)
        for verdict in sorted(counts):
            feedback.pushInfo(f"{verdict}: {counts[verdict]}")
        return {"OUTPUT": target}

    def _add_number(self, name, text, default=None):
        self.addParameter(
            QgsProcessingParameterNumber(
                name,
                text,
                QgsProcessingParameterNumber.Double,
                defaultValue=default,
                optional=True,
                minValue=0.0,
            )
        )

    def _number(self, parameters, name, context):
        if parameters.get(name) is None:
            return None
        return self.parameterAsDouble(parameters, name, context)

    def _unit(self, parameters, context):
        return list(UNITS.values())[self.parameterAsEnum(parameters, "UNIT", context)]

    def _stated(self, parameters, context):
        """Return a function that gives a feature's stated area, m², or None."""
        field = self.parameterAsString(parameters, "STATED_FIELD", context)
        value = self._number(parameters, "STATED_VALUE", context)
        if bool(field) == (value is not None):
            found = "both" if field else "neither"
            raise QgsProcessingException(
                f"Give the stated area once: expected a field or one value, found {found}"
            )
        unit = self._unit(parameters, context)
        return lambda feature: square_metres(feature[field] if field else value, unit)

    def _judge(self, parameters, source, context):
        """Return a function that gives the cells of a row from a geometry and a stated area."""
        ellipsoidal, planar = self._measures(parameters, source, context)
        accuracy = self.parameterAsDouble(parameters, "ACCURACY", context)
        unit = self._unit(parameters, context)
        rounding = self.parameterAsDouble(parameters, "ROUNDING", context) * unit
        percent = self._number(parameters, "MAX_DIFFERENCE", context)

        def limit(stated, uncertainty):
            if percent is not None:
                return stated * percent / 100
            return rounding + 2 * uncertainty

        return lambda geometry, stated: check(
            geometry, stated, accuracy, limit, ellipsoidal, planar
        )

    def _measures(self, parameters, source, context):
        """Return the ellipsoidal measure, and the transform to the planar CRS."""
        crs = source.sourceCrs()
        if not crs.isValid():
            raise QgsProcessingException("The layer has no CRS: set it, then run again")
        ellipsoidal = QgsDistanceArea()
        ellipsoidal.setSourceCrs(crs, context.transformContext())
        ellipsoidal.setEllipsoid(WGS84_ELLIPSOID)
        goal = self.parameterAsCrs(parameters, "CRS", context)
        if not goal.isValid():
            goal = _equal_area(source, crs, context)
        if goal.isGeographic():
            raise QgsProcessingException(
                f"The planar CRS must be projected: found {goal.authid()}, which is geographic"
            )
        return ellipsoidal, QgsCoordinateTransform(crs, goal, context.transformContext())


def check(geometry, stated, accuracy, limit, ellipsoidal, planar):
    """Return the cells of one row: areas in km², the difference in per cent, the verdict."""
    if geometry.isNull() or geometry.isEmpty() or not geometry.isGeosValid():
        return [_km2(stated), None, None, None, None, None, "not measurable"]
    area = ellipsoidal.measureArea(geometry)
    flat = QgsGeometry(geometry)
    flat.transform(planar)
    uncertainty = standard_error(flat, accuracy)
    cells = [_km2(stated), _km2(area), _km2(flat.area())]
    if stated is None:
        return [*cells, None, None, _km2(uncertainty), "no stated area"]
    difference = area - stated
    agrees = abs(difference) <= limit(stated, uncertainty)
    verdict = "consistent" if agrees else "not consistent"
    return [*cells, _km2(difference), 100 * difference / stated, _km2(uncertainty), verdict]


def standard_error(geometry, accuracy):
    """Return the standard error of a planar area, m², for vertices with independent errors.

    Var A = s²/4 · Σ[(x_{i+1} - x_{i-1})² + (y_{i+1} - y_{i-1})²], over all rings.
    """
    total = 0.0
    polygons = geometry.asMultiPolygon() if geometry.isMultipart() else [geometry.asPolygon()]
    for ring in (ring for polygon in polygons for ring in polygon):
        points = ring[:-1]
        for at in range(len(points)):
            before, after = points[at - 1], points[(at + 1) % len(points)]
            total += (after.x() - before.x()) ** 2 + (after.y() - before.y()) ** 2
    return accuracy / 2 * math.sqrt(total)


def square_metres(value, unit):
    """Return a stated area in m²; None for an empty cell, zero or less, or not a number."""
    if value is None or (isinstance(value, QVariant) and value.isNull()):
        return None
    area = float(value) * unit
    return area if math.isfinite(area) and area > 0 else None


def _equal_area(source, crs, context):
    """Return Lambert's equal-area projection centred on the layer."""
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    move = QgsCoordinateTransform(crs, degrees, context.transformContext())
    centre = move.transform(source.sourceExtent().center())
    return QgsCoordinateReferenceSystem.fromProj(
        f"+proj=laea +lat_0={centre.y():.6f} +lon_0={centre.x():.6f} +datum=WGS84 +units=m"
    )


def _fields(given):
    fields = QgsFields(given)
    for name in RESULTS:
        fields.append(QgsField(_free(name, fields), QVariant.Double))
    fields.append(QgsField(_free("verdict", fields), QVariant.String))
    return fields


def _free(name, fields):
    """Return the name, with a mark if the layer already has such a field."""
    while fields.indexFromName(name) >= 0:
        name += "_check"
    return name


def _km2(area):
    return None if area is None else area / 1e6

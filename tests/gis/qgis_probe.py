"""Runs inside QGIS's Python: opens layers, measures them, draws them; prints one JSON object.

python3 qgis_probe.py PICTURE LAYER_SOURCE...
"""

import json
import sys


def main(picture, *sources):
    # Imported here: pytest imports this file too, where there is no QGIS.
    from qgis.core import QgsApplication, QgsProject

    application = QgsApplication([], False)
    application.initQgis()
    layers = [open_layer(source) for source in sources]
    QgsProject.instance().addMapLayers(layers)
    report = {
        "layers": {layer.name(): describe(layer) for layer in layers},
        "picture_errors": draw(layers, picture),
    }
    print("\n" + json.dumps(report, ensure_ascii=False))


def open_layer(source):
    from qgis.core import QgsVectorLayer

    name = source.rsplit("=", 1)[-1].rsplit("/", 1)[-1].split(".")[0]
    layer = QgsVectorLayer(source, name, "ogr")
    assert layer.isValid(), source
    return layer


def describe(layer):
    features = list(layer.getFeatures())
    renderer = layer.renderer()
    return {
        "crs": layer.crs().authid(),
        "count": layer.featureCount(),
        "valid": all(feature.geometry().isGeosValid() for feature in features),
        "areas": {feature["id"]: ellipsoidal_area(layer, feature) for feature in features},
        "renderer": renderer.type(),
        "roles": {c.value(): c.label() for c in getattr(renderer, "categories", list)()},
        "labels": layer.labelsEnabled(),
        "licences": layer.metadata().licenses(),
        "abstract": layer.metadata().abstract(),
        "edges": {feature["id"]: edges(layer, feature) for feature in features},
        "styles": styles_in_file(layer),
    }


def ellipsoidal_area(layer, feature):
    from qgis.core import QgsDistanceArea, QgsProject

    measure = QgsDistanceArea()
    measure.setSourceCrs(layer.crs(), QgsProject.instance().transformContext())
    measure.setEllipsoid("EPSG:7030")
    return measure.measureArea(feature.geometry())


def edges(layer, feature):
    """Return the whole edge, and the lengths that the style draws firm and dashed, degrees."""
    from qgis.core import (
        QgsExpression,
        QgsExpressionContext,
        QgsExpressionContextUtils,
        QgsRenderContext,
    )

    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(feature)
    lengths = [feature.geometry().length()]
    for symbol in layer.renderer().symbols(QgsRenderContext())[:1]:
        for part in symbol.symbolLayers():
            if part.layerType() == "GeometryGenerator":
                expression = QgsExpression(part.geometryExpression())
                drawn = expression.evaluate(context)
                assert not expression.hasEvalError(), expression.evalErrorString()
                lengths.append(drawn.length() if drawn else 0)
    return lengths


def styles_in_file(layer):
    """Return the names of the layer's own styles that the GeoPackage holds."""
    count, _, names, _, error = layer.listStylesInDatabase()
    if error or count < 1:
        return []
    return names[:count]


def draw(layers, picture):
    from qgis.core import (
        QgsCoordinateReferenceSystem,
        QgsCoordinateTransform,
        QgsMapRendererParallelJob,
        QgsMapSettings,
        QgsProject,
    )
    from qgis.PyQt.QtCore import QSize
    from qgis.PyQt.QtGui import QColor

    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setOutputSize(QSize(800, 600))
    settings.setBackgroundColor(QColor("#ffffff"))
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:2326"))
    (parks,) = [layer for layer in layers if layer.name() == "parks"]
    move = QgsCoordinateTransform(parks.crs(), settings.destinationCrs(), QgsProject.instance())
    extent = move.transformBoundingBox(parks.extent())
    extent.scale(1.1)
    settings.setExtent(extent)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(picture)
    return [error.message for error in job.errors()]


if __name__ == "__main__":
    main(*sys.argv[1:])

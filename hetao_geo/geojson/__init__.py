"""RFC 7946: read with every fault named, write canonically.

``writer`` writes, ``syntax`` reads JSON strictly, ``structure`` holds the rules of the RFC, and
``fault`` is what they report.

References
----------
RFC 7946, The GeoJSON Format, https://www.rfc-editor.org/rfc/rfc7946
RFC 8259, The JSON Data Interchange Format, https://www.rfc-editor.org/rfc/rfc8259
"""

from hetao_geo.geojson.fault import Fault, Faults, rules, safe_json, show
from hetao_geo.geojson.structure import Collection, read
from hetao_geo.geojson.syntax import Limits, parse
from hetao_geo.geojson.traversal import geometries, positions
from hetao_geo.geojson.writer import bbox, document, dumps
from hetao_geo.text import printable

__all__ = [
    "Collection",
    "Fault",
    "Faults",
    "Limits",
    "bbox",
    "document",
    "dumps",
    "geometries",
    "parse",
    "positions",
    "printable",
    "read",
    "rules",
    "safe_json",
    "show",
]

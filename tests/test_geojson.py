"""JSON as RFC 8259 has it, GeoJSON as RFC 7946 has it: every fault named, no sound file refused."""

import json
from typing import Any

import pytest

from hetao_geo import geojson
from hetao_geo.geojson import Faults, Limits

RING = [[0, 0], [2, 0], [2, 2], [0, 0]]


def faults_of(value: Any, limits: Limits | None = None) -> Faults:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    faults = Faults()
    document = geojson.parse(data, faults, limits)
    if not faults.fatal:
        geojson.read(document, faults)
    return faults


def codes(value: Any) -> set[str]:
    return {fault.code for fault in faults_of(value)}


def errors(value: Any) -> set[str]:
    return {fault.code for fault in faults_of(value) if fault.severity == "error"}


# In the manner of the public JSON test suite: n_ must be refused, y_ accepted, i_ either.
N_CASES = [
    b"", b" ", b"[", b"]", b"{", b"[1,]", b"[,1]", b"[1,,2]", b"[1 2]", b'["a" "b"]', b"[1]]",
    b"[1]x", b"[-]", b"[+1]", b"[01]", b"[-01]", b"[1.]", b"[.1]", b"[1e]", b"[1e+]", b"[1.e1]",
    b"[0x1]", b"[1_000]", b"[NaN]", b"[-NaN]", b"[Infinity]", b"[-Infinity]", b"[nan]", b"[Inf]",
    b"[tru]", b"[True]", b"[nul]", b"{1:2}", b'{"a":1,}', b'{"a" 1}', b'{"a"}', b"{'a':1}",
    b'{"a":1}/**/', b'{"a":1}#', b'["a\nb"]', b'["a\tb"]', b'["\x00"]', b'["\\x00"]', b'["\\u00"]',
    b'["\\uD83D\\u12"]', b'["\\a"]', b'["', b'["\\', b'["a', b"[\x0b1]", b"[\xc2\xa01]",
    b"[\xe2\x81\xa0]", b"\xef\xbb\xbf", b"\xef\xbb", b'["\xff"]', b'["\xe9"]', b'["\xed\xa0\x80"]',
    b'["\xc0\xaf"]', b'["\xf4\xbf\xbf\xbf"]', b"[\xef\xbc\x91]", b"*", b"<null>", b"abc", b"\x00",
    b"[1\x00]", b"[" * 100_000, b'[{"":' * 50_000, b'"a', b"{\xff\xfe", b"\xff\xfe[\x00]\x00",
]  # fmt: skip
Y_CASES = [
    b"[]", b"{}", b'""', b"1", b"null", b"true", b" [] ", b"[\n1\r\t]", b"[-0]", b"[0e+1]",
    b"[1E22]", b"[123.456e-7]", b'["\\u0060\\u012a"]', b'["\\uD801\\udc37"]', b'["\\"\\\\\\/"]',
    '["皇岗\u2028"]'.encode(), b'["\x7f"]', b'{"a":{"b":[]}}', b'{"a":1,"b":null}', b'{"":0}',
    b'["\\u0000"]', b'["\\uFFFE"]', b"[[]   ]", b'["[[[[{"]', b"[20e1]", b"[" * 90 + b"]" * 90,
]  # fmt: skip
I_CASES = [
    b"[1e400]", b"[-1e9999]", b"[" + b"9" * 5000 + b"]",
    b"[" + b"9" * 250 + b"e99]", b'["\\uD800"]', b'["\\uDd1e\\uD834"]',
    b'{"a":1,"a":2}', b"\xef\xbb\xbf{}", b"[" * 500 + b"]" * 500, b"[1e-9999]", b'{"\\uDEAD":1}',
]  # fmt: skip


@pytest.mark.parametrize("data", N_CASES, ids=lambda data: repr(data[:12]))
def test_what_is_not_json_is_fatal(data: bytes) -> None:
    assert faults_of(data).fatal


@pytest.mark.parametrize("data", Y_CASES, ids=lambda data: repr(data[:12]))
def test_json_is_never_called_unreadable(data: bytes) -> None:
    assert not faults_of(data).fatal


@pytest.mark.parametrize("data", I_CASES, ids=lambda data: repr(data[:12]))
def test_what_parsers_differ_in_is_reported(data: bytes) -> None:
    assert faults_of(data)


def test_syntax_faults_give_line_and_column() -> None:
    (fault,) = faults_of(b'{"type":\n  "Point",\n  oops}')
    assert (fault.code, fault.line, fault.column) == ("not-json", 3, 3)
    (fault,) = faults_of('{"名":\n "皇\xff"'.encode("latin-1", "ignore") + b"\xff")
    assert (fault.code, fault.line) == ("not-utf8", 2)


def test_every_oddity_of_a_text_is_found_at_once() -> None:
    found = faults_of(b'\xef\xbb\xbf{"a":[NaN,{"k":1,"k":2}],"b":1e999,"c":"\\ud800"}')
    places = {(fault.code, fault.path) for fault in found}
    assert places >= {
        ("bom", None),
        ("not-finite", "$.a[0]"),
        ("duplicate-key", "$.a[1]"),
        ("number-out-of-range", "$.b"),
        ("lone-surrogate", "$.c"),
    }


def test_hostile_texts_take_linear_time() -> None:
    # Each would hang a scanner that starts again at every quote or recurses at every bracket.
    for data in (b'["' + b'\\"' * 2_000_000, b"[" * 2_000_000, b'{"a":' * 400_000):
        assert faults_of(data).fatal


def test_the_depth_limit_counts_brackets_outside_strings() -> None:
    assert faults_of(b'["[[[[[["]', Limits(depth=1)).counts == {"not-an-object": 1}
    assert faults_of(b"[[]]", Limits(depth=1)).counts == {"too-deep": 1}
    assert not faults_of(b'["\\"[[[[", []]', Limits(depth=2)).fatal


def feature(geometry: Any, **members: Any) -> dict[str, Any]:
    return {"type": "Feature", "id": 1, "properties": None, "geometry": geometry, **members}


def collection(*features: Any, **members: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **members}


POINT = {"type": "Point", "coordinates": [0, 0]}
POLYGON = {"type": "Polygon", "coordinates": [RING]}
SOUND = [
    POLYGON,
    feature(None),
    feature(POLYGON, properties={"a": [1, {"b": None}]}),
    feature(POLYGON, id="a", bbox=[0, 0, 2, 2]),
    feature(POLYGON, bbox=[170, -10, 0, -170, 10, 9]),
    collection(),
    collection(feature(POLYGON), feature(None, id=2.5), name="x", crs=None, foreign={"type": 3}),
    {"type": "Point", "coordinates": [1, 2, 3]},
    {"type": "Point", "coordinates": [1e2, -0.0], "foreign": [[1], "a"]},
    {"type": "MultiPoint", "coordinates": []},
    {"type": "MultiPoint", "coordinates": [[1, 2], [1, 2, 3]]},
    {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
    {"type": "MultiLineString", "coordinates": [[[1, 2], [3, 4]]]},
    {"type": "Polygon", "coordinates": []},
    {"type": "Polygon", "coordinates": [[[*p, 5] for p in RING]]},
    {"type": "MultiPolygon", "coordinates": [[RING], []]},
    {"type": "GeometryCollection", "geometries": []},
    {"type": "GeometryCollection", "geometries": [POLYGON, POINT]},
    feature({"type": "GeometryCollection", "geometries": [POLYGON]}),
    {"type": "LineString", "coordinates": [[170, 0], [-170, 0]]},
    collection(feature(POLYGON), crs={"type": "name", "properties": {"name": "EPSG:4326"}}),
]  # fmt: skip


@pytest.mark.parametrize("value", SOUND, ids=range(len(SOUND)))
def test_no_sound_document_has_an_error(value: Any) -> None:
    value = {k: v for k, v in value.items() if k != "crs" or v}
    assert errors(value) == set()


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


BROKEN = [
    ([], "not-an-object"),
    ({}, "missing-type"),
    ({"type": None}, "unknown-type"),
    ({"type": "polygon", "coordinates": [RING]}, "unknown-type"),
    ({"type": "Topology", "objects": {}}, "unknown-type"),
    ({"type": "Polygon"}, "missing-member"),
    ({"type": "Polygon", "coordinates": None}, "wrong-type"),
    ({"type": "Polygon", "coordinates": {}}, "wrong-type"),
    ({"type": "Polygon", "coordinates": "0,0"}, "wrong-type"),
    ({"type": "Polygon", "coordinates": RING}, "bad-coordinates"),
    ({"type": "MultiPolygon", "coordinates": [RING]}, "bad-coordinates"),
    ({"type": "LineString", "coordinates": [RING]}, "bad-coordinates"),
    ({"type": "LineString", "coordinates": [1, 2]}, "bad-coordinates"),
    ({"type": "Point", "coordinates": [[1, 2]]}, "bad-coordinates"),
    ({"type": "Point", "coordinates": [1]}, "bad-position"),
    ({"type": "Point", "coordinates": ["1", 2]}, "bad-position"),
    ({"type": "Point", "coordinates": [1, None]}, "bad-position"),
    ({"type": "Point", "coordinates": [True, 2]}, "bad-position"),
    ({"type": "Point", "coordinates": [1, 2, "z"]}, "bad-position"),
    ({"type": "Point", "coordinates": []}, "empty-position"),
    ({"type": "Point", "coordinates": {"lon": 1, "lat": 2}}, "wrong-type"),
    ({"type": "MultiPoint", "coordinates": [1, 2]}, "bad-coordinates"),
    ({"type": "LineString", "coordinates": [[1, 2]]}, "too-few-positions"),
    ({"type": "MultiLineString", "coordinates": [[]]}, "too-few-positions"),
    ({"type": "MultiLineString", "coordinates": [[1, 2], [3, 4]]}, "bad-coordinates"),
    (polygon([]), "too-few-positions"),
    (polygon(RING[:3]), "too-few-positions"),
    (polygon([[0, 0], [1, 0], [0, 0]]), "too-few-positions"),
    (polygon([[0, 0], [1, 0], [1, 1], [0, 1]]), "unclosed-ring"),
    (polygon(RING, [[0, 0], [1, 0], [1, 1], [0, 1]]), "unclosed-ring"),
    (polygon([[0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 0, 2]]), "unclosed-ring"),
    (polygon([[0, 0], [1, "x"], [1, 1], [0, 0]]), "bad-position"),
    (polygon([[0, 0], None, [1, 1], [0, 0]]), "bad-position"),
    ({"type": "GeometryCollection"}, "missing-member"),
    ({"type": "GeometryCollection", "geometries": POLYGON}, "wrong-type"),
    ({"type": "GeometryCollection", "geometries": [None]}, "wrong-type"),
    ({"type": "GeometryCollection", "geometries": [feature(POLYGON)]}, "unknown-type"),
    ({"type": "Feature", "properties": {}}, "missing-member"),
    ({"type": "Feature", "geometry": POLYGON}, "missing-member"),
    (feature(POLYGON, properties=[]), "wrong-type"),
    (feature(POLYGON, properties="a"), "wrong-type"),
    (feature([]), "wrong-type"),
    (feature("POINT(0 0)"), "wrong-type"),
    (feature({"type": "Feature"}), "unknown-type"),
    (feature({}), "missing-type"),
    (feature(POLYGON, id=None), "bad-id"),
    (feature(POLYGON, id={}), "bad-id"),
    (feature(POLYGON, id=True), "bad-id"),
    (feature(POLYGON, coordinates=[]), "forbidden-member"),
    (feature(POLYGON, features=[]), "forbidden-member"),
    ({**POLYGON, "properties": {}}, "forbidden-member"),
    ({**POLYGON, "geometry": None}, "forbidden-member"),
    (collection(properties={}), "forbidden-member"),
    ({"type": "FeatureCollection"}, "missing-member"),
    ({"type": "FeatureCollection", "features": {}}, "wrong-type"),
    ({"type": "FeatureCollection", "features": None}, "wrong-type"),
    (collection(None), "wrong-type"),
    (collection(POLYGON), "unknown-type"),
    (collection(collection()), "unknown-type"),
    (collection(bbox=[1, 2, 3]), "bad-bbox"),
    (collection(bbox=[1, 2, 3, 4, 5]), "bad-bbox"),
    (collection(bbox=["1", 2, 3, 4]), "bad-bbox"),
    (collection(bbox=None), "bad-bbox"),
    (collection(bbox=[0, 9, 1, 2]), "bad-bbox"),
    ({**POLYGON, "bbox": {}}, "bad-bbox"),
]


@pytest.mark.parametrize(("value", "code"), BROKEN, ids=range(len(BROKEN)))
def test_every_broken_document_is_an_error_with_its_code(value: Any, code: str) -> None:
    assert code in errors(value)


def test_all_faults_of_a_file_come_at_once_with_their_places() -> None:
    value = collection(
        feature(polygon([[0, 0], [1, 0], [1, 1], [0, 1]])),
        {"type": "feature"},
        feature({"type": "Point", "coordinates": ["1", 2]}, id=[]),
        bbox=[1],
    )
    found = {(fault.feature, fault.path) for fault in faults_of(value)}
    assert found >= {
        (0, "$.features[0].geometry.coordinates[0][3]"),
        (1, "$.features[1].type"),
        (2, "$.features[2].geometry.coordinates"),
        (2, "$.features[2].id"),
        (None, "$.bbox"),
    }


def test_a_type_in_the_wrong_case_names_the_right_one() -> None:
    (fault,) = faults_of({"type": "featurecollection", "features": []})
    assert fault.hint == "write 'FeatureCollection'"


def test_ids_missing_or_twice_are_warnings() -> None:
    bare = {"type": "Feature", "properties": None, "geometry": None}
    assert codes(collection(bare, feature(None), feature(None))) == {
        "missing-id", "duplicate-id", "null-geometry",
    }  # fmt: skip


def test_beyond_a_thousand_of_a_kind_faults_are_counted() -> None:
    found = faults_of(collection(*[3] * 1500))
    assert found.counts["wrong-type"] == 1500
    assert sum(fault.code == "wrong-type" for fault in found) == 1000
    assert found.omitted == 500


def test_text_from_a_file_cannot_command_a_terminal() -> None:
    found = faults_of({"type": "\x1b[2J\u202e\u009b", "\x1b]0;x": 1})
    assert all("\x1b" not in str(vars(fault)) for fault in found)
    assert geojson.printable("a\x9b\u2066") == "a\\u009b\\u2066"


def test_a_document_is_written_as_it_was_read() -> None:
    value = collection(feature(POLYGON, id="皇岗"), feature(None), name="x")
    assert json.loads(geojson.document(value)) == value
    assert json.loads(geojson.document(POLYGON)) == POLYGON

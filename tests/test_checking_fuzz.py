"""Whatever the bytes: faults or an error of our own, no other exception and no hang."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz_reading import feed, seeds

SEEDS = seeds()
KEYS = st.sampled_from(
    ["type", "features", "geometry", "coordinates", "properties", "id", "bbox", "crs", "geometries"]
)
TYPES = st.sampled_from(
    ["FeatureCollection", "Feature", "Polygon", "MultiPolygon", "Point", "LineString",
     "MultiPoint", "MultiLineString", "GeometryCollection", "polygon", "\ud800", "\x1b"]
)  # fmt: skip
NUMBERS = st.one_of(
    st.floats(), st.integers(), st.sampled_from([114.07, 22.52, 114.0424, 832000, 2.49e6, 1e308])
)
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, TYPES, st.text(max_size=5))
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.dictionaries(st.one_of(KEYS, st.text(max_size=3)), inner, max_size=5),
    ),
    max_leaves=30,
)
POSITIONS = st.lists(st.one_of(NUMBERS, LEAVES), min_size=1, max_size=4)
RINGS = st.lists(st.lists(POSITIONS, max_size=6), max_size=3)
GEOMETRIES = st.fixed_dictionaries(
    {"type": TYPES, "coordinates": st.one_of(RINGS, st.lists(RINGS, max_size=2), VALUES)}
)
DOCUMENTS = st.one_of(
    VALUES,
    GEOMETRIES,
    st.fixed_dictionaries(
        {
            "type": st.just("FeatureCollection"),
            "features": st.lists(
                st.fixed_dictionaries(
                    {"type": st.just("Feature"), "geometry": GEOMETRIES, "properties": VALUES},
                    optional={"id": LEAVES, "bbox": VALUES, "crs": VALUES},
                ),
                max_size=3,
            ),
        },
        optional={"crs": VALUES, "bbox": VALUES},
    ),
)
RELAXED = settings(
    deadline=None, max_examples=200, suppress_health_check=list(HealthCheck), database=None
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "input"


FOUND = [
    {"type": "Polygon", "coordinates": [[[1104, 22], [11401, 22], [114.1, 22.1], [114, 10**90]]]},
    {"type": "Polygon", "coordinates": [[[1e308, 0], [-1e308, 1], [0, 1e308], [1e308, 0]]]},
    {"type": "Polygon", "coordinates": [[[114, 22]] * 4]},
    {
        "type": "Polygon",
        "coordinates": [
            [[832000, 22], [-(10**200), 360], [1e155, 1e-320], [90, -(10**200)], [832000, 22]]
        ],
    },
]


@pytest.mark.parametrize("value", FOUND, ids=range(len(FOUND)))
def test_what_fuzzing_has_found(path: Path, value: Any) -> None:
    feed(path, json.dumps(value).encode())


@RELAXED
@given(data=st.binary(max_size=200))
def test_any_bytes(path: Path, data: bytes) -> None:
    for head in (b"", b"PK\x03\x04", b"SQLite format 3\0", b"\xef\xbb\xbf"):
        feed(path, head + data)


@RELAXED
@given(value=DOCUMENTS)
def test_any_document(path: Path, value: Any) -> None:
    feed(path, json.dumps(value).encode())


@RELAXED
@given(
    which=st.sampled_from(range(len(SEEDS))),
    edits=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=4)), max_size=8),
    cut=st.floats(0.01, 1),
)
def test_any_damage_to_a_sound_file(
    path: Path, which: int, edits: list[tuple[float, bytes]], cut: float
) -> None:
    data = bytearray(SEEDS[which])
    for place, content in edits:
        at = int(place * len(data))
        data[at : at + len(content)] = content
    feed(path, bytes(data[: max(1, int(cut * len(data)) if cut < 0.5 else len(data))]))

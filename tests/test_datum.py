"""The datums: against published control points, a plain reference and extended precision."""

import numpy as np
import pytest

from hetao_geo import datum
from hetao_geo.errors import UsageError

# Tiananmen as coordtransform's README and tests give it (WGS 84, GCJ-02, BD-09 of the first).
ARGUMENT = (116.404, 39.915)
GCJ02_OF_IT = (116.41024449916938, 39.91640428150164)
BD09_OF_IT = (116.41036949371029, 39.92133699351021)


def test_published_vectors() -> None:
    assert datum.wgs84_to_gcj02(*ARGUMENT) == pytest.approx(GCJ02_OF_IT, abs=2e-14)
    assert datum.gcj02_to_bd09(*ARGUMENT) == pytest.approx(BD09_OF_IT, abs=2e-14)


def test_unequal_lengths_name_both_shapes() -> None:
    with pytest.raises(UsageError, match=r"lon \(2,\), lat \(3,\)"):
        datum.wgs84_to_gcj02(np.zeros(2), np.zeros(3))

"""Evaluate stated areas against measured ones, by one rule for every polygon of any origin.

**Which area decides.** With a CRS, as in the built-in report (EPSG:2326), the planar area in it;
without one the geodesic area on the WGS 84 ellipsoid. The other stands beside it.

**The rule.** A row is *consistent* when measured and stated area differ by no more than the
rounding of the stated figure plus two standard uncertainties of the measurement; or, if a largest
difference was given, by no more than that share of the stated area.

**Rounding**: half a unit of the last digit. A text counts as written. A whole number is whole, be
it 500 or 500.0. Other numbers lose their trailing zeros, so three significant digits are assumed
at least, and the rounding is called *inferred*. A rounding that stands beside the figure
(``stated_rounding_km2``), or is given, counts before all.

**Accuracy**: as given, else the field ``accuracy_m`` of each row, the standard error of a vertex
in metres. The errors of vertices are independent (Chrisman and Yandell 1988), and vertices that
say nothing, as on a straight edge, do not count. Where a row lists ``sides`` with accuracies of
their own, the error belongs to the evidence of a side: the variance is the sum of (accuracy x
length) squared. An unknown accuracy allows for nothing.

A row that cannot be evaluated is *not-judged*, with its reason. What a row gets depends on the row
and the options only, never on the container, the size of the file or the other rows.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast, overload

from hetao_geo.errors import UsageError
from hetao_geo.verification.evaluation import Evaluation, evaluate
from hetao_geo.verification.model import Check, CrsArea, Interpretation, Origin, Report
from hetao_geo.verification.options import Options, share
from hetao_geo.verification.zone import DEFAULT_CRS, verify_zone

if TYPE_CHECKING:
    import geopandas

    from hetao_geo.verification.features import Declared
    from hetao_geo.verification.partitions import Partitioned
    from hetao_geo.verification.run import Batches

    _Polygons: TypeAlias = "str | os.PathLike[str] | Frame | Sequence[Declared]"

__all__ = [
    "DEFAULT_CRS",
    "Check",
    "CrsArea",
    "Evaluation",
    "Interpretation",
    "Options",
    "Origin",
    "Report",
    "evaluate",
    "share",
    "verify",
    "verify_zone",
]


class Frame(Protocol):
    """A `geopandas.GeoDataFrame`."""

    @property
    def geometry(self) -> geopandas.GeoSeries:
        """Its polygons."""

    @property
    def iloc(self) -> object:
        """Its rows."""


@overload
def verify(
    data: None = None,
    *,
    crs: str | None = None,
    max_difference: str | float | None = None,
    by_crs: bool = False,
) -> Report: ...


@overload
def verify(
    data: Partitioned,
    *,
    stated: str,
    unit: str | None = None,
    crs: str | None = None,
    accuracy_m: float | None = None,
    rounding: float | None = None,
    max_difference: str | float | None = None,
) -> Partitioned: ...


@overload
def verify(
    data: str | os.PathLike[str] | Frame | Sequence[Declared],
    *,
    stated: str | float,
    unit: str | None = None,
    crs: str | None = None,
    accuracy_m: float | None = None,
    rounding: float | None = None,
    max_difference: str | float | None = None,
    by_crs: bool = False,
    layer: str | None = None,
    encoding: str | None = None,
    assume: str | None = None,
) -> Report: ...


def verify(
    data: str | os.PathLike[str] | Frame | Sequence[Declared] | Partitioned | None = None,
    *,
    stated: str | float | None = None,
    unit: str | None = None,
    crs: str | None = None,
    accuracy_m: float | None = None,
    rounding: float | None = None,
    max_difference: str | float | None = None,
    by_crs: bool = False,
    layer: str | None = None,
    encoding: str | None = None,
    assume: str | None = None,
) -> Report | Partitioned:
    """Check measured areas against stated ones; the head of this module states the rule.

    Parameters
    ----------
    data : path, geopandas.GeoDataFrame, sequence of features, or dask_geopandas.GeoDataFrame
        Polygons of your own; by default the parks, their parts and the whole zone, as shipped.
    stated : str or float
        With `data`: the field of stated areas, or one figure for all polygons together.
    unit : {"km2", "ha", "m2", "mu"}, optional
        Unit of the stated areas and of the results; by default square kilometres, or what
        stands behind a figure ("150 mu").
    crs : str, optional
        Let the planar area in this projected CRS decide; by default EPSG:2326 (Hong Kong 1980
        Grid) for the zone, the geodesic area for other data.
    accuracy_m : float, optional
        Standard error of a vertex along each axis, metres; by default the field ``accuracy_m``,
        or ``sides``, of each row.
    rounding : float, optional
        Half a unit of the last digit of the stated figures, in `unit`.
    max_difference : str or float, optional
        A fixed share of the stated area, ``"2%"`` or 0.02, in place of rounding and accuracy.
    by_crs : bool
        Also measure in several CRSs.
    layer, encoding, assume : str, optional
        Of a file; see `hetao_geo.reading.open_file`.

    Returns
    -------
    Report
        A model; `hetao_geo.report.render` writes it. For a dask frame instead a dask DataFrame
        with a row for each row, see `hetao_geo.verification.partitions`.

    Raises
    ------
    UsageError
        An unknown CRS, unit or field, or a CRS that is not projected.
    DataError
        A file that is missing or damaged. A row that cannot be evaluated is in the report.

    Examples
    --------
    >>> report = verify()
    >>> [check.id for check in report.checks if check.interpretations]
    ['shenzhen-park', 'futian-bonded-zone', 'huanggang-port-area', 'zone']
    """
    limit = share(max_difference)
    if data is None:
        return verify_zone(crs=crs or DEFAULT_CRS, max_difference=limit, by_crs=by_crs)
    options = Options(stated, unit, crs, accuracy_m, rounding, limit)
    if stated is None:
        raise UsageError(
            "no stated areas",
            where="stated",
            expected="the name of a field, or a figure",
            found="None",
        )
    # Loaded here only: the built-in report starts sooner without them.
    from hetao_geo.verification import partitions, run

    if partitions.is_partitioned(data):
        return partitions.verify_partitions(data, options)
    source = _source(cast("_Polygons", data), layer=layer, encoding=encoding, assume=assume)
    return run.verify_source(source, options, by_crs=by_crs)


def _source(
    data: _Polygons,
    *,
    layer: str | None,
    encoding: str | None,
    assume: str | None,
) -> Batches:
    from hetao_geo import reading

    if isinstance(data, str | os.PathLike):
        return reading.open_file(data, layer=layer, encoding=encoding, assume=assume)
    if isinstance(data, Sequence):
        from hetao_geo.verification.features import source_of

        return source_of(cast("Sequence[Declared]", data))
    return reading.from_frame(data, assume=assume)

"""What the reader of a report should know: of the CRS, the accuracy, the rounding and the unit."""

from __future__ import annotations

from hetao_geo import crs as crs_table
from hetao_geo.verification.options import Options
from hetao_geo.verification.summary import Summary

# Above this error of areas the CRS, not the drawing, would begin to decide verdicts.
AREA_ERROR_LIMIT = 0.001


def warnings(summary: Summary, options: Options) -> tuple[str, ...]:
    """Return what the reader should know of the CRS, the accuracy, the rounding and the unit."""
    notes = []
    if options.crs and summary.geodesic_m2:
        error = summary.planar_m2 / summary.geodesic_m2 - 1
        if abs(error) > AREA_ERROR_LIMIT:
            name = crs_table.get(options.crs).name
            notes.append(
                f"{options.crs} ({name}) makes areas at this place {100 * error:+.2f} % off"
            )
    if options.max_difference is None and summary.bases[""]:
        notes.append(
            f"no accuracy of the vertices is known for {_rows(summary.bases[''])}, so only "
            "the rounding of the stated figure is allowed there; give --accuracy METRES or "
            "--max-difference"
        )
    if options.max_difference is None and summary.inferred:
        notes.append(
            f"the rounding of the stated figure is inferred for {_rows(summary.inferred)}: numbers "
            "lose their trailing zeros, so three significant digits are assumed at least; give "
            "--rounding"
        )
    if summary.fitting_unit:
        notes.append(
            "no row is consistent, but all agree within 5 % if the stated areas are in "
            f"{summary.fitting_unit}: try --unit {summary.fitting_unit}"
        )
    return tuple(notes)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"

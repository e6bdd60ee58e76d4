"""Find every fault of a file of polygons, and what its coordinates really are.

A file is known by its content: GeoJSON (read strictly: RFC 7946, RFC 8259), GeoJSON text
sequence, GeoPackage, Shapefile (.shp or zip), FlatGeobuf, GeoParquet, KML, KMZ, CSV with WKT.
Near the zone the coordinates are tried as WGS 84, GCJ-02, BD-09, Hong Kong 1980 Grid, CGCS2000,
UTM, Web Mercator, swapped axes and mistaken minutes and seconds. Nothing is converted without
being asked.
"""

from __future__ import annotations

import argparse
from itertools import groupby
from typing import Any

from hetao_geo import checking, files, reading
from hetao_geo.checking.crs_ranking import SURE, RankedCrs
from hetao_geo.errors import UsageError
from hetao_geo.geojson import Fault, Limits, printable, rules, safe_json

EXAMPLES = """\
examples:
  hetao-geo check parks.geojson                       every fault, and the likely datum
  hetao-geo check parks.geojson --format json         the same for programs
  hetao-geo check amap.geojson --assume gcj02         evaluate it as GCJ-02
  hetao-geo check parks.geojson --fix -o repaired.geojson

exit status: 0 no errors (warnings are allowed), 1 errors, 2 unreadable or not JSON at all
"""

# Of each fault as many places are listed as fit on a screen; JSON has them all.
_SHOWN = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``check``."""
    parser.add_argument("file", metavar="FILE", help="polygons of any of these formats")
    parser.add_argument("--assume", metavar="CRS", help="what the coordinates are, such as gcj02")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--all", action="store_true", help="list every place of every fault")
    parser.add_argument("--fix", action="store_true", help="repair what has one right answer")
    parser.add_argument("-o", "--output", metavar="OUT", help="the repaired file, with --fix")
    add_reading(parser)


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how a file is read."""
    parser.add_argument("--layer", metavar="NAME", help="the layer of a file with several")
    parser.add_argument("--encoding", metavar="NAME", help="of the file's text, such as gbk")
    usual = Limits()
    for name, unit in (("size", "bytes"), ("depth", "nested brackets"), ("vertices", "vertices")):
        most = getattr(usual, name)
        text = f"most {unit} taken (default {most:,})"
        parser.add_argument(f"--max-{name}", type=int, default=most, metavar="N", help=text)


def limits(args: argparse.Namespace) -> Limits:
    """Return the limits that were asked for."""
    return Limits(args.max_size, args.max_depth, args.max_vertices)


def run(args: argparse.Namespace) -> int:
    """Check a file, repair it where asked, and print what was found."""
    bounds = limits(args)
    if args.fix:
        _check_output(args)
    how: dict[str, Any] = {"assume": args.assume, "limits": bounds, "encoding": args.encoding}
    if args.layer or args.fix:
        layers = [checking.read(args.file, layer=args.layer, **how)]
    else:
        layers = list(checking.read_layers(args.file, **how))
    reports = [_model(found) for found in layers]
    status = max(0 if not found.errors else 1 if found.readable else 2 for found in layers)
    if args.fix and status < 2:
        status = _repair(args, bounds, reports[0])
    if args.format == "json":
        print(safe_json(reports[0] if len(reports) == 1 else _joined(reports)))
        return status
    lines = [
        _text(found, report, everything=args.all)
        for found, report in zip(layers, reports, strict=True)
    ]
    print("\n\n".join("\n".join(part) for part in lines))
    return status


def _joined(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the reports of several layers as one document."""
    first = reports[0]
    return {"file": first["file"], "format": first["format"], "layers": reports}


def _check_output(args: argparse.Namespace) -> None:
    if not args.output:
        raise UsageError("--fix writes a new file", expected="-o OUT", found="no output")
    check_geojson_output(args.file, args.output)


def check_geojson_output(source: str, target: str) -> None:
    """Raise an error unless `target` can become GeoJSON without loss of a file that was given."""
    endings = (".geojson", ".json")
    files.check_writable(target, inputs=reading.files_of(source), endings=endings)


def _repair(args: argparse.Namespace, bounds: Limits, report: dict[str, Any]) -> int:
    from hetao_geo.checking.repair import repair

    text, changes = repair(
        args.file, limits=bounds, layer=args.layer, encoding=args.encoding, assume=args.assume
    )
    files.write(args.output, text)
    # GeoJSON stays where it was; other formats were moved to WGS 84.
    stays = report["format"] in ("geojson", "geojsonseq")
    left = checking.read(args.output, assume=args.assume if stays else None, limits=bounds)
    report["fixed"] = {
        "file": args.output,
        "changes": [change.as_dict() for change in changes],
        "faults": [fault.as_dict() for fault in left.faults],
    }
    return 1 if left.errors else 0


def _model(found: checking.CheckedFile) -> dict[str, Any]:
    return {
        "file": found.file,
        "format": found.kind,
        "layer": found.layer,
        "crs": found.crs,
        "polygon_features": len(found.features),
        "faults": [fault.as_dict() for fault in found.faults],
        "faults_omitted": found.omitted,
        "crs_candidates": [candidate.as_dict() for candidate in found.crs_candidates],
        "distance_m": None if found.distance_m is None else round(found.distance_m),
    }


def _text(found: checking.CheckedFile, report: dict[str, Any], *, everything: bool) -> list[str]:
    errors = len(found.errors)
    warnings = len(found.faults) - errors
    lines = [
        f"{printable(found.file)}: {_kind(found)}, {_count(len(found.features), 'feature')} "
        f"with polygons, {_count(errors, 'error')}, {_count(warnings, 'warning')}"
    ]
    ordered = sorted(found.faults, key=lambda fault: (fault.severity, fault.code))
    for code, same in groupby(ordered, key=lambda fault: fault.code):
        lines += ["", *_fault_lines(code, list(same), everything)]
    lines += _fixed_lines(report["fixed"]) if "fixed" in report else []
    return [*lines, "", *_candidate_lines(found)] if found.readable else lines


def _kind(found: checking.CheckedFile) -> str:
    # One layer in a file that can have several is named only where its name says something.
    return f"{found.kind} layer {found.layer}" if found.layer else found.kind


def _fault_lines(code: str, faults: list[Fault], everything: bool) -> list[str]:
    shown = faults if everything else faults[:_SHOWN]
    lines = [f"{faults[0].severity}: {rules()[code].what} [{code}]"]
    for fault in shown:
        claims = [f"expected {fault.expected}"] if fault.expected else []
        claims += [f"found {fault.found}"] if fault.found else []
        lines.append("  " + ": ".join(part for part in (_place(fault), ", ".join(claims)) if part))
    if len(faults) > len(shown):
        lines.append(f"  and {len(faults) - len(shown)} more (--all lists them)")
    return [*lines, f"  to do: {faults[0].hint}"]


def _place(fault: Fault) -> str:
    words = [f"line {fault.line}"] if fault.line else []
    words += [f"column {fault.column}"] if fault.column else []
    words += [f"feature {fault.feature}"] if fault.feature is not None else []
    words += [fault.path] if fault.path else []
    return ", ".join(words)


def _fixed_lines(fixed: dict[str, Any]) -> list[str]:
    lines = ["", f"repaired into {printable(fixed['file'])}:"]
    for change in fixed["changes"]:
        line = f"  {change['path']}: {rules()[change['code']].what} ({change['count']})"
        before, after = change["area_before_m2"], change["area_after_m2"]
        if after is not None:
            line += f"; area {before:,.1f} to {after:,.1f} m2 ({after - before:+,.1f} m2)"
            line += f", outline moved by up to {change['moved_m']:,} m"
        lines.append(line)
    errors = sum(fault["severity"] == "error" for fault in fixed["faults"])
    return [*lines, f"  {_count(len(fixed['changes']), 'change')}, {_count(errors, 'error')} left"]


def _candidate_lines(found: checking.CheckedFile) -> list[str]:
    if not found.crs_candidates:
        if found.distance_m is None:
            return ["No polygon to place."]
        far = f"{found.distance_m / 1000:,.0f} km from the zone"
        return [f"The polygons are elsewhere, {far}; they were not compared with it."]
    lines = ["What the coordinates may be, by how they fit the zone:"]
    for candidate in found.crs_candidates:
        lines.append(f"  {candidate.crs:<18} {candidate.confidence:>4.0%}  {_why(candidate)}")
    best = found.crs_candidates[0]
    if best.crs == found.crs:
        return lines
    if best.confidence < SURE:
        return [*lines, "  none of them is sure; ask who drew the file, then give --assume"]
    return [*lines, f"  to convert: {best.command}"] if best.command else lines


def _why(candidate: RankedCrs) -> str:
    if candidate.basis == "overlap":
        return f"{candidate.title}; overlap {candidate.overlap:.2f}"
    what = "from the river line" if candidate.basis == "edge" else "from the zone"
    return f"{candidate.title}; {candidate.distance_m:,.0f} m {what}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

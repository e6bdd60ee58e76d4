"""The command line: one module a command, imported only when that command is called."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import NoReturn

from hetao_geo import __version__, files, paths
from hetao_geo.errors import HetaoGeoError
from hetao_geo.text import printable

# Command -> what it does. The module hetao_geo.cli.<command> has add_arguments(parser),
# run(args) -> exit status, and EXAMPLES.
COMMANDS = {
    "map": "make the border map: one HTML file that works offline",
    "verify": "check measured areas against stated ones",
    "check": "find every fault of a file of polygons, and its datum or axis order",
    "locate": "say which side of the limits points are on, and how sure that is",
    "compare": "compare two sets of polygons: how far apart, where, within accuracy or not",
    "convert": "convert a file between WGS 84, GCJ-02, BD-09 and any CRS",
    "layers": "list the layers: features, geometry, accuracy, licence",
    "export": "write the layers for GIS, CAD, spreadsheets and globes",
    "grid": "write an NTv2 grid: GCJ-02 for PROJ, GDAL and QGIS",
    "figure": "draw the border map for print: PNG, SVG or PDF",
}

_EPILOG = """\
examples:
  hetao-geo map                        write maps/hetao.html
  hetao-geo verify                     stated against measured areas, as a table
  hetao-geo layers                     what data there is
  hetao-geo COMMAND --help             options and examples of one command

exit status: 0 all well, 1 a check failed, 2 wrong use or unreadable input, 70 a fault of ours
"""

# sysexits.h: an error of the program itself, which no script must take for a failed check.
INTERNAL_ERROR = 70


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments without the program's name; those of the process by default.

    Returns
    -------
    int
        0 all well, 1 a check failed, 2 wrong use or unreadable input, 70 a fault of the program,
        130 interrupted, 143 ended by SIGTERM.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    _speak_utf8()
    try:
        with _ending_in_order():
            args = _parse(words)
            status: int = args.run(args)
            sys.stdout.flush()
            return status
    except HetaoGeoError as error:
        print(f"hetao-geo: error: {printable(str(error))}", file=sys.stderr)
        return 2
    except MemoryError:
        print("hetao-geo: error: the input needs more memory than there is", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("hetao-geo: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of the pipe has gone (``hetao-geo verify | head -1``): not a fault.
        _drop_output()
        return 0
    except OSError as error:
        # Files are read and written through hetao_geo.files; what is left is the screen itself.
        _drop_output()
        print(f"hetao-geo: error: cannot write the output: {error}", file=sys.stderr)
        return 2
    except Exception:  # the one place that catches all: a crash must not look like a verdict
        traceback.print_exc()
        print("hetao-geo: a fault of the program: please report it", file=sys.stderr)
        return INTERNAL_ERROR


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the program as Ctrl-C does: temporary files are taken away.

    A second signal of the kind does not interrupt that.
    """
    kinds = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, _: object) -> None:
        for kind in (*kinds, signal.SIGINT):
            signal.signal(kind, signal.SIG_IGN)
        raise SystemExit(128 + number)

    # Where one is ignored, as SIGHUP under nohup, it stays so.
    before = {kind: signal.getsignal(kind) for kind in kinds}
    for kind, handler in before.items():
        if handler == signal.SIG_DFL:
            signal.signal(kind, end)
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def _drop_output() -> None:
    """Send what is still unwritten nowhere, so that the interpreter can end in peace."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _speak_utf8() -> None:
    """Write UTF-8 into files and pipes; a terminal that lacks a character shows its escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


class _Parser(argparse.ArgumentParser):
    """An argument parser that names the nearest right word beside a wrong one."""

    def refuse(self, what: str, word: str, known: Sequence[str]) -> NoReturn:
        """End with the usage, the wrong word and the nearest of those that are known."""
        from difflib import get_close_matches  # takes 2 ms, so only where it is needed

        nearest = get_close_matches(word, known, 1, 0.5)
        hint = f"; did you mean {nearest[0]}?" if nearest else ""
        self.error(f"unknown {what}: {printable(word)}{hint}")

    def option_names(self) -> list[str]:
        """Return every option that it takes."""
        return [name for action in self._actions for name in action.option_strings]


class _Cite(argparse.Action):
    """Print how to cite the package, and end."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Print the citation; see `argparse.Action`."""
        print(files.read_text(paths.PACKAGE / "assets" / "citation.bib"), end="")
        parser.exit()


def _parse(words: list[str]) -> argparse.Namespace:
    parser = _Parser(
        prog="hetao-geo",
        description="The Hetao Shenzhen-Hong Kong cooperation zone: "
        "approximate boundaries, area verification and an offline border map.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"hetao-geo {__version__}")
    parser.add_argument("--cite", action=_Cite, nargs=0, help="print how to cite it, as BibTeX")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    called: dict[str, _Parser] = {
        command: _add_command(commands, command, summary, called=command in words[:1])
        for command, summary in COMMANDS.items()
    }
    if not words:
        parser.print_help(sys.stderr)
        parser.exit(2)
    if words[0] not in called and not words[0].startswith("-"):
        parser.refuse("command", words[0], list(called))
    args, unknown = parser.parse_known_args(words)
    if unknown:
        chosen = called.get(words[0], parser)
        wrong = next((word for word in unknown if word.startswith("-")), unknown[0])
        chosen.refuse("option" if wrong[0] == "-" else "argument", wrong, chosen.option_names())
    return args


def _add_command(
    commands: argparse._SubParsersAction[_Parser],
    command: str,
    summary: str,
    *,
    called: bool,
) -> _Parser:
    if not called:
        return commands.add_parser(command, help=summary, add_help=False)
    module = import_module(f"hetao_geo.cli.{command}")
    parser = commands.add_parser(
        command,
        help=summary,
        description=module.__doc__,
        epilog=module.EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    parser.set_defaults(run=module.run)
    return parser

"""Run the command line, as ``hetao-geo`` or as ``python -m hetao_geo``."""

import os
import signal
import sys


def main() -> int:
    """Run the command line; Ctrl-C ends it with 130 from the first moment to the last.

    Returns
    -------
    int
        As `hetao_geo.cli.main`.
    """
    heeded = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if heeded:
        # Modules are still to be loaded, and there is nothing yet to clear away.
        signal.signal(signal.SIGINT, _end_at_once)
    from hetao_geo import cli

    try:
        if heeded:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        status = cli.main()
        if heeded:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        return status
    except KeyboardInterrupt:
        return 130


def _end_at_once(*_: object) -> None:
    os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, b"hetao-geo: interrupted\n")
    os._exit(130)


if __name__ == "__main__":
    raise SystemExit(main())

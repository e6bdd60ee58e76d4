"""A bar with rate and remaining time, on a terminal only."""

from __future__ import annotations

import sys
import time
from typing import TextIO

WIDTH = 30
# Seconds between two drawings: faster only flickers.
PAUSE = 0.1


class Progress:
    """Draw on standard error while work goes on; in a pipe or a file draw nothing.

    Parameters
    ----------
    what : str
        What is counted, in the plural.
    stream : file, optional
        Standard error by default.
    """

    def __init__(self, what: str, stream: TextIO | None = None) -> None:
        self.what = what
        self.stream = stream or sys.stderr
        self.shown = self.stream.isatty()
        self.start = self.last = time.monotonic()

    def show(self, done: int, share: float | None) -> None:
        """Draw `done` things, which are `share` of all (None: nobody knows)."""
        now = time.monotonic()
        if not self.shown or now - self.last < PAUSE:
            return
        self.last = now
        self.stream.write("\r\x1b[K" + self.line(done, share, now - self.start))
        self.stream.flush()

    def line(self, done: int, share: float | None, seconds: float) -> str:
        """Return the line after some seconds of work.

        Examples
        --------
        >>> from io import StringIO
        >>> Progress("rows", StringIO()).line(5_000_000, 0.5, 5.0)
        '[===============               ]  50 %  5,000,000 rows  1,000,000 rows/s  0:05 left'
        """
        rate = f"{done:,} {self.what}  {done / max(seconds, 1e-9):,.0f} {self.what}/s"
        if not share:
            return rate
        bar = "=" * round(WIDTH * min(share, 1.0))
        left = round(seconds * (1 / share - 1)) if share < 1 else 0
        return f"[{bar:<{WIDTH}}] {share:>4.0%}  {rate}  {left // 60}:{left % 60:02} left".replace(
            "%", " %"
        )

    def close(self) -> None:
        """Clear the line."""
        if self.shown:
            self.stream.write("\r\x1b[K")
            self.stream.flush()

"""Marked content: what a PDF says about a stretch of drawing to readers who do not see it."""

from __future__ import annotations

from typing import Any

from matplotlib.artist import Artist


class Mark(Artist):
    """Begins or ends marked content in a PDF; draws nothing.

    Parameters
    ----------
    tag : str, optional
        Structure type; None ends what was begun last.
    properties : str
        Dictionary in PDF syntax.
    """

    def __init__(self, tag: str | None = None, properties: str = "") -> None:
        super().__init__()
        self._operator = f"/{tag} {properties} BDC" if tag else "EMC"

    def draw(self, renderer: Any) -> None:
        """Write the operator (ISO 32000-1, section 14.6), if this is a PDF."""
        from matplotlib.backends.backend_pdf import PdfFile, Verbatim

        file = getattr(renderer, "file", None)
        if not isinstance(file, PdfFile):
            return
        # What the last artist has set is undone first: marks and graphics states do not cross.
        renderer.finalize()
        operator: Any = Verbatim(self._operator.encode("ascii"))  # type: ignore[no-untyped-call]
        file.output(operator)  # type: ignore[no-untyped-call]


def actual_text(words: str) -> Mark:
    """Return the beginning of a span whose letters read as `words`, however they are turned."""
    # The space at the end parts it from the next name; Poppler would join them.
    letters = (chr(0xFEFF) + words + " ").encode("utf-16-be").hex()
    return Mark("Span", f"<</ActualText <{letters}>>>")

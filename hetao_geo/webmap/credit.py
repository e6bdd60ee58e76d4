"""The credit of a base map: plain text, whatever markup its provider writes."""

from __future__ import annotations

import re
from html.parser import HTMLParser

# Characters that one line of the legend holds.
_LONGEST_NAME = 32


class _Reader(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words, self.link, self._skipped = list[str](), "", 0
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skipped += tag in ("script", "style")
        target = (dict(attrs).get("href") or "").strip()
        if tag == "a" and re.match(r"https?://[^\s\"'<>]+$", target) and not self.link:
            self.link = target

    def handle_endtag(self, tag: str) -> None:
        self._skipped -= tag in ("script", "style") and self._skipped > 0

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.words.append(data)


def plain(attribution: str) -> tuple[str, str | None]:
    """Return the text of a credit, and the first web address that it links.

    Markup without any text is itself the text.

    Parameters
    ----------
    attribution : str
        Text or HTML.

    Examples
    --------
    >>> plain("&copy; <a href='https://example.org/'>Example</a>")
    ('© Example', 'https://example.org/')
    """
    reader = _Reader(attribution)
    words = "".join(reader.words).split() or attribution.split()
    return " ".join(words), reader.link or None


def name(credit: str) -> str:
    """Return the plain words at the head of a credit: they tell one base map from another.

    Examples
    --------
    >>> name("© Survey of Maps 2024, CC BY")
    'Survey of Maps 2024'
    """
    first = re.split(r"[|,;，；、\n]", re.sub(r"©|\(c\)|\bcopyright\b", " ", credit, flags=re.I))
    words = next((" ".join(part.split()) for part in first if part.strip()), "")
    return words if len(words) <= _LONGEST_NAME else f"{words[: _LONGEST_NAME - 1].rstrip()}…"

"""The Content-Security-Policy of the page: nothing runs or loads that is not named here."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

# Tags that the assets of a reader's own folium layers bring into the head.
_INLINE = re.compile(r"<(script|style)(?:\s[^>]*)?>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE)
_SCRIPT_LINK = re.compile(r"<script\s[^>]*src=[\"']([^\"']+)[\"']", re.IGNORECASE)
_STYLE_LINK = re.compile(r"<link\s[^>]*href=[\"']([^\"']+)[\"']", re.IGNORECASE)


@dataclass
class Policy:
    """What the page may run and load; empty, it allows nothing."""

    scripts: list[str] = field(default_factory=list)
    """Sources of scripts: hashes and exact addresses."""
    styles: list[str] = field(default_factory=list)
    """Sources of style sheets: hashes and exact addresses."""
    fonts: list[str] = field(default_factory=list)
    """Origins of fonts."""
    images: list[str] = field(default_factory=lambda: ["data:"])
    """Sources of images: ``data:`` and the origins of tiles."""

    def allow_head(self, markup: str) -> None:
        """Allow the inline and linked scripts and styles of a piece of the head, each exactly."""
        for tag, content in _INLINE.findall(markup):
            target = self.scripts if tag.lower() == "script" else self.styles
            if content.strip():
                target.append(digest(content))
        self.scripts += map(_exact, _SCRIPT_LINK.findall(markup))
        sheets = [_exact(url) for url in _STYLE_LINK.findall(markup)]
        self.styles += sheets
        # A linked style sheet brings its fonts and icons from beside itself.
        self.fonts += map(origin, sheets)
        self.images += map(origin, sheets)

    def text(self) -> str:
        """Return the policy as the value of its ``meta`` element."""
        rows = [
            ("default-src", ["'none'"]),
            ("script-src", self.scripts),
            ("style-src", self.styles),
            ("img-src", self.images),
            ("font-src", self.fonts),
            ("base-uri", ["'none'"]),
            ("form-action", ["'none'"]),
        ]
        return "; ".join(f"{name} {' '.join(_unique(values))}" for name, values in rows if values)


def digest(content: str) -> str:
    """Return the source expression that allows exactly this inline script or style."""
    raw = hashlib.sha256(content.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(raw).decode('ascii')}'"


def origin(url: str) -> str:
    """Return scheme and host of `url` as a source expression; ``{s}`` stands for any subdomain.

    Examples
    --------
    >>> origin("https://{s}.tile.example.org/{z}/{x}/{y}.png"), origin("data:image/png;base64,AA")
    ('https://*.tile.example.org', 'data:')
    """
    parts = urlsplit(re.sub(r"\{s\}\.|\[[^\]]*\]\.", "*.", url))
    if parts.scheme == "data" or not parts.netloc:
        return "data:"
    return _plain(f"{parts.scheme or 'https'}://{parts.netloc.rpartition('@')[2]}")


def _exact(url: str) -> str:
    return _plain(url.partition("?")[0].partition("#")[0])


def _plain(source: str) -> str:
    # White space, ";" and "," end a source expression, a directive and a policy.
    return re.sub(r"[\s;,\"'<>]", lambda m: f"%{ord(m[0]):02X}", source)


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))

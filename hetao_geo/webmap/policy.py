"""The Content-Security-Policy of a page: nothing runs or loads that is not named here."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields


def _sources() -> list[str]:
    return []


@dataclass
class Policy:
    """What a page may run and load; empty, it allows nothing."""

    scripts: list[str] = field(default_factory=_sources)
    """Sources of scripts: hashes and exact addresses."""
    styles: list[str] = field(default_factory=_sources)
    """Sources of style sheets: hashes and exact addresses."""
    attributes: list[str] = field(default_factory=_sources)
    """Hashes of ``style`` attributes."""
    images: list[str] = field(default_factory=_sources)
    """Sources of images: ``data:`` and the origins of tiles."""
    fonts: list[str] = field(default_factory=_sources)
    """Origins of fonts."""
    media: list[str] = field(default_factory=_sources)
    """Sources of sound and video."""
    frames: list[str] = field(default_factory=_sources)
    """Sources of frames."""
    connections: list[str] = field(default_factory=_sources)
    """Origins of data that scripts fetch."""

    def __add__(self, other: Policy) -> Policy:
        """Return a policy that allows what either allows."""
        return Policy(
            **{f.name: [*getattr(self, f.name), *getattr(other, f.name)] for f in fields(self)}
        )

    def text(self) -> str:
        """Return the policy as the value of its ``meta`` element."""
        # A hash allows a style attribute only beside 'unsafe-hashes', which allows no more.
        attributes = ["'unsafe-hashes'", *self.attributes] if self.attributes else []
        rows = [
            ("default-src", ["'none'"]),
            ("script-src", self.scripts),
            ("style-src", [*self.styles, *attributes]),
            ("img-src", self.images),
            ("font-src", self.fonts),
            ("media-src", self.media),
            ("frame-src", self.frames),
            ("connect-src", self.connections),
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
    found = re.match(r"(https?:)?//([^/?#]+)", url, re.IGNORECASE)
    if found is None:
        return "data:"
    host = found[2].rpartition("@")[2]
    # A source expression has a wildcard for whole labels at the beginning only.
    varying = [match.end() for match in re.finditer(r"\{[^}]*\}|\[[^\]]*\]", host)]
    if varying:
        host = f"*.{host[varying[-1] :].partition('.')[2]}"
    return _plain(f"{found[1] or 'https:'}//{host}")


def exact(url: str) -> str:
    """Return the address of one file as a source expression."""
    return _plain(url.partition("?")[0].partition("#")[0])


def _plain(source: str) -> str:
    # White space, ";" and "," end a source expression, a directive and a policy.
    return re.sub(r"[\s;,\"'<>]", lambda m: f"%{ord(m[0]):02X}", source)


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))

"""What a piece of HTML runs and loads, and the policy that allows just that."""

from __future__ import annotations

import base64
import binascii
import re
from html.parser import HTMLParser
from urllib.parse import unquote

from hetao_geo.webmap.policy import Policy, digest, exact, origin

# Element and attribute -> list of the policy to which the address of the attribute belongs.
_LOADING = {
    ("img", "src"): "images",
    ("image", "href"): "images",
    ("image", "xlink:href"): "images",
    ("video", "poster"): "images",
    ("video", "src"): "media",
    ("audio", "src"): "media",
    ("source", "src"): "media",
    ("iframe", "src"): "frames",
    ("embed", "src"): "frames",
}
_URL = re.compile(r"url\(\s*[\"']?((?:https?:)?//[^\"')\s]+|data:)", re.IGNORECASE)
_DATA_PAGE = re.compile(r"data:text/html[^,]*?(;base64)?,(.*)", re.IGNORECASE | re.DOTALL)


class Scan(HTMLParser):
    """Reads markup; `policy` allows what it needs and `refused` says what cannot be allowed."""

    def __init__(self, markup: str, *, dynamic: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self.policy, self.refused = Policy(), list[str]()
        self._dynamic, self._inline, self._content = dynamic, "", list[str]()
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read an element and its attributes."""
        values = {name: value or "" for name, value in attrs}
        for name, value in values.items():
            self._attribute(tag, name, value)
        if tag == "script" and "src" in values:
            self.policy.scripts.append(exact(values["src"]))
        elif tag in ("script", "style"):
            self._inline, self._content = tag, []
        elif tag == "link" and "stylesheet" in values.get("rel", "").lower():
            self._sheet(values.get("href", ""))

    def handle_data(self, data: str) -> None:
        """Keep the content of a script or a style sheet."""
        if self._inline:
            self._content.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Allow the script or the style sheet that ends here."""
        if tag != self._inline:
            return
        self._inline, content = "", "".join(self._content)
        if tag == "style":
            self.policy.styles.append(digest(content))
            self._images(content)
        elif self._dynamic:
            self.refused.append("a script inside of content, which browsers do not run")
        elif content.strip():
            self.policy.scripts.append(digest(content))

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name == "style" and value:
            self.policy.attributes.append(digest(value))
            self._images(value)
        elif name.startswith("on"):
            self.refused.append(f"the script in the attribute {name} of <{tag}>")
        elif value.strip().lower().startswith("javascript:"):
            self.refused.append(f"the script in the address of <{tag}>")
        elif name == "srcdoc":
            self._nested(value)
        elif target := _LOADING.get((tag, name)):
            getattr(self.policy, target).append(origin(value))
            if page := _DATA_PAGE.match(value):
                self._nested(_decoded(*page.groups()))

    def _nested(self, markup: str) -> None:
        # A frame without an address of its own inherits the policy of the page.
        inner = Scan(markup)
        self.policy += inner.policy
        self.refused += inner.refused

    def _sheet(self, url: str) -> None:
        # A linked style sheet brings its fonts and icons from beside itself.
        self.policy.styles.append(exact(url))
        self.policy.fonts.append(origin(url))
        self.policy.images.append(origin(url))

    def _images(self, css: str) -> None:
        self.policy.images += map(origin, _URL.findall(css))


def _decoded(is_base64: str | None, content: str) -> str:
    if not is_base64:
        return unquote(content)
    try:
        return base64.b64decode(content).decode("utf-8", errors="replace")
    except binascii.Error:
        return ""

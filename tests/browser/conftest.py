"""A Chromium without a network, and pages that report everything they should not do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from hetao_geo.webmap import build_map

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE, PHONE = (1280, 800), (390, 844)


@dataclass
class Watch:
    """What a page asked for and complained about."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._console)

    def _console(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@pytest.fixture(scope="session")
def browser(need_tool: Callable[..., str]) -> Iterator[Browser]:
    chromium = need_tool("chromium", "chromium-browser", "google-chrome", package="chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def map_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "map.html"
    build_map().save(str(path))
    return path


@pytest.fixture
def show(browser: Browser, map_file: Path) -> Iterator[Callable[..., Page]]:
    """Open a page file; complaints of the page fail the test unless `strict` is off."""
    opened: list[tuple[Page, Watch, bool]] = []

    def opening(
        size: tuple[int, int] = WIDE,
        *,
        at: str = "",
        path: Path = map_file,
        strict: bool = True,
        **options,
    ) -> Page:
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, offline=True, **options)
        page, watch = context.new_page(), Watch()
        watch.follow(page)
        page.goto(path.as_uri() + at)
        page.watch = watch
        opened.append((page, watch, strict))
        return page

    yield opening
    for page, watch, strict in opened:
        page.context.close()
        if strict:
            assert not watch.complaints

"""Write the pictures of the page in ``maps/``: ``python -m tests.browser.screenshots``."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from hetao_geo.text import LANGUAGES
from hetao_geo.webmap import build_map
from tests.browser.conftest import ARGUMENTS, PHONE, WIDE

MAPS = Path(__file__).resolve().parents[2] / "maps"
# What the picture in the README shows besides the opening view: one popup.
OPEN = "hetao.openPlaceById('hong-kong-park', false)"


def shoot(
    browser: Browser, page_file: Path, language: str, size: tuple[int, int], name: str
) -> None:
    """Write one picture of the opening view."""
    viewport = {"width": size[0], "height": size[1]}
    context = browser.new_context(viewport=viewport, offline=True, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{page_file.as_uri()}#lang={language}")
    page.wait_for_selector("html.hz-ready")
    page.screenshot(path=MAPS / f"{name}-{language}.png")
    if name == "wide" and language == "en":
        page.evaluate(OPEN)
        page.screenshot(path=MAPS / "hetao.png")
        page.pdf(path=page_file.parent / "page.pdf", prefer_css_page_size=True)
    context.close()


def shoot_state(
    browser: Browser, page_file: Path, name: str, *, fragment: str = "", dark: bool = False
) -> None:
    """Write one picture of the page in an article (``#embed``) or in the dark."""
    viewport = {"width": 600, "height": 400} if fragment else {"width": WIDE[0], "height": WIDE[1]}
    context = browser.new_context(
        viewport=viewport, offline=True, color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    page.goto(page_file.as_uri() + fragment)
    page.wait_for_selector("html.hz-ready")
    page.screenshot(path=MAPS / f"{name}.png")
    context.close()


def main() -> int:
    """Make the page, and its pictures wide, on a phone, embedded, in the dark and on paper."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if not chromium or not shutil.which("pdftoppm"):
        print("needs chromium and poppler-utils (Debian packages)", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder) / "map.html"
        build_map().save(str(page_file))
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for language in LANGUAGES:
            shoot(browser, page_file, language, WIDE, "wide")
            shoot(browser, page_file, language, PHONE, "phone")
        shoot_state(browser, page_file, "embed", fragment="#embed")
        shoot_state(browser, page_file, "dark", dark=True)
        browser.close()
        paper = [Path(folder) / "page.pdf", MAPS / "print"]
        subprocess.run(["pdftoppm", "-r", "110", "-png", "-singlefile", *paper], check=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

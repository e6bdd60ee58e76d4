"""The three engines behind one small interface: Chromium, Firefox and WebKit."""

import json
import os
import subprocess
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

MINI_BROWSERS = "usr/lib/*/webkit2gtk-4.1/MiniBrowser"


class Chromium:
    """Chromium by playwright, as the other tests start it."""

    name = "chromium"

    def __init__(self, browser) -> None:
        self._browser, self._page, self._errors = browser, None, []

    def open(self, url: str, width: int = 1280, height: int = 800) -> None:
        if self._page:
            self._page.context.close()
        context = self._browser.new_context(viewport={"width": width, "height": height})
        self._page, self._errors = context.new_page(), []
        self._page.on("pageerror", lambda error: self._errors.append(str(error)))
        self._page.goto(url)

    def evaluate(self, script: str) -> Any:
        return self._page.evaluate(script)

    def click(self, x: float, y: float) -> None:
        self._page.mouse.click(x, y)

    def write(self, text: str) -> None:
        self._page.keyboard.type(text)

    def press(self, key: str) -> None:
        self._page.keyboard.press(key)

    def errors(self) -> list[str]:
        return self._errors

    def print(self, path: Path) -> None:
        self._page.pdf(path=str(path), prefer_css_page_size=True, print_background=True)

    def picture(self, path: Path) -> None:
        self._page.screenshot(path=str(path))

    def close(self) -> None:
        if self._page:
            self._page.context.close()


class Firefox:
    """Debian's firefox-esr by npm's puppeteer-core, which speaks WebDriver BiDi."""

    name = "firefox"

    def __init__(self, executable: str, modules: Path) -> None:
        bridge = Path(__file__).with_name("firefox.mjs")
        self._process = subprocess.Popen(
            ["node", str(bridge), str(modules), executable],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _ask(self, command: str, **values: object) -> Any:
        self._process.stdin.write(json.dumps({"command": command, **values}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or '{"error": "Firefox has gone"}')
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer["value"]

    def open(self, url: str, width: int = 1280, height: int = 800) -> None:
        self._ask("open", url=url, width=width, height=height)

    def evaluate(self, script: str) -> Any:
        return self._ask("evaluate", script=script)

    def click(self, x: float, y: float) -> None:
        self._ask("click", x=x, y=y)

    def write(self, text: str) -> None:
        self._ask("write", text=text)

    def press(self, key: str) -> None:
        self._ask("press", key=key)

    def errors(self) -> list[str]:
        return self._ask("errors")

    def print(self, path: Path) -> None:
        self._ask("print", path=str(path))

    def picture(self, path: Path) -> None:
        self._ask("picture", path=str(path))

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


class WebKit:
    """WebKitGTK's MiniBrowser by selenium, on a screen of Xvfb."""

    name = "webkit"

    def __init__(self, driver: str, browser: str, xvfb: str) -> None:
        from selenium.webdriver import WebKitGTK, WebKitGTKOptions
        from selenium.webdriver.webkitgtk.service import Service

        read, write = os.pipe()
        self._screen = subprocess.Popen(
            [xvfb, "-displayfd", str(write), "-screen", "0", "1600x1200x24", "-nolisten", "tcp"],
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as display:
            number = display.readline().strip()
        self._home = tempfile.TemporaryDirectory(prefix="webkit")
        home = self._home.name
        environment = {**os.environ, "DISPLAY": f":{number}", "HOME": home, "XDG_RUNTIME_DIR": home}
        # The sandbox of WebKit needs rights that a container does not have.
        environment |= {"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1", "NO_AT_BRIDGE": "1"}
        options = WebKitGTKOptions()
        options.binary_location = browser
        options.add_argument("--automation")
        service = Service(executable_path=driver, env=environment)
        try:
            # selenium warns of what it does itself.
            with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
                self._driver = WebKitGTK(options=options, service=service)
        except BaseException:
            self._stop_screen()
            raise

    def open(self, url: str, width: int = 1280, height: int = 800) -> None:
        # The window is larger than the page by its frame and toolbar.
        self._driver.get("about:blank")
        self._driver.set_window_size(width, height)
        inner = "return [window.innerWidth, window.innerHeight]"
        self._driver.get(url)
        shown = self._driver.execute_script(inner)
        self._driver.set_window_size(2 * width - shown[0], 2 * height - shown[1])

    def evaluate(self, script: str) -> Any:
        return self._driver.execute_script(f"return ({script})")

    def click(self, x: float, y: float) -> None:
        from selenium.webdriver.common.actions.action_builder import ActionBuilder

        actions = ActionBuilder(self._driver)
        actions.pointer_action.move_to_location(round(x), round(y)).click()
        actions.perform()

    def write(self, text: str) -> None:
        from selenium.webdriver import ActionChains

        ActionChains(self._driver).send_keys(text).perform()

    def press(self, key: str) -> None:
        from selenium.webdriver import ActionChains, Keys

        ActionChains(self._driver).send_keys(getattr(Keys, key.upper())).perform()

    def errors(self) -> list[str]:
        return []  # the driver tells of none; that the page is ready is what can be seen

    def print(self, path: Path) -> None:
        pytest.skip("WebKitGTK's driver cannot print")

    def picture(self, path: Path) -> None:
        self._driver.save_screenshot(str(path))

    def close(self) -> None:
        self._driver.quit()
        self._stop_screen()

    def _stop_screen(self) -> None:
        self._screen.terminate()
        self._screen.wait(timeout=30)
        self._home.cleanup()


Engine = Chromium | Firefox | WebKit


def start(name: str, request, need_tool: Callable[..., str]) -> Engine:
    """Start an engine; without its programs the test is skipped, or fails where CI has none."""
    if name == "chromium":
        return Chromium(request.getfixturevalue("browser"))
    if name == "firefox":
        need_tool("node", package="nodejs")
        executable = need_tool("firefox-esr", "firefox", package="firefox-esr")
        return Firefox(executable, request.getfixturevalue("node_modules"))
    driver = need_tool("WebKitWebDriver", package="webkit2gtk-driver")
    xvfb = need_tool("Xvfb", package="xvfb")
    browsers = sorted(Path("/").glob(MINI_BROWSERS))
    if not browsers:
        need_tool("MiniBrowser", package="libwebkit2gtk-4.1-0")
    pytest.importorskip("selenium")
    return WebKit(driver, str(browsers[0]), xvfb)

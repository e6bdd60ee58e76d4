"""What the tests share: a tool that is missing skips a test here and fails it in CI."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def need_tool() -> Callable[..., str]:
    """Return the path of a program; a missing one skips, and fails where CI is set."""

    def need(*names: str, package: str) -> str:
        for name in names:
            if found := shutil.which(name):
                return found
        reason = f"needs {' or '.join(names)} (Debian package {package})"
        if os.environ.get("CI"):
            pytest.fail(reason)
        raise pytest.skip.Exception(reason)

    return need


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """Return the folder of what the tests take from npm, so only CI must have it."""
    named = os.environ.get("HETAO_NODE_MODULES")
    if named and Path(named).is_dir():
        return Path(named)
    reason = "needs HETAO_NODE_MODULES, a folder with what .ci/run installs by npm"
    if os.environ.get("CI"):
        pytest.fail(reason)
    raise pytest.skip.Exception(reason)

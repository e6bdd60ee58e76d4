"""Real clients: an export to read, QGIS's own Python, and a PostgreSQL that lives for one run."""

import importlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from hetao_geo.formats import Export, export

Run = Callable[..., str]


def run(*words: str | Path, **options: object) -> str:
    """Return what a program prints; a failure shows what it said."""
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, timeout=120, **options
    )
    assert done.returncode == 0, f"{words[0]}: {done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def exported(tmp_path_factory) -> Export:
    """Return an export of every layer in every format."""
    return export(tmp_path_factory.mktemp("gis") / "out", formats="all")


@pytest.fixture(scope="session")
def exported_2326(tmp_path_factory) -> Export:
    """Return an export in metres."""
    return export(tmp_path_factory.mktemp("gis") / "hk80", formats="all", crs="EPSG:2326")


@pytest.fixture(scope="session")
def qgis(need_tool, tmp_path_factory) -> Run:
    """Return a function that runs a script with QGIS's Python, without a screen."""
    need_tool("qgis_process", package="qgis")
    home = tmp_path_factory.mktemp("qgis")
    surroundings = {
        **{k: v for k, v in os.environ.items() if not k.startswith("PYTHON")},
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(home),
        "HOME": str(home),
    }
    return _python_that("import qgis.core", "python3-qgis", surroundings)


@pytest.fixture(scope="session")
def system_python() -> Run:
    """Return a function that runs a Python whose SQLite takes SpatiaLite."""
    code = """
import sqlite3
database = sqlite3.connect(":memory:")
database.enable_load_extension(True)
database.load_extension("mod_spatialite")
"""
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return _python_that(code, "libsqlite3-mod-spatialite", surroundings)


def _python_that(can: str, package: str, surroundings: dict[str, str]) -> Run:
    """Return a function that runs the first Python that can do so."""
    for name in filter(shutil.which, ("/usr/bin/python3", "python3", sys.executable)):
        probe = [name, "-c", can]
        if not subprocess.run(probe, capture_output=True, env=surroundings).returncode:
            return lambda *words: run(name, *words, env=surroundings)
    reason = f"needs a Python that can: {can.strip()} (Debian package {package})"
    if os.environ.get("CI"):
        pytest.fail(reason)
    raise pytest.skip.Exception(reason)


@pytest.fixture(scope="session")
def psql(need_tool) -> Iterator[tuple[Run, str]]:
    """Start a PostgreSQL with PostGIS; give a function that runs SQL, and a connection string."""
    client = need_tool("psql", package="postgresql-client")
    programs = _server_programs(need_tool)
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder:  # sockets want short names
        home = Path(folder)
        as_owner = _as_owner(need_tool, home)
        data, socket = home / "data", home / "socket"
        run(*as_owner, programs / "initdb", "-D", data, "-A", "trust", "-U", "gis", "-E", "UTF8",
            "--locale=C", "--no-sync")  # fmt: skip
        run(*as_owner, "mkdir", "-p", socket)
        server = [*as_owner, programs / "pg_ctl", "-D", data, "-w"]
        options = f"-c listen_addresses='' -k {socket} -c fsync=off"
        # Not `run`: the server would keep the pipes of its starter open.
        subprocess.run(
            [*map(str, server), "-o", options, "-l", str(home / "log"), "start"],
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=120,
        )
        try:
            place = f"host={socket} user=gis dbname=postgres"

            def query(sql: str) -> str:
                return run(client, place, "-v", "ON_ERROR_STOP=1", "-qtAc", sql)

            query("CREATE EXTENSION postgis")
            yield query, place
        finally:
            run(*server, "-m", "immediate", "stop")


def _server_programs(need_tool) -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else Path(need_tool("initdb", package="postgresql")).parent


def _as_owner(need_tool, home: Path) -> list[str]:
    """PostgreSQL refuses to run as root: then the user ``postgres`` of the system runs it."""
    if os.geteuid() != 0:
        return []
    shutil.chown(home, "postgres")
    return [need_tool("runuser", package="util-linux"), "-u", "postgres", "--"]


@pytest.fixture(scope="session")
def need_package() -> Callable[..., ModuleType]:
    """Return a module; a missing one skips, and fails where CI is set."""

    def need(name: str) -> ModuleType:
        try:
            return importlib.import_module(name)
        except ImportError:
            reason = f"needs the Python package {name} (pip install 'hetao_geo[test]')"
            if os.environ.get("CI"):
                pytest.fail(reason)
            raise pytest.skip.Exception(reason) from None

    return need

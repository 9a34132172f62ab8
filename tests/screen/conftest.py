"""Fixtures of the screen tests: a home, a sandbox or a PostgreSQL a file."""

import os
import shutil
import sys
import tempfile

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, "..", "cli"))

from private_postgres import Server  # noqa: E402
from terminal import Sandbox, environment  # noqa: E402


@pytest.fixture(scope="module")
def home():
    folder = tempfile.mkdtemp(prefix="redsh-home-")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def sandbox(home):
    folder = tempfile.mkdtemp(prefix="redsh-sandbox-")
    os.chmod(folder, 0o755)
    running = Sandbox(os.path.join(folder, "box"), home)
    yield running
    running.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def env(home):
    return environment(home)


@pytest.fixture(scope="module")
def server():
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def local_env(server, tmp_path):
    """For redsh at a PostgreSQL of the test file's own."""
    return environment(tmp_path, PGHOST=str(server.dir), PGUSER="tester",
                       PGDATABASE="postgres")

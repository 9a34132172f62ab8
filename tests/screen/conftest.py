"""Fixtures of the screen tests: a home, a sandbox a file, a terminal a test."""

import os
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

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

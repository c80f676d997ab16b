"""What is deployed, where there is no container engine: the real checkers, and the same commands as plain processes."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from deploy.setup import nginx

ROOT = Path(__file__).parents[3]


def program(name: str) -> str:
    """Return the path of a program that a package brings; a missing one fails the test."""
    path = shutil.which(name, path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    assert path, f"{name} is not installed"
    return path


@pytest.fixture
def nginx_program() -> str:
    """Give the path of nginx; skip the test where there is none, fail it in CI."""
    path = nginx.find()
    if path is None and os.environ.get("CI"):
        pytest.fail("CI must have nginx")
    if path is None:
        pytest.skip("no nginx; `make test` gets one or says how")
    return path

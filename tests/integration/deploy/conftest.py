"""What is deployed, where there is no container engine: the real checkers, and the same commands as plain processes."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.setup import nginx
from services.embedded.postgres import PrivatePostgres
from tests.brokers import need_broker
from tests.integration.deploy.rehearsal import Rehearsal

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


@pytest.fixture
def rehearse(tmp_path: Path, postgres: PrivatePostgres) -> Iterator[Callable[..., Rehearsal]]:
    """Give a function that begins a `deploy/without-containers`; what it starts is stopped at the end."""
    need_broker()
    begun: list[Rehearsal] = []

    def begin(*, door: str = "https", **environ: str) -> Rehearsal:
        begun.append(Rehearsal(tmp_path / "without containers", postgres, door=door, **environ))
        return begun[-1]

    yield begin
    for rehearsal in begun:
        if rehearsal.process.poll() is None:
            rehearsal.stop()

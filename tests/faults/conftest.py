"""The product as deployed, on servers of its own that the tests here may break."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from deploy.setup import nginx
from tests.faults import results
from tests.faults.deployed import WORK, Deployed, deployed
from tests.faults.load import Load, loading
from tests.faults.rabbitmq import Node, broker, need_rabbitmq_server
from tests.faults.trial import Trial


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """Give a RabbitMQ of our own."""
    need_rabbitmq_server()
    with broker(tmp_path_factory.mktemp("broker")) as running:
        yield running


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """Give the product on a PostgreSQL of its own; which broker it uses, and what runs, is for the test to say."""
    if nginx.find() is None and os.environ.get("CI"):
        pytest.fail("CI must have nginx")
    if nginx.find() is None:
        pytest.skip("no nginx; `make test` gets one or says how")
    with deployed(tmp_path_factory.mktemp("deployed")) as running:
        yield running


@pytest.fixture(scope="module")
def at_work(product: Deployed, node: Node) -> Iterator[Deployed]:
    """Have the work processes run, whole, as deployed; who needs another broker, or fewer processes, says so."""
    product.use_broker(node.url)
    product.start(WORK)
    yield product
    product.end(WORK)


@pytest.fixture
def load(product: Deployed) -> Callable[..., Load]:
    """Give a function that makes a load for the product: `load(per_second=8)`."""
    portal = product.secret("portal_tokens").partition(":")[2]
    key = product.secret("session_private_key")
    return lambda per_second: Load(product.url, portal, key, per_second=per_second)


@pytest.fixture
def trial(at_work: Deployed, load: Callable[..., Load]) -> Iterator[Callable[[], Trial]]:
    """Give a function that puts the product, whose work processes `at_work` has started, under load."""
    with ExitStack() as ending:

        def begin() -> Trial:
            under_load = ending.enter_context(loading(load(per_second=6 if results.is_full() else 2.5)))
            under_load.wait_for(8)
            return Trial(at_work, under_load)

        yield begin

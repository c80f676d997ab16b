"""A RabbitMQ of three nodes loses one under load: clients go on with another, and nothing is lost."""

from collections.abc import Callable, Iterator, Sequence

import pytest

from services.embedded.waiting import wait_until
from shared.messaging.topology import Topology
from tests.faults import results
from tests.faults.deployed import WORK, Deployed
from tests.faults.rabbitmq import Node, cluster, need_rabbitmq_server
from tests.faults.trial import Trial

pytestmark = [pytest.mark.faults, pytest.mark.slow]

_TIMES = 5 if results.is_full() else 1


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sequence[Node]]:
    """Give three nodes that form a cluster."""
    need_rabbitmq_server()
    with cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture(scope="module")
def at_work(product: Deployed, nodes: Sequence[Node]) -> Iterator[Deployed]:
    """Have the work processes run, whole, and know the addresses of all three."""
    product.use_broker(";".join(one.url for one in nodes))
    product.start(WORK)
    yield product
    product.end(WORK)


class Queues:
    """The quorum queues of the product, as the nodes that run see them."""

    def __init__(self, product: Deployed, nodes: Sequence[Node]) -> None:
        self._nodes = nodes
        self._queue = Topology(product.prefix).queue_name("notifications")

    def leader(self) -> Node:
        """Return the node that leads the queue of notifications."""
        name = self._rows("leader")[self._queue]
        return next(node for node in self._nodes if node.name == name)

    def follower(self) -> Node:
        """Return a node that follows in that queue."""
        return next(node for node in self._nodes if node is not self.leader())

    def are_whole(self) -> bool:
        """Say whether every queue has all of its three members."""
        return all(found.count("@") == len(self._nodes) for found in self._rows("online").values())

    def _rows(self, column: str) -> dict[str, str]:
        running = next(node for node in self._nodes if node.is_running)
        lines = running.ctl("list_queues", "--no-table-headers", "name", column).splitlines()
        return {name: value for name, _, value in (line.partition("\t") for line in lines)}


@pytest.mark.parametrize("role", ["follower", "leader"])
def test_one_of_three_nodes_is_killed_and_comes_back(
    trial: Callable[[], Trial], at_work: Deployed, nodes: Sequence[Node], role: str
) -> None:
    queues = Queues(at_work, nodes)
    running = trial()
    for _ in range(_TIMES):
        wait_until(queues.are_whole, "every queue has its three members", seconds=60)
        victim = queues.follower() if role == "follower" else queues.leader()
        running.breaks()
        victim.kill()
        running.goes_on()
        victim.start()
    running.ends(f"cluster of three: {role} of the queues kill -9, and back")
    assert running.load.ledger.refusals == [], "requests need no broker"

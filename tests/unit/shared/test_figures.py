"""What is counted as it goes, and that no label can hold what a browser made up."""

import re
from collections.abc import Mapping
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

from shared.metrics import figures
from shared.metrics.figures import count_request

FIGURES = [figure for figure in vars(figures).values() if isinstance(figure, MetricWrapperBase)]


@pytest.fixture
def service() -> str:
    return f"service-{uuid4().hex}"


def _value(name: str, labels: Mapping[str, str]) -> float | None:
    return REGISTRY.get_sample_value(name, dict(labels))


def test_a_request_is_counted_under_its_routes_template_method_and_status(service: str) -> None:
    for status in (200, 200, 404):
        count_request(service, "GET", "/panel/items/<uuid:item_id>", status, 0.02)
    where = {"service": service, "method": "GET", "route": "/panel/items/<uuid:item_id>"}
    assert _value("early_help_requests_total", where | {"status": "200"}) == 2
    assert _value("early_help_requests_total", where | {"status": "404"}) == 1
    assert _value("early_help_request_seconds_count", where) == 3
    assert _value("early_help_request_seconds_bucket", where | {"le": "0.025"}) == 3
    assert _value("early_help_request_seconds_bucket", where | {"le": "0.01"}) == 0


def test_made_up_methods_and_addresses_share_one_label(service: str) -> None:
    for method in ("MARSH", "BENNETT"):
        count_request(service, method, None, 405, 0.001)
    other = {"service": service, "method": "other", "route": "other"}
    assert _value("early_help_requests_total", other | {"status": "405"}) == 2


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure._name)
def test_every_figure_says_what_it_means_names_its_unit_and_has_few_labels(figure: MetricWrapperBase) -> None:
    (described,) = figure.describe()
    assert described.documentation.endswith(".")
    assert re.fullmatch(r"early_help_[a-z_]+", described.name)
    assert described.type != "histogram" or described.name.endswith("_seconds")
    assert set(figure._labelnames) <= {"service", "topic", "role", "job_name", "method", "route", "status"}
    assert figure._labelnames[0] == "service", "processes of several services may be one"

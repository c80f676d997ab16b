"""What each service says of its API: valid by the official schema of OpenAPI 3.1, and true of its errors."""

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from shared.service import SERVICES
from tests.architecture.test_routes import app_of

_VERBS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module", params=SERVICES)
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    return _read(app_of(request.param).test_client(), f"/{request.param}/api/openapi.json")


def _read(client: Any, path: str) -> dict[str, Any]:
    return dict(client.get(path).get_json())


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_operation_says_what_it_does(document: dict[str, Any]) -> None:
    operations = [
        (path, verb, operation)
        for path, verbs in document["paths"].items()
        for verb, operation in verbs.items()
        if verb in _VERBS
    ]
    assert operations
    assert [(path, verb) for path, verb, operation in operations if not operation.get("summary")] == []


def test_errors_are_described_as_the_problem_documents_that_they_are(document: dict[str, Any]) -> None:
    service = document["info"]["title"].rpartition(" ")[2]
    refused: Any = app_of(service).test_client().get(f"/{service}/api/v1/no-such-thing")
    assert refused.mimetype == "application/problem+json"
    assert set(refused.json) == set(document["components"]["schemas"]["ProblemDocument"]["properties"])

"""What the API says of itself is valid OpenAPI 3.1."""

from collections.abc import Callable
from typing import Any

from openapi_spec_validator import validate

from tests.integration.conftest import Running


def test_the_description_of_the_api_is_valid(start: Callable[..., Running]) -> None:
    response: Any = start("referrals").browser().get("/referrals/api/openapi.json")
    assert response.json["openapi"] == "3.1.0"
    validate(response.json)
    assert "/referrals/api/v1/requests" in response.json["paths"]

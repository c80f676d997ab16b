"""Attachments in a bucket that speaks S3, on a server of this machine."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
import requests
from moto.server import ThreadedMotoServer

from services.referrals.files.store import Bucket, StoreAway
from tests.given_files import PDF
from tests.integration.conftest import Running
from tests.integration.referrals.asking import begin
from tests.integration.referrals.test_attachments import rows, upload

Start = Callable[..., Running]
_WHO = {"region": "eu-west-2", "access_key": "somebody", "secret_key": "a secret that only the tests know"}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """Give the address of a server that speaks S3, with a bucket `early-help` in it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    where = "<CreateBucketConfiguration><LocationConstraint>eu-west-2</LocationConstraint></CreateBucketConfiguration>"
    requests.put(f"{address}/early-help", data=where, timeout=10).raise_for_status()
    yield address
    server.stop()


def test_a_file_is_kept_given_back_and_removed(endpoint: str) -> None:
    bucket, name = Bucket("early-help", "attachments", endpoint=endpoint, **_WHO), uuid4()
    bucket.put(name, b"sealed")
    assert bucket.get(name) == b"sealed"
    bucket.remove(name)
    bucket.remove(name)
    with pytest.raises(StoreAway):
        bucket.get(name)


def test_a_bucket_that_is_not_there_is_away(endpoint: str) -> None:
    for bucket in (
        Bucket("another", "", endpoint=endpoint, **_WHO),
        Bucket("early-help", "", endpoint="http://127.0.0.1:1", **_WHO),
    ):
        with pytest.raises(StoreAway):
            bucket.put(uuid4(), b"sealed")


def test_an_attachment_lies_in_the_bucket_by_setting(start: Start, endpoint: str) -> None:
    running = start(
        "referrals",
        FILES_AT="s3://early-help/attachments",
        S3_ENDPOINT=endpoint,
        S3_ACCESS_KEY="somebody",
        S3_SECRET_KEY="a secret that only the tests know",
    )
    browser = running.browser()
    begin(browser, "carer")
    assert upload(browser, PDF).status_code == 302
    [row] = rows(running)
    sealed = Bucket("early-help", "attachments", endpoint=endpoint, **_WHO).get(row.id)
    assert b"%PDF" not in sealed
    assert len(sealed) > len(PDF)

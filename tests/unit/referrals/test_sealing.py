"""Attachments are sealed: each by a nonce of its own, bound to its request, by a key that can change."""

import os
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.files.sealing import CannotOpen, Sealer
from services.referrals.settings import read_clamd_at, read_file_keys, read_files_at

_OLD, _NEW = ("2025", os.urandom(32)), ("2026", os.urandom(32))
REQUEST, FILE = uuid4(), uuid4()


@given(st.binary(max_size=2000), st.uuids(), st.uuids())
def test_what_is_sealed_can_be_opened(content: bytes, request_id: UUID, file_id: UUID) -> None:
    sealer = Sealer([_NEW])
    assert sealer.open(sealer.seal(content, request_id, file_id), sealer.key_id, request_id, file_id) == content


def test_the_same_file_is_sealed_differently_each_time() -> None:
    sealer = Sealer([_NEW])
    sealed = {sealer.seal(b"the same letter", REQUEST, FILE) for _ in range(50)}
    assert len(sealed) == 50
    assert not any(b"letter" in one for one in sealed)


def test_a_file_opens_only_for_its_own_request_and_attachment() -> None:
    sealer = Sealer([_NEW])
    sealed = sealer.seal(b"a letter", REQUEST, FILE)
    for request_id, file_id in ((uuid4(), FILE), (REQUEST, uuid4()), (FILE, REQUEST)):
        with pytest.raises(CannotOpen, match="sealed for another request"):
            sealer.open(sealed, "2026", request_id, file_id)


@given(st.data())
def test_a_file_that_was_changed_does_not_open(data: st.DataObject) -> None:
    sealer = Sealer([_NEW])
    sealed = bytearray(sealer.seal(b"a letter", REQUEST, FILE))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CannotOpen):
        sealer.open(bytes(sealed), "2026", REQUEST, FILE)


@given(st.binary(max_size=40))
def test_what_was_never_sealed_does_not_open(content: bytes) -> None:
    with pytest.raises(CannotOpen):
        Sealer([_NEW]).open(content, "2026", REQUEST, FILE)


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    sealed = Sealer([_OLD]).seal(b"a letter", REQUEST, FILE)
    changed = Sealer([_NEW, _OLD])
    assert changed.key_id == "2026"
    assert changed.open(sealed, "2025", REQUEST, FILE) == b"a letter"
    with pytest.raises(CannotOpen, match="no key 2025"):
        Sealer([_NEW]).open(sealed, "2025", REQUEST, FILE)


@pytest.mark.parametrize(
    "text", ["", "1", "1:", "1:c2hvcnQ=", ":abc", "1:???", "1:" + "A" * 43 + "=,1:" + "A" * 43 + "="]
)
def test_keys_that_cannot_be_used_are_refused_at_the_start(text: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        read_file_keys(text)


def test_where_files_and_scanner_are_is_checked_at_the_start() -> None:
    assert read_files_at("/var/lib/files") == "/var/lib/files"
    assert read_files_at("s3://bucket/early-help") == "s3://bucket/early-help"
    assert read_clamd_at("tcp://127.0.0.1:3310") == "tcp://127.0.0.1:3310"
    assert read_clamd_at("unix:/run/clamd.sock") == "unix:/run/clamd.sock"
    for wrong in ("s3://", "https://bucket", "ftp://x/y"):
        with pytest.raises(ValueError, match="must be"):
            read_files_at(wrong)
    for wrong in ("clamav", "tcp://clamav", "unix:", "http://clamav:3310"):
        with pytest.raises(ValueError, match="must be"):
            read_clamd_at(wrong)

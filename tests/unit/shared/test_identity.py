from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from shared.identity import SESSION_LASTS, SessionRefused, read_pass, read_session, sign_pass, sign_session
from tests.factories import a_person


def _keys() -> tuple[str, str]:
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return private, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def test_a_session_gives_back_the_person() -> None:
    private, public = _keys()
    person = a_person("front_door", "coordinator", name="Siobhán O'Brien")
    assert read_session(sign_session(person, private), public).person == person


def test_a_session_of_another_signer_is_refused() -> None:
    private, _ = _keys()
    _, other_public = _keys()
    with pytest.raises(SessionRefused):
        read_session(sign_session(a_person("front_door"), private), other_public)


def test_a_session_ends() -> None:
    private, public = _keys()
    long_ago = datetime.now(UTC) - SESSION_LASTS - timedelta(seconds=1)
    with pytest.raises(SessionRefused):
        read_session(sign_session(a_person("front_door"), private, now=long_ago), public)


def test_a_session_says_when_it_was_issued_to_the_fraction_of_a_second() -> None:
    private, public = _keys()
    issued_at = datetime.now(UTC)
    assert read_session(sign_session(a_person("front_door"), private, now=issued_at), public).issued_at == issued_at


@pytest.mark.parametrize("claim", ["iat", "exp", "aud"])
def test_a_session_without_a_claim_that_is_needed_is_refused(claim: str) -> None:
    private, public = _keys()
    claims = jwt.decode(sign_session(a_person("front_door"), private), options={"verify_signature": False})
    del claims[claim]
    with pytest.raises(SessionRefused):
        read_session(jwt.encode(claims, private, algorithm="EdDSA"), public)


def test_a_pass_for_one_neighbour_opens_no_other() -> None:
    key = "a shared key that is long enough for this test"
    shown = sign_pass("panel", "referrals", key)
    assert read_pass(shown, "referrals", key) == "panel"
    with pytest.raises(SessionRefused):
        read_pass(shown, "directory", key)

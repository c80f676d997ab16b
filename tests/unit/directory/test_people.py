from dataclasses import replace
from uuid import uuid4

import pytest
from argon2 import PasswordHasher

from services.directory.actions.passwords import first_password, hashed, is_out_of_date, matches
from services.directory.rules.passwords import check_password, same_form
from services.directory.rules.people import ROLE_NAMES, PersonDetails, check_details, in_order, main_role
from shared.errors import Invalid
from shared.identity import ROLES

SOMEBODY = PersonDetails("Ana Sample", "Teacher", "ana@school.example", "", None, ("referrer",))


def test_every_role_has_a_name() -> None:
    assert list(ROLE_NAMES) == list(ROLES)


def test_a_referrer_needs_no_agency() -> None:
    check_details(SOMEBODY, localities=())


@pytest.mark.parametrize("role", ["agency_manager", "lead_practitioner"])
def test_whoever_takes_families_on_belongs_to_an_agency(role: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_details(replace(SOMEBODY, roles=(role,)), localities=())
    assert list(refusal.value.errors) == ["agency_id"]
    check_details(replace(SOMEBODY, roles=(role,), agency_id=uuid4()), localities=())


def test_a_locality_must_be_one_of_the_authority() -> None:
    stroud = replace(SOMEBODY, locality="stroud")
    check_details(stroud, localities=("stroud",))
    with pytest.raises(Invalid) as refusal:
        check_details(stroud, localities=())
    assert list(refusal.value.errors) == ["locality"]


def test_roles_are_kept_in_one_order_each_once() -> None:
    assert in_order(["coordinator", "referrer", "coordinator"]) == ["referrer", "coordinator"]


def test_everybody_is_best_known_by_one_of_their_roles() -> None:
    assert all(main_role([role]) == role for role in ROLES)
    assert main_role(["referrer", "social_worker"]) == "social_worker"
    assert main_role(["panel_member", "agency_manager"]) == "agency_manager"


@pytest.mark.parametrize("password", ["elevenchars", "aaaaaaaaaaaaaaa", "long " * 50])
def test_a_password_that_is_too_short_too_long_or_one_letter_is_refused(password: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_password(password, field="new_password")
    assert list(refusal.value.errors) == ["new_password"]


@pytest.mark.parametrize("password", ["three random words", "пароль-на-память", "🦔🦔🌧️🚲 и еще слово"])
def test_any_characters_may_be_in_a_password(password: str) -> None:
    check_password(password)


def test_a_password_is_the_same_whatever_keyboard_typed_its_accents() -> None:
    assert same_form("cafe\u0301") == same_form("café")


def test_a_password_is_hashed_with_argon2id_as_strongly_as_the_library_advises() -> None:
    kept = hashed("three random words")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert not is_out_of_date(kept)
    assert is_out_of_date(PasswordHasher(time_cost=1).hash("three random words"))
    assert matches(kept, "three random words")
    assert not matches(kept, "three random word")
    assert not matches(None, "three random words")


def test_a_first_password_is_good_enough_and_never_the_same() -> None:
    made = {first_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        check_password(password)

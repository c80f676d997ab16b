"""How long a draft is kept, and the code that leads back to it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.rules.drafts import (
    fingerprint_of,
    is_over,
    last_day_of,
    over_before,
    read_return_code,
    return_code,
    same_word,
)
from shared.errors import Invalid
from shared.london import london_date

instants = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))
days = st.integers(30, 400)


def test_a_draft_can_be_gone_on_with_for_thirty_days_and_all_of_the_last_one() -> None:
    changed_at = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    assert last_day_of(changed_at, 30) == date(2026, 12, 2)
    assert not is_over(changed_at, 30, date(2026, 12, 2))
    assert is_over(changed_at, 30, date(2026, 12, 3))


@given(instants, days, st.integers(0, 500))
def test_what_the_job_takes_for_over_is_what_a_person_is_told(changed_at: datetime, kept: int, later: int) -> None:
    today = london_date(changed_at) + timedelta(days=later)
    assert (changed_at < over_before(kept, today)) == is_over(changed_at, kept, today)


@given(instants, days)
def test_a_draft_is_never_over_before_its_days_have_gone_by(changed_at: datetime, kept: int) -> None:
    assert not is_over(changed_at, kept, london_date(changed_at + timedelta(days=kept)))


@given(st.uuids(), st.integers(1, 10_000))
def test_a_code_is_read_however_it_is_typed_and_says_nothing(draft_id: UUID, number: int) -> None:
    code = return_code(draft_id, number, "key")
    assert read_return_code(f" {code.lower().replace('-', ' ')} ") == code
    assert code != return_code(draft_id, number + 1, "key")
    assert code != return_code(draft_id, number, "another key")
    assert code not in fingerprint_of(code)


@pytest.mark.parametrize("text", ["", "7K3Q", "7K3Q-WD9M-2XHT-4CF0", "7K3Q-WD9M-2XHT-4CFGG", "ß" * 16])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_return_code(text)


def test_capitals_and_spaces_do_not_change_a_word() -> None:
    assert same_word(" Blue  Heron ") == same_word("blueheron")
    assert return_code(uuid4(), 1, "key") != return_code(uuid4(), 1, "key")

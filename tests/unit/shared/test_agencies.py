import pytest

from shared.agencies import is_excluded


@pytest.mark.parametrize(
    ("agency", "excluded"),
    [
        ("Riverside Housing Association", "Riverside Housing"),
        ("Riverside Housing", "the Riverside Housing team"),
        ("Café Ruelle", "cafe ruelle"),
        ("Kelston Vale Homes", "KELSTON VALE HOMES"),
        ("B&NES Education Welfare Service", "B&NES Education Welfare Service"),
    ],
)
def test_a_family_s_words_for_an_agency_exclude_it(agency: str, excluded: str) -> None:
    assert is_excluded(agency, [excluded])


@pytest.mark.parametrize("excluded", ["", "House", "Riverbank Youth"])
def test_other_words_do_not(excluded: str) -> None:
    assert not is_excluded("Riverside Housing Association", [excluded])

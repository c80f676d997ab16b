"""A profile that cannot be used stops the process at its start, with file, place and problem."""

import shutil
from pathlib import Path

import pytest

import shared.authority
from shared.authority import ProfileWrong, load_profile

_FOLDER = Path(shared.authority.__file__).parent
_WORDING = """
[consent]
who = "one_holder"
young_person_from = 12
young_person = "instead"
gillick = true
one_refusal_stops = true
in_writing_before = "others"
confirm_within_working_days = 5
new_agency = "unless_named"

[consent.wording]
version = "gloucestershire 2020"
to_ask = "May we ask?"
to_share = "May we share?"
to_research = "May we count?"
"""
_REVIEWS = """
[reviews]
policy = "gloucestershire reviews 2020"
remind_days_before = 7
cases = [{ case = "usual", unit = "weeks", first = 8, later = 8, never_over = 12 }]
"""


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """Give a copy of a folder of profiles in which one can write."""
    shutil.copytree(_FOLDER / "gloucestershire", tmp_path / "gloucestershire")
    return tmp_path / "gloucestershire"


@pytest.mark.parametrize("name", ["20200301.toml", "2020-W09-7.toml", "2020-3-1.toml", "soon.toml"])
def test_two_files_cannot_be_of_one_day_however_it_is_written(county: Path, name: str) -> None:
    (county / name).write_text('short_name = "Glos"')
    with pytest.raises(ProfileWrong, match=f"gloucestershire/{name}: a file is named after the day"):
        load_profile("gloucestershire", county.parent)


@pytest.mark.parametrize(
    ("was", "becomes", "named"),
    [
        ('key = "gloucestershire"', 'key = "bathnes"', "key is that of the folder, gloucestershire, not 'bathnes'"),
        ('lead_practitioner = "Lead Practitioner"', 'lead_practitioner = " "', "words: lead_practitioner is empty"),
        ('name = "Gloucestershire County Council"', 'name = ""', "2020-03-01.toml: name is empty"),
        ('phone = "01452 426565"', 'phone = ""', r"safeguarding_contacts\[1\]: phone is empty"),
        (
            'phone = "01452 426565"', 'phone = "ask at the desk"',
            "Gloucestershire Multi-Agency Safeguarding Hub: phone is a telephone number, not 'ask at the desk'",
        ),
        (
            'name = "Stroud Early Help co-ordinators"', 'name = "Cheltenham Early Help co-ordinators"',
            "early help contact Cheltenham Early Help co-ordinators stands there 2 times",
        ),
        ('label = "Additional"', 'label = ""', r"level_schemes\[1\]: levels\[2\]: label is empty"),
        ('label = "Additional"', 'label = "Universal"', "gloucestershire 2020: label Universal stands there 2 times"),
        ('scheme = "gloucestershire"', 'scheme = ""', r"level_schemes\[1\]: scheme is empty"),
        ("drafts_kept_days = 30", "drafts_kept_days = 29", "records: drafts_kept_days must be at least 30, not 29"),
        ('from_plans = ["child_in_need", ', 'from_plans = ["cin", ', "step_down: from_plans is child_in_need or .*, not 'cin'"),
        ('papers = ["single_assessment", "plan"]', 'papers = ["plan", "plan"]', "papers: plan stands there 2 times"),
        ("remind_days_before = 7", "remind_days_before = -3", "reviews: remind_days_before must be at least 0, not -3"),
        ('name = "Stroud step-down meeting"', 'name = " "', r"panels\[5\]: name is empty"),
        (
            'label = "We gave advice, and nothing more is needed"', 'label = ""',
            r"triage: no_further_action\[1\]: label is empty",
        ),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_named(county: Path, was: str, becomes: str, named: str) -> None:
    file = county / "2020-03-01.toml"
    text = file.read_text(encoding="utf-8")
    assert was in text
    file.write_text(text.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(ProfileWrong, match=named):
        load_profile("gloucestershire", county.parent)


@pytest.mark.parametrize(
    ("new", "named"),
    [
        (
            '[[level_schemes]]\nscheme = "gloucestershire"\nversion = "2027"\nlevels = []',
            "level scheme gloucestershire 2027: there are no levels",
        ),
        (_WORDING, "consent: wording: the words changed, so version must be another than 'gloucestershire 2020'"),
        (_REVIEWS, "reviews: the intervals changed, so policy must be another than 'gloucestershire reviews 2020'"),
        (
            'confidentiality = { version = "2024-1", text = "Say nothing." }',
            "confidentiality: the text changed, so version must be another than '2024-1'",
        ),
    ],
)
def test_what_records_remember_by_a_version_never_changes_under_it(county: Path, new: str, named: str) -> None:
    (county / "2027-04-01.toml").write_text(new)
    with pytest.raises(ProfileWrong, match=f"gloucestershire/2027-04-01.toml: {named}"):
        load_profile("gloucestershire", county.parent)


def test_a_new_version_may_say_something_else(county: Path) -> None:
    (county / "2027-04-01.toml").write_text(_WORDING.replace('version = "gloucestershire 2020"', 'version = "2027"'))
    assert load_profile("gloucestershire", county.parent).newest.consent.wording.to_ask == "May we ask?"

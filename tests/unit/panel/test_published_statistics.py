"""What is published of a quarter: written as the DfE does, and none of it tells of a single family."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.panel.rules.published_statistics import publication_of, reading
from services.panel.rules.statistics import Count, Figures, added_up
from services.panel.rules.statistics_tables import Names, Table, share, tables
from services.panel.rules.suppression import Publication, Sum, published
from tests.unit.panel.figures_worked_out import possible_values

MONTHS = ("2026-07", "2026-08", "2026-09")
_BREAKDOWNS = (
    *("outcome", "outcome_in_month", "month", "panel", "level", "locality", "agency", "need", "unmet_need"),
    *("carried_over", "not_accepted", "returned", "returned_by", "accepted_by", "band"),
)
_OUTCOMES = ("allocate", "signpost", "not_accepted", "step_up", "carry_over", "taken_off")


def figures(families: list[tuple[str, str, str, str, int, int]], panel: str = "ehap") -> Figures:
    """Return what is counted of families: each an outcome, month, agency or reason, locality, days waited, children."""
    entries = []
    for outcome, month, which, locality, days, children in families:
        one = Count(1, children)
        entries += [
            ("on_agendas", "all", one),
            ("outcome", outcome, one),
            ("outcome_in_month", f"{outcome}|{month}", one),
        ]
        if outcome in ("carry_over", "not_accepted"):
            entries.append(("carried_over" if outcome == "carry_over" else outcome, which, one))
        if outcome in ("carry_over", "taken_off"):
            continue
        entries += [("heard", "all", one), ("month", month, one), ("locality", locality, one), ("panel", panel, one)]
        entries += [("level", "bathnes|2024|3", one), ("waited_first_heard", str(days), one)]
        if which == "b":
            entries += [("unmet", "all", one), *(("unmet_need", need, one) for need in {locality, month})]
        if which == "a":
            entries += [("returned", locality, one), ("returned_by", month, one)]
        else:
            entries += [("accepted", "all", one), ("accepted_by", locality, one), ("waited_accepted", str(days), one)]
        if outcome == "allocate":
            entries += [("agency", which, one), ("need", which, one), ("waited_allocated", str(days), one)]
            entries.append(("need", locality, one))
    return Figures(3, added_up(entries))


def as_a_reader_adds_up(publication: Publication) -> Publication:
    """Return the publication with the sums that a reader of its tables knows, written down here once more by itself."""
    sums = []
    for unit in ("families", "children"):
        all_of = {name: tuple(key for key in publication.values if key[:2] == (unit, name)) for name in _BREAKDOWNS}
        heard, on_agendas = (unit, "heard", "all"), (unit, "on_agendas", "all")
        outcomes = {key[2]: key for key in all_of["outcome"]}
        not_heard = [key for code, key in outcomes.items() if code in ("carry_over", "taken_off")]
        sums += [Sum(heard, tuple(set(all_of["outcome"]) - set(not_heard))), Sum(on_agendas, (heard, *not_heard))]
        sums += [Sum(heard, all_of[name]) for name in ("month", "panel", "level", "locality")]
        for code in ("allocate", "carry_over"):
            in_months = tuple(key for key in all_of["outcome_in_month"] if key[2].startswith(code))
            sums.append(Sum((unit, "outcome", code), in_months))
        sums.append(Sum((unit, "outcome", "allocate"), all_of["agency"]))
        sums.append(Sum((unit, "outcome", "allocate"), all_of["need"], overlapping=True))
        sums.append(Sum((unit, "unmet", "all"), all_of["unmet_need"], overlapping=True))
        sums += [
            Sum((unit, "outcome", one), all_of[of])
            for one, of in (("carry_over", "carried_over"), ("not_accepted",) * 2)
        ]
        sums += [Sum((unit, "returned_all", "all"), all_of[name]) for name in ("returned", "returned_by")]
        sums += [
            Sum((unit, "accepted", "all"), all_of["accepted_by"]),
            Sum((unit, "wait_first_heard", "all"), all_of["band"]),
        ]
    known = [one for one in sums if one.total in publication.values and one.parts]
    return replace(publication, sums=known)


a_family = st.tuples(
    st.sampled_from(_OUTCOMES),
    st.sampled_from(MONTHS),
    st.sampled_from(("a", "b", "c")),
    st.sampled_from(("x", "y")),
    st.integers(0, 60),
    st.integers(1, 5),
)


@given(st.lists(a_family, max_size=60))
@settings(max_examples=40, deadline=None)
def test_nothing_that_is_published_of_a_quarter_tells_of_a_family(
    families: list[tuple[str, str, str, str, int, int]],
) -> None:
    publication = publication_of({"ehap": figures(families)})
    written = published(publication)
    for key in (key for key, value in publication.values.items() if 1 <= value <= 5):
        assert written[key] == "c", f"{key} is shown"
    reader = as_a_reader_adds_up(publication)
    for key in (key for key, text in written.items() if text == "c"):
        found = possible_values(key, written, reader)
        assert len(found) > 1, f"{key} can only be {found}: {written}"


def test_the_leader_of_one_of_two_panels_is_not_told_what_the_other_has() -> None:
    # 26 at level 3, 23 of them at the leader's own panel: the other has 3, and neither line of the panels is small.
    codes = {"bathnes|2024|2": (20, 30), "bathnes|2024|3": (23, 3)}
    by_panel = {}
    for number, panel in enumerate(("ehap", "step-down")):
        level = [("level", code, Count(some[number], 2 * some[number])) for code, some in codes.items()]
        all_ = Count(sum(some[number] for some in codes.values()), 2 * sum(some[number] for some in codes.values()))
        heard = [("heard", "all", all_), ("on_agendas", "all", all_), ("outcome", "signpost", all_)]
        by_panel[panel] = Figures(1, added_up([*heard, ("panel", panel, all_), *level]))
    written = published(publication_of(by_panel))
    assert written["families", "level", "bathnes|2024|3"] == "c"
    assert written["families", "panel", "step-down"] == "33"


@pytest.mark.parametrize("breakdown", ["month", "panel", "level", "locality"])
def test_no_breakdown_of_the_families_heard_tells_what_another_hides(breakdown: str) -> None:
    # 26 as 13 and 13 gives the total away that is written as 30, and with it the 3 beside the 23.
    codes = ("x|1|2", "y|1|3")
    entries = [("heard", "all", Count(26, 52)), ("on_agendas", "all", Count(26, 52))]
    entries += [("outcome", "signpost", Count(23, 46)), ("outcome", "step_up", Count(3, 6))]
    entries += [(breakdown, code, Count(13, 26)) for code in codes]
    publication = publication_of({"ehap": Figures(1, added_up(entries))})
    step_up = ("families", "outcome", "step_up")
    assert len(possible_values(step_up, published(publication), as_a_reader_adds_up(publication))) > 1


def test_that_a_wait_is_shown_does_not_tell_how_many_waited_longer() -> None:
    # The ninetieth of a hundred is shown from 60 families on: beside 55, up to 64 in all, only a 5 would be small.
    waits = [("waited_first_heard", "3", Count(55, 110)), ("waited_first_heard", "10", Count(5, 10))]
    heard = [
        ("heard", "all", Count(60, 120)),
        ("on_agendas", "all", Count(60, 120)),
        ("outcome", "signpost", Count(60, 120)),
    ]
    publication = publication_of({"ehap": Figures(1, added_up([*heard, *waits]))})
    written = published(publication)
    assert (written["families", "band", "8"], written["families", "band", "0"]) == ("c", "c")


@pytest.mark.parametrize(
    "waited",
    [
        # The middle one is the 21st of 41, who waited 8 days: 20 are less than half, so beside 20 and 16 must be 5.
        {"3": 20, "8": 16, "15": 5},
        # The middle one is the 20th of 40, who waited 3 days: 20 are half at least, so beside 20 and 19 is 1 at most.
        {"3": 20, "8": 19, "15": 1},
    ],
)
def test_how_long_half_waited_does_not_tell_how_many_waited_longest(waited: dict[str, int]) -> None:
    waits = [("waited_first_heard", days, Count(number, 2 * number)) for days, number in waited.items()]
    total = Count(sum(waited.values()), 2 * sum(waited.values()))
    heard = [("heard", "all", total), ("on_agendas", "all", total), ("outcome", "signpost", total)]
    written = published(publication_of({"ehap": Figures(1, added_up([*heard, *waits]))}))
    shown = [written["families", "band", band] for band in ("0", "8", "15")]
    assert (shown[2], shown.count("c")) == ("c", 2)


def table_of(counted: Figures, key: str) -> Table:
    names = Names(localities={"x": "X", "y": "Y"})
    return next(table for table in tables(counted, names, reading({"ehap": counted}), MONTHS) if table.key == key)


def test_the_words_of_the_dfe_stand_in_place_of_figures() -> None:
    families = [("signpost", "2026-07", "a", "x", 10, 2)] * 23 + [("step_up", "2026-08", "a", "x", 10, 2)] * 3
    rows = {row.label: row.cells for row in table_of(figures(families), "outcomes").rows}
    assert rows["Stepped up to social care"] == ("c", "c", "c")
    assert rows["Signposted"] == ("23", "46", "76.7%")
    assert rows["Heard"] == ("30", "50", "100.0%")
    assert rows["Carried over"] == ("0", "0", "z")


def test_a_wait_is_published_where_six_families_waited_longer() -> None:
    families = [("signpost", "2026-07", "a", "x", day, 2) for day in range(20)]
    first = table_of(figures(families), "waits").rows[0]
    assert first.cells[:3] == ("20", 9, "c")


def test_a_percentage_is_of_what_is_written() -> None:
    assert share("7", "40") == "17.5%"
    assert share("c", "40") == "c"
    assert share("0", "0") == "z"

"""What is published of a quarter: written as the DfE does, and none of it tells of a single family."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.panel.rules.published_statistics import publication_of, reading
from services.panel.rules.statistics import Count, Figures, added_up
from services.panel.rules.statistics_tables import Names, Table, share, tables
from tests.unit.panel.test_suppression import assert_nothing_is_told

MONTHS = ("2026-07", "2026-08", "2026-09")
_OUTCOMES = ("allocate", "signpost", "not_accepted", "step_up", "carry_over", "taken_off")


def figures(families: list[tuple[str, str, str, str, int, int]]) -> Figures:
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
        entries += [("heard", "all", one), ("month", month, one), ("locality", locality, one), ("panel", locality, one)]
        entries += [("level", "bathnes|2024|3", one), ("waited_first_heard", str(days), one)]
        if outcome == "allocate":
            entries += [("agency", which, one), ("need", which, one), ("waited_allocated", str(days), one)]
            entries.append(("need", locality, one))
    return Figures(3, added_up(entries))


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
    assert_nothing_is_told(publication_of(figures(families)))


def table_of(counted: Figures, key: str) -> Table:
    names = Names(localities={"x": "X", "y": "Y"})
    return next(table for table in tables(counted, names, reading(counted), MONTHS) if table.key == key)


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

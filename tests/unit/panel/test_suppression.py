"""Figures of 1 to 5 are not published, and nobody can work them out from what is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.panel.rules.suppression import Key, Publication, Sum, hidden_figures, published, rounded
from tests.unit.panel.figures_worked_out import possible_values

TOTAL = ("total",)


def table(rows: Sequence[Sequence[int]], name: str = "a") -> Publication:
    """Return a table of numbers with the totals of its rows and columns, and of both."""
    values: dict[Key, int] = {}
    for r, row in enumerate(rows):
        values |= {(name, str(r), str(c)): value for c, value in enumerate(row)}
        values[name, str(r), "all"] = sum(row)
    columns = list(zip(*rows, strict=True))
    values |= {(name, "all", str(c)): sum(column) for c, column in enumerate(columns)}
    values[TOTAL] = sum(map(sum, rows))
    r_keys, c_keys = [str(r) for r in range(len(rows))], [str(c) for c in range(len(columns))]
    sums = [Sum((name, r, "all"), tuple((name, r, c) for c in c_keys)) for r in r_keys]
    sums += [Sum((name, "all", c), tuple((name, r, c) for r in r_keys)) for c in c_keys]
    sums += [Sum(TOTAL, tuple((name, r, "all") for r in r_keys)), Sum(TOTAL, tuple((name, "all", c) for c in c_keys))]
    return Publication(values, sums)


def line(total: int, parts: Sequence[int], *, overlapping: bool = False) -> Publication:
    """Return a line of numbers with its total."""
    keys: tuple[Key, ...] = tuple((str(number),) for number in range(len(parts)))
    return Publication(dict(zip(keys, parts, strict=True)) | {TOTAL: total}, [Sum(TOTAL, keys, overlapping)])


def assert_nothing_is_told(publication: Publication) -> None:
    """Fail when somebody who reads what is published can say what a hidden figure is."""
    written = published(publication)
    for key, value in publication.values.items():
        assert written[key] == "c" or not 1 <= value <= 5, f"{key} is {value} and is shown"
        if written[key] == "c":
            found = possible_values(key, written, publication)
            assert len(found) > 1, f"{key} can only be {found}: {written}"


@pytest.mark.parametrize("small", [1, 2, 3, 4, 5])
def test_one_to_five_inclusive_is_not_shown(small: int) -> None:
    assert published(line(small + 40, [small, 40]))["0",] == "c"


def test_nought_and_six_are_shown() -> None:
    written = published(line(26, [0, 6, 20]))
    assert (written["0",], written["1",], written["2",]) == ("0", "6", "20")


def test_a_total_is_to_the_nearest_ten() -> None:
    assert published(line(26, [6, 20]))[TOTAL] == "30"
    assert [rounded(number) for number in (0, 6, 14, 15, 24, 25)] == [0, 10, 10, 20, 20, 30]


def test_a_figure_that_the_rounded_total_would_still_tell_takes_another_with_it() -> None:
    # 30 is 25 to 34, so that beside 20 only a 5 would do.
    assert hidden_figures(line(25, [5, 20])) == {("0",), ("1",)}


def test_a_figure_that_the_rounded_total_leaves_open_hides_alone() -> None:
    assert hidden_figures(line(23, [3, 20])) == {("0",)}


def test_two_tables_of_the_same_families_do_not_tell_on_each_other() -> None:
    # The second line gives the total away: 23, so the first would tell of the 3.
    first, second = line(23, [3, 20]), line(23, [9, 14])
    other = {("b", *key): value for key, value in second.values.items() if key != TOTAL}
    both = Publication(dict(first.values) | other, [*first.sums, Sum(TOTAL, tuple(other))])
    assert hidden_figures(both) == {("0",), ("1",)}
    assert_nothing_is_told(both)


def test_needs_that_overlap_do_not_tell_by_how_many_there_must_be() -> None:
    # Everybody has a need: of 25 or more, 20 have the first, so that the others are 5 at least.
    assert hidden_figures(line(25, [5, 20], overlapping=True)) == {("0",), ("1",)}


def test_children_are_hidden_where_their_families_are() -> None:
    values = {("f", "0"): 3, ("f", "1"): 30, ("c", "0"): 9, ("c", "1"): 70, ("f",): 33, ("c",): 79}
    sums = [Sum(("f",), (("f", "0"), ("f", "1"))), Sum(("c",), (("c", "0"), ("c", "1")))]
    pairs = [(("f", "0"), ("c", "0")), (("f", "1"), ("c", "1")), (("f",), ("c",))]
    publication = Publication(values, sums, pairs)
    assert {("f", "0"), ("c", "0")} <= hidden_figures(publication)
    assert_nothing_is_told(publication)


small_tables = st.integers(1, 4).flatmap(
    lambda columns: st.lists(
        st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 7, 9, 12, 20]), min_size=columns, max_size=columns),
        min_size=1,
        max_size=4,
    )
)


@given(small_tables)
@settings(max_examples=300, deadline=None)
@example([[5, 20], [20, 5]])
@example([[5, 0, 20]])
@example([[1, 0], [0, 4]])
def test_no_figure_of_a_table_can_be_worked_out_from_its_totals(rows: list[list[int]]) -> None:
    assert_nothing_is_told(table(rows))


of_two_panels = st.tuples(st.integers(1, 3), st.integers(1, 3)).flatmap(
    lambda size: st.lists(
        st.lists(
            st.lists(st.sampled_from([0, 0, 1, 3, 5, 6, 9, 20]), min_size=size[1], max_size=size[1]),
            min_size=size[0],
            max_size=size[0],
        ),
        min_size=2,
        max_size=2,
    )
)


@given(of_two_panels)
@settings(max_examples=150, deadline=None)
@example([[[23]], [[3]]])
@example([[[20, 23]], [[30, 3]]])
@example([[[24, 0]], [[0, 1]]])
def test_who_leads_one_of_two_panels_cannot_take_its_figures_away(panels: list[list[list[int]]]) -> None:
    both = table([[sum(cells) for cells in zip(*rows, strict=True)] for rows in zip(*panels, strict=True)])
    shares = [table(rows).values for rows in panels]
    publication = replace(both, shares=shares)
    written = published(publication)
    for share, others in zip(shares, reversed(shares), strict=True):
        for key in (key for key, value in share.items() if 1 <= value <= 5):
            found = possible_values(key, written, publication, others)
            assert len(found) > 1, f"{key} can only be {found}, less {others[key]}: {written}"


@given(small_tables, small_tables, st.lists(st.integers(0, 25), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_no_figure_can_be_worked_out_across_tables_of_the_same_families(
    first: list[list[int]], second: list[list[int]], third: list[int]
) -> None:
    assert_nothing_is_told(sharing_a_total(first, second, third))


@given(st.lists(st.integers(0, 22), min_size=1, max_size=5), st.data())
@settings(max_examples=150, deadline=None)
def test_no_figure_can_be_worked_out_where_parts_overlap(parts: list[int], data: st.DataObject) -> None:
    total = data.draw(st.integers(max(parts), max(max(parts), sum(parts))))
    assert_nothing_is_told(line(total, parts, overlapping=True))


def sharing_a_total(first: list[list[int]], second: list[list[int]], third: list[int]) -> Publication:
    """Return tables of the same families: what one lacks of the largest total goes to its last figure."""
    grids: Mapping[str, list[list[int]]] = {"a": first, "b": second, "d": [third]}
    total = max(sum(map(sum, rows)) for rows in grids.values())
    values: dict[Key, int] = {}
    sums: list[Sum] = []
    for name, rows in grids.items():
        filled = [list(row) for row in rows]
        filled[-1][-1] += total - sum(map(sum, rows))
        one = table(filled, name)
        values |= one.values
        sums += one.sums
    return Publication(values, sums)

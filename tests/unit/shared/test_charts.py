"""Where the bars, points and words of a picture go."""

from hypothesis import given
from hypothesis import strategies as st

from shared.web.charts import bars, line, number_of

values = st.one_of(st.integers(0, 10_000), st.sampled_from(["c", "z", ":", "40"]))
rows = st.lists(st.tuples(st.text(max_size=80), values), max_size=60)


@given(rows)
def test_no_bar_or_label_leaves_the_picture(given_rows: list[tuple[str, int | str]]) -> None:
    laid = bars(given_rows)
    assert len(laid.bars) == len(given_rows)
    for bar, (_, value) in zip(laid.bars, given_rows, strict=True):
        assert 0 <= bar.width <= 82
        assert len(bar.label) <= 40
        assert bar.value == str(value)
        assert bool(bar.width) == bool(number_of(value)) or bar.width == 0
        assert bar.y < laid.height


def test_the_longest_bar_fills_the_room_and_the_others_are_in_proportion() -> None:
    laid = bars([("a", 40), ("b", 10), ("c", "c")])
    assert [bar.width for bar in laid.bars] == [82.0, 20.5, 0.0]


@given(rows)
def test_a_line_stays_in_its_picture_and_names_no_more_than_there_is_room_for(
    given_rows: list[tuple[str, int | str]],
) -> None:
    laid = line(given_rows)
    assert all(0 <= point.x <= 100 for point in laid.points)
    assert all(point.y is None or 0 < point.y <= laid.bottom for point in laid.points)
    assert sum(bool(point.value) for point in laid.points) <= 12


def test_a_line_is_broken_where_there_is_no_number() -> None:
    laid = line([("Jan", 3), ("Feb", "c"), ("Mar", 4), ("Apr", 5)])
    assert [(a.label, b.label) for a, b in laid.pieces] == [("Mar", "Apr")]

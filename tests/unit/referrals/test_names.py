"""How children are called: by name, before birth by when they are expected."""

from datetime import date

from services.referrals.rules.names import child_names, whole_name

IN_MARCH, IN_MAY = date(2027, 3, 3), date(2027, 5, 1)


def test_a_child_is_called_by_its_name() -> None:
    assert child_names([("Siobhán Nguyễn", None)]) == ["Siobhán Nguyễn"]


def test_a_child_not_yet_born_is_called_by_when_it_is_expected() -> None:
    assert child_names([("", IN_MARCH), ("Baby", IN_MAY)]) == [
        "Unborn child, expected 3 March 2027",
        "Unborn child, expected 1 May 2027",
    ]


def test_twins_not_yet_born_are_told_apart() -> None:
    assert child_names([("", IN_MARCH), ("Ana Price", None), ("", IN_MARCH)]) == [
        "Unborn child 1, expected 3 March 2027",
        "Ana Price",
        "Unborn child 2, expected 3 March 2027",
    ]


def test_a_name_of_which_only_a_part_is_known_is_written_without_a_gap() -> None:
    assert whole_name("", "Hobday") == "Hobday"

"""A file for a spreadsheet: text stays text, numbers stay numbers, and a sheet has a name that Excel takes."""

import csv
from io import BytesIO, StringIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.spreadsheet import Sheet, csv_file, xlsx_file

_FORMULAS = ("=1+1", "+44 20", "-1", "@SUM(A1)", "\tx")


def cells_of(data: bytes) -> list[object]:
    book = openpyxl.load_workbook(BytesIO(data))
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row]


@pytest.mark.parametrize("text", _FORMULAS)
def test_text_that_begins_as_a_formula_is_text(text: str) -> None:
    [cell] = [one for one in cells_of(xlsx_file([Sheet("A", (), ("Name",), [(text,)])])) if one.row == 2]  # type: ignore[attr-defined]
    assert (cell.data_type, cell.value) == ("s", text)  # type: ignore[attr-defined]
    rows = list(csv.reader(StringIO(csv_file(("Name",), [(text,)]).decode("utf-8-sig"))))
    assert rows[1] == ["'" + text]


def test_numbers_are_numbers_and_can_be_below_nought() -> None:
    [_, number, share] = cells_of(xlsx_file([Sheet("A", (), ("n",), [(-3,), ("12.5%",)])]))
    assert (number.value, share.value) == (-3, "12.5%")  # type: ignore[attr-defined]
    assert csv_file(("n",), [(-3,)]).decode("utf-8-sig").split() == ["n", "-3"]


@given(st.lists(st.text(max_size=60), min_size=1, max_size=6))
def test_every_title_becomes_a_name_of_its_own_that_excel_takes(titles: list[str]) -> None:
    printable = ["".join(letter for letter in title if letter.isprintable()) for title in titles]
    book = openpyxl.load_workbook(BytesIO(xlsx_file([Sheet(title, (), ("x",), []) for title in printable])))
    assert len({name.lower() for name in book.sheetnames}) == len(titles)
    assert all(0 < len(name) <= 31 for name in book.sheetnames)

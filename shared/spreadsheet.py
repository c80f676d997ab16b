"""Rows as a file that a spreadsheet opens, CSV or XLSX: what somebody typed is never taken for a formula."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO

import xlsxwriter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads UTF-8 as something else."""
_NEVER_IN_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
_WIDEST = 60


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook: what stands above its table, the table's columns and its rows."""

    name: str
    about: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


def csv_file(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV file with a head, UTF-8 with a mark that says so."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_plain(value) for value in row] for row in rows)
    return (_BYTE_ORDER_MARK + text.getvalue()).encode()


def xlsx_file(sheets: Sequence[Sheet]) -> bytes:
    """Return a workbook. Numbers are numbers; all else is text, also where it begins as a formula does."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        names: set[str] = set()
        for sheet in sheets:
            page = book.add_worksheet(_name(sheet.name, names))
            for number, line in enumerate(sheet.about):
                page.write_string(number, 0, line)
            top = len(sheet.about) + bool(sheet.about)
            for column, title in enumerate(sheet.columns):
                page.write_string(top, column, title, bold)
                page.set_column(column, column, _width(sheet, column))
            for number, row in enumerate(sheet.rows, top + 1):
                _write_row(page, number, row)
            page.freeze_panes(top + 1, 1)
    return file.getvalue()


def _write_row(page: "xlsxwriter.worksheet.Worksheet", number: int, row: Sequence[object]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, (int, float)):
            page.write_number(number, column, value)
        elif value is not None:
            page.write_string(number, column, str(value))


def _width(sheet: Sheet, column: int) -> int:
    texts = [sheet.columns[column], *(str(row[column]) for row in sheet.rows if column < len(row))]
    return min(_WIDEST, max(map(len, texts)) + 2)


def _name(wanted: str, taken: set[str]) -> str:
    """Return a name that Excel takes for a sheet, and that no other sheet has."""
    plain = _NEVER_IN_NAME.sub(" ", wanted)[:_LONGEST_NAME].strip() or "Sheet"
    name, number = plain, 1
    while name.lower() in taken:
        number += 1
        name = f"{plain[: _LONGEST_NAME - 4]} {number}"
    taken.add(name.lower())
    return name


def _plain(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return "" if value is None else value

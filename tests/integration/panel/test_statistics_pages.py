"""Who sees which statistics, what the pages and files say, and that what is published is not exact."""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from services.panel.jobs.statistics import count_last_month
from services.panel.queries.statistics import figures_of
from services.panel.rules.periods import Period
from services.panel.tables import KnownAgencyRow, PanelRow
from shared.audit import audit
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.panel.many_families import write_many
from tests.integration.panel.sitting import Sitting

PAGES = ("/panel/statistics", "/panel/statistics/publication", "/panel/statistics/months")


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


@pytest.fixture
def counted(sitting: Sitting) -> Sitting:
    """Give a panel in October, whose summer was counted month by month."""
    with sitting.running.database.begin() as session:
        write_many(session, first=date(2026, 7, 1), meetings=90, families=2)
    sitting.running.clock.at = datetime(2026, 10, 2, 9, tzinfo=UTC)
    count_last_month(sitting.running.resources, datetime(2026, 10, 1, 2, tzinfo=UTC))
    return sitting


def text_of(sitting: Sitting, address: str, status: int = 200) -> str:
    answer = sitting.running.browser(sitting.coordinator).get(address)
    assert answer.status_code == status, answer.text
    return answer.text


def rows_of(sitting: Sitting, address: str) -> list[dict[str, str]]:
    data = sitting.running.browser(sitting.coordinator).get(address).data
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"))))


def figure(rows: list[dict[str, str]], table: str, line: str, name: str) -> str:
    [found] = [row["Value"] for row in rows if (row["Table"], row["Line"], row["Figure"]) == (table, line, name)]
    return found


@pytest.mark.parametrize("address", PAGES)
def test_the_chair_the_deputy_the_coordinator_and_administrators_see_statistics(sitting: Sitting, address: str) -> None:
    for person in (sitting.chair, sitting.deputy, sitting.coordinator, a_person("administrator")):
        assert sitting.running.browser(person).get(address).status_code == 200
    for person in (sitting.member, a_person("panel_member"), a_person("front_door"), sitting.manager):
        assert sitting.running.browser(person).get(address).status_code == 403


def test_nobody_counts_a_panel_that_they_do_not_lead(counted: Sitting) -> None:
    mine = counted.get(counted.coordinator, "/statistics?period=quarter")
    everybody = counted.get(a_person("administrator"), "/statistics?period=quarter")
    assert mine["panels"] == ["Early Help Allocation Panel"]
    assert len(everybody["panels"]) > 1
    assert "Select panels" in text_of(counted, "/panel/statistics?panel=step-down", 422)
    counted.get(counted.coordinator, "/statistics?panel=step-down", 404)


def test_every_reading_is_on_record_with_what_was_read(counted: Sitting) -> None:
    for address in ("/panel/statistics?period=quarter", "/panel/statistics.csv?period=quarter", *PAGES[1:]):
        text_of(counted, address)
    with counted.running.database.read() as session:
        lines = session.execute(sa.select(audit.c.subject_id, audit.c.details).where(audit.c.did == "read_statistics"))
        read = {line.subject_id: line.details for line in lines}
    assert set(read) == {"page", "csv", "publication page", "months"}
    assert read["csv"]["panels"] == ["ehap"]
    assert read["csv"]["from_on"] == "2026-07-01"


def test_the_file_has_the_figures_of_the_page_for_the_same_choices(counted: Sitting) -> None:
    choices = "?period=own&from_on-day=1&from_on-month=8&from_on-year=2026&until_on-day=15&until_on-month=8&until_on-year=2026"
    page = text_of(counted, f"/panel/statistics{choices}")
    assert "1 August 2026 to 15 August 2026" in page
    [link] = [part.split('"')[0] for part in page.split('href="') if "statistics.csv" in part]
    rows = rows_of(counted, link.replace("&amp;", "&"))
    assert figure(rows, "About", "Period", "") == "1 August 2026 to 15 August 2026"
    exact = exact_figures(counted, Period(date(2026, 8, 1), date(2026, 8, 15)))
    assert figure(rows, "What was decided", "Heard", "Families") == str(exact.of("heard").families)
    assert figure(rows, "What was decided", "Heard", "Children") == str(exact.of("heard").children)
    assert exact.of("heard") != exact_figures(counted, Period(date(2026, 7, 1), date(2026, 9, 30))).of("heard")


def exact_figures(sitting: Sitting, period: Period) -> Any:
    with sitting.running.database.read() as session:
        panels = list(session.scalars(sa.select(PanelRow.id).where(PanelRow.key == "ehap")))
        return figures_of(session, panels, period)


def test_the_spreadsheet_says_what_was_counted_and_has_no_formula(counted: Sitting) -> None:
    with counted.running.database.begin() as session:
        session.execute(
            sa.insert(KnownAgencyRow), [{"agency_id": md5(n), "name": f"={n}+1", "is_active": True} for n in range(30)]
        )
    data = counted.running.browser(counted.coordinator).get("/panel/statistics.xlsx?period=quarter").data
    book = openpyxl.load_workbook(BytesIO(data))
    about = {row[0]: row[1] for row in book["About"].iter_rows(values_only=True)}
    assert about["Period"] == "1 July 2026 to 30 September 2026"
    assert "Do not pass them on" in str(about["Rule"])
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(str(cell.value).startswith("=") for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)
    heard = {row[0]: row[1] for row in book["What was decided"].iter_rows(values_only=True)}["Heard"]
    assert heard == exact_figures(counted, Period(date(2026, 7, 1), date(2026, 9, 30))).of("heard").families
    names = rows_of(counted, "/panel/statistics.csv?period=quarter")
    assert any(row["Line"].startswith("'=") for row in names)


@pytest.mark.parametrize(
    "address", ["/panel/statistics.{}?period=quarter", "/panel/statistics/publication.{}?quarter=2026-Q3"]
)
def test_both_files_say_the_same_and_each_figure_says_whether_it_counts_families_or_children(
    counted: Sitting, address: str
) -> None:
    rows = rows_of(counted, address.format("csv"))
    of_tables = [row for row in rows if row["Table"] != "About" and row["Line"] != "What is counted"]
    data = counted.running.browser(counted.coordinator).get(address.format("xlsx")).data
    book = openpyxl.load_workbook(BytesIO(data))
    in_sheets = [line for sheet in book.worksheets[1:] for line in figures_on(sheet)]
    assert in_sheets == [(row["Table"], row["Line"], row["Figure"], row["Value"]) for row in of_tables]
    for table, _, name, _ in in_sheets:
        assert table == "Attendance by agency" or "families" in name.lower() or "children" in name.lower()


def figures_on(sheet: Any) -> list[tuple[str, str, str, str]]:
    """Return the figures of a sheet: its table, their line, what they count, and what is written."""
    [title], _, _, (_, *names), *lines = [
        [str(cell) for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)
    ]
    return [(title, line, name, value) for line, *cells in lines for name, value in zip(names, cells, strict=True)]


def md5(number: int) -> Any:
    from hashlib import md5 as digest
    from uuid import UUID

    return UUID(digest(str(number).encode(), usedforsecurity=False).hexdigest())


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ("period=own", "Enter the first day"),
        ("period=own&from_on-day=31&from_on-month=2&from_on-year=2026", "must be a real date"),
        (
            "period=own&from_on-day=2&from_on-month=2&from_on-year=2026&until_on-day=1&until_on-month=2&until_on-year=2026",
            "The last day must be the first day or after it",
        ),
        (
            "period=own&from_on-day=2&from_on-month=2&from_on-year=2016&until_on-day=1&until_on-month=2&until_on-year=2026",
            "The period must be 36 months or shorter",
        ),
        ("period=century", "Select the period"),
    ],
)
def test_a_choice_that_cannot_be_shown_says_why(sitting: Sitting, choices: str, message: str) -> None:
    assert message in text_of(sitting, f"/panel/statistics?{choices}", 422)
    text_of(sitting, f"/panel/statistics.csv?{choices}", 422)


def test_what_is_published_is_not_exact_and_says_by_which_rule(counted: Sitting) -> None:
    rows = rows_of(counted, "/panel/statistics/publication.csv?quarter=2026-Q3")
    assert "Figures of 1 to 5 are replaced by c" in figure(rows, "About", "Rule", "")
    with counted.running.database.read() as session:
        panels = list(session.scalars(sa.select(PanelRow.id)))
        exact = figures_of(session, panels, Period(date(2026, 7, 1), date(2026, 9, 30)))
    heard = figure(rows, "What was decided", "Heard", "Families")
    assert int(heard) % 10 == 0
    assert abs(int(heard) - exact.of("heard").families) <= 5
    families = [row["Value"] for row in rows if "amilies" in row["Figure"] and row["Table"] != "About"]
    assert not {"1", "2", "3", "4", "5"}.intersection(families)
    page = text_of(counted, "/panel/statistics/publication?quarter=2026-Q3")
    assert "not shown" in page
    api = counted.get(counted.chair, "/statistics/publication?quarter=2026-Q3")
    said = {row["label"]: row["cells"][0] for row in api["tables"][0]["rows"]}
    assert said["Heard"] == int(heard)


def test_what_is_published_stays_when_something_is_recorded_late(counted: Sitting) -> None:
    address = "/panel/statistics/publication.csv?quarter=2026-Q3"
    before = rows_of(counted, address)
    with counted.running.database.begin() as session:
        session.execute(sa.text("UPDATE queue_entry SET children = children + 3"))
    assert rows_of(counted, address) == before


def test_a_quarter_that_is_not_over_or_not_counted_is_not_published(counted: Sitting) -> None:
    text_of(counted, "/panel/statistics/publication.csv?quarter=2026-Q4", 404)
    counted.running.clock.at = datetime(2027, 1, 2, 9, tzinfo=UTC)
    assert "Not available" in text_of(counted, "/panel/statistics/publication")
    text_of(counted, "/panel/statistics/publication.xlsx", 404)


def test_a_month_that_changed_since_shows_both_figures(counted: Sitting) -> None:
    assert "Changed since" not in text_of(counted, "/panel/statistics/months")
    with counted.running.database.begin() as session:
        session.execute(sa.text("UPDATE queue_entry SET children = children + 1 WHERE received_on > '2026-08-20'"))
    page = text_of(counted, "/panel/statistics/months")
    assert "Changed since" in page
    months = counted.get(counted.coordinator, "/statistics/months")["months"]
    assert [month["month"] for month in months] == ["2026-09", "2026-08", "2026-07"]
    late = months[0]["figures"]["heard"]
    assert late["now"]["children"] > late["then"]["children"]
    assert late["now"]["families"] == late["then"]["families"]


def test_small_figures_are_warned_of_also_where_they_are_exact(sitting: Sitting) -> None:
    request_id = sitting.asks()
    meeting_id = sitting.opened(sitting.next_meeting())
    sitting.decides(sitting.item_at(request_id, meeting_id), "signpost")
    sitting.post(sitting.chair, f"/meetings/{meeting_id}/end", {"not_heard_because": "capacity"}, 200)
    page = text_of(sitting, "/panel/statistics?period=year")
    assert "may tell of a family" in page
    assert "Level 3" in page
    assert "bathnes 2024" in page
    item = sitting.item(request_id)
    assert item.reference not in page


def test_a_period_without_meetings_says_so(sitting: Sitting) -> None:
    assert "No meeting of these panels was held" in text_of(sitting, "/panel/statistics")
    assert "nothing to publish yet" in text_of(sitting, "/panel/statistics/publication")
    assert "No month has been counted yet" in text_of(sitting, "/panel/statistics/months")

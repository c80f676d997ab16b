"""What a panel of a profile must be beyond its types, each problem said with its place."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta

from shared.authority.panels import (
    CUT_OFF_SHAPES,
    ON_BANK_HOLIDAY,
    PANEL_KINDS,
    PAPERS_GO_OUT,
    WEEKDAYS,
    WEEKS_OF_MONTH,
    Closure,
    PanelProfile,
    Papers,
    Quorum,
    Recurrence,
)

_LONGEST_CLOSURE = timedelta(days=300)
_LONGEST_STAY = 365


def wrong_in_panel(panel: PanelProfile, localities: Collection[str]) -> Iterator[str]:
    """Yield what is wrong in a panel beyond its types."""
    where = f"panel {panel.key}"
    yield from unknown(f"{where}: kind", panel.kind, PANEL_KINDS)
    yield from unknown(f"{where}: on_bank_holiday", panel.on_bank_holiday, ON_BANK_HOLIDAY)
    yield from unknown(f"{where}: cut_off: shape", panel.cut_off.shape, CUT_OFF_SHAPES)
    if panel.cut_off.shape == "last_weekday":
        yield from unknown(f"{where}: cut_off: weekday", panel.cut_off.weekday, WEEKDAYS)
    if panel.locality and panel.locality not in localities:
        yield f"{where}: there is no locality {panel.locality!r}"
    if panel.video_link and not panel.video_link.startswith("https://"):
        yield f"{where}: video_link must start with https://, not {panel.video_link!r}"
    for name in ("capacity", "slot_minutes", "minutes_within_working_days", "referrer_told_within_working_days"):
        if getattr(panel, name) < 1:
            yield f"{where}: {name} must be at least 1"
    yield from _wrong_in_recurrence(panel.recurrence, f"{where}: recurrence")
    yield from wrong_in_closures(panel.closures, f"{where}: closures")
    yield from _wrong_in_papers(panel.papers, f"{where}: papers")
    yield from _wrong_in_quorum(panel.quorum, f"{where}: quorum")


def wrong_in_closures(closures: Iterable[Closure], where: str) -> Iterator[str]:
    """Yield what is wrong in periods without meetings."""
    for number, closure in enumerate(closures, 1):
        place = f"{where}[{number}]"
        if not timedelta() <= closure.until_on - closure.from_on <= _LONGEST_CLOSURE:
            yield f"{place}: until_on must be from 0 to {_LONGEST_CLOSURE.days} days after from_on ({closure.from_on})"
        if closure.every_year and (closure.from_on.month, closure.from_on.day) == (2, 29):
            yield f"{place}: from_on cannot be 29 February of every year"


def unknown(what: str, value: str, known: Iterable[str]) -> Iterator[str]:
    """Yield that a code is none of those that are known."""
    if value not in known:
        yield f"{what} is {' or '.join(known)}, not {value!r}"


def _wrong_in_recurrence(recurrence: Recurrence, where: str) -> Iterator[str]:
    if recurrence.minutes < 1:
        yield f"{where}: minutes must be at least 1"
    if not recurrence.monthly:
        if recurrence.weeks < 1:
            yield f"{where}: weeks must be at least 1, or monthly must say which weekday"
        return
    if recurrence.weeks:
        yield f"{where}: give weeks or monthly, not both"
    week, _, weekday = recurrence.monthly.partition(" ")
    if week not in WEEKS_OF_MONTH or weekday not in WEEKDAYS:
        yield f"{where}: monthly is such as 'first tuesday' or 'last friday', not {recurrence.monthly!r}"


def _wrong_in_papers(papers: Papers, where: str) -> Iterator[str]:
    yield from unknown(f"{where}: go_out", papers.go_out, PAPERS_GO_OUT)
    if (papers.go_out == "working_days_before") != (papers.working_days > 0) or papers.working_days < 0:
        yield f"{where}: working_days must be at least 1 with go_out 'working_days_before', and 0 without"
    if not 0 <= papers.stay_days <= _LONGEST_STAY:
        yield f"{where}: stay_days must be from 0 to {_LONGEST_STAY}, not {papers.stay_days}"


def _wrong_in_quorum(quorum: Quorum, where: str) -> Iterator[str]:
    if quorum.agencies < 0:
        yield f"{where}: agencies must be at least 0, not {quorum.agencies}"
    for role, times in Counter(quorum.roles).items():
        if times > 1:
            yield f"{where}: role {role} stands there {times} times"

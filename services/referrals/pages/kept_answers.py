"""Nothing typed is lost: an answer that another tab overtook, one that waits, one to what was removed or sent."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from markupsafe import Markup

from services.referrals.actions.tabs import WrittenElsewhere, drop_waiting
from services.referrals.pages import pages
from services.referrals.pages.ask_forms import FORMS, form_of
from services.referrals.pages.ask_summary import TITLES, sections_of
from services.referrals.pages.draft import (
    NothingThere,
    RemovedElsewhere,
    SentAlready,
    address_of,
    address_to_go_on,
    draft,
    has_localities,
    typed,
)
from services.referrals.pages.drafts_here import draft_here
from services.referrals.pages.tabs import opening_field, posted, sign
from services.referrals.rules import journey
from services.referrals.rules.tabs import is_adding, is_removing
from shared.web.access import open_to_everyone, person_or_none
from shared.web.app import resources
from shared.web.fields import Choice, Choices
from shared.web.problems import answer_http_error

_WHY = "families ask for help without an account"
_NO_CHOICES: Mapping[str, Any] = {}
_DATE_PARTS = ("-day", "-month", "-year")


@pages.context_processor
def _openings() -> dict[str, Any]:
    def field(content: Mapping[str, Any], page: str = "") -> Markup:
        here = draft_here()
        return opening_field(here, content, page) if here else Markup()

    return {"opening_field": field}


@pages.errorhandler(CSRFError)
def take_late_answer(error: CSRFError) -> ResponseReturnValue:
    """Take an answer whose page was open longer than its CSRF token lasts: its opening says whose form it is."""
    if posted() is None or request.endpoint is None:
        return answer_http_error(error)
    view: Any = current_app.view_functions[request.endpoint]
    answer: ResponseReturnValue
    try:
        answer = view(**(request.view_args or {}))
    except Exception as raised:  # What an error handler raises finds no other by itself.
        answer = current_app.handle_user_exception(raised)
    return answer


@pages.errorhandler(WrittenElsewhere)
def show_both(refusal: WrittenElsewhere) -> ResponseReturnValue:
    """Show what is kept now and what was typed here, and let the person choose."""
    form, page, place = posted(), refusal.opening.page, refusal.place
    if form is None:
        raise refusal
    group, _, ref = place.partition("/")
    return render_template(
        "referrals/ask/two_tabs.html",
        theirs=_rows(refusal.before, place),
        ours=_rows(refusal.after, place),
        adds=is_adding(page),
        removes=is_removing(page),
        typed=typed(),
        use_at=url_for("pages.change_item", group=group, ref=ref) if is_adding(page) else request.full_path,
        add_at=request.full_path,
        use_opening=sign(form.draft_id, refusal.before, place),
        add_opening=sign(form.draft_id, refusal.before, page),
        keep_at=_after(refusal.before, group),
    ), 409


@pages.errorhandler(RemovedElsewhere)
def show_removed(refusal: RemovedElsewhere) -> ResponseReturnValue:
    """Say that what the answer is about was removed in another tab, and let it be added again."""
    draft_id, content, page = refusal.args
    group, _, rest = page.partition("/")
    may_add = group in journey.GROUPS and "/" not in rest
    return render_template(
        "referrals/ask/removed.html",
        may_add=may_add,
        typed=typed(),
        add_at=url_for("pages.add_item", group=group) if may_add else "",
        opening=sign(draft_id, content, f"{group}/add"),
        rows=_as_typed(typed()),
        list_at=_after(content, group),
    ), 409


@pages.errorhandler(SentAlready)
def show_sent(refusal: SentAlready) -> ResponseReturnValue:
    """Say that the request was sent, with its reference, and show what was typed since so that it is not lost."""
    reference, sent_at = refusal.args
    shown = {"reference": reference, "sent_at": sent_at, "rows": _as_typed(typed())}
    return render_template("referrals/ask/too_late.html", **shown), 409


@pages.errorhandler(NothingThere)
def show_gone(_: NothingThere) -> ResponseReturnValue:
    """Say that the draft is gone, and show what was typed."""
    return render_template("referrals/ask/too_late.html", reference="", rows=_as_typed(typed())), 409


@pages.get("/ask/waiting")
@open_to_everyone(_WHY)
def waiting() -> ResponseReturnValue:
    """Show an answer that waits to be gone on with."""
    with draft() as held:
        if not held.row.waiting:
            return redirect(address_to_go_on(held.row))
        key, answer = next(iter(held.row.waiting.items()))
        step = key.partition(" ")[0].partition("/")[0]
        title = TITLES.get("consent" if step == "consents" else step, "")
        rows = _as_typed(answer["typed"], _choices_of(key.partition(" ")[0], held.content))
        return render_template("referrals/ask/waiting.html", key=key, answer=answer, title=title, rows=rows)


@pages.post("/ask/waiting")
@open_to_everyone(_WHY)
def post_leave_out() -> ResponseReturnValue:
    """Forget an answer that waited."""
    with draft(hold=True) as held:
        drop_waiting(held.session, held.row, request.form.get("key", ""))
        flash("It is left out.")
        return redirect(address_to_go_on(held.row))


def _after(content: Mapping[str, Any], step: str) -> str:
    if step in journey.GROUPS:
        return address_of(step)
    return address_of(
        journey.next_step(content, "consent" if step == "consents" else step, has_localities=has_localities())
    )


def _rows(content: Mapping[str, Any], place: str) -> list[dict[str, str]]:
    """Return the answers that a page is about as the check page shows them; none where they are not there."""
    step, *rest = place.split("/")
    [section] = sections_of(content, ["consent" if step == "consents" else step], resources().authority)
    if step not in journey.GROUPS:
        return list(section["cards"][0]["rows"]) if content.get(step) else []
    refs = [item["ref"] for item in content.get(step, [])]
    return list(section["cards"][refs.index(rest[0])]["rows"]) if rest[0] in refs else []


def _choices_of(page: str, content: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """Return the codes of a page's boxes with their labels, by box; none for pages with forms of their own."""
    step, *rest = page.split("/")
    form = f"more_of_{step}" if rest[-1:] == ["more"] else step
    if form not in FORMS:
        return {}
    schema = form_of(form, content, authority=resources().authority, person=person_or_none())
    return {name: field.choices for name, field in schema.fields.items() if isinstance(field, (Choice, Choices))}


def _as_typed(
    pairs: Iterable[tuple[str, str] | list[str]], choices: Mapping[str, Mapping[str, str]] = _NO_CHOICES
) -> list[dict[str, str]]:
    """Return what was typed without checking it, box by box, a date in one line, codes as their labels."""
    said: dict[str, list[str]] = {}
    for name, code in pairs:
        text = choices.get(name, _NO_CHOICES).get(code, code)
        if text:
            said.setdefault(
                next((name.removesuffix(part) for part in _DATE_PARTS if name.endswith(part)), name), []
            ).append(text)
    return [
        {"key": name.replace("_", " ").capitalize(), "value": (", " if name in choices else " ").join(map(str, texts))}
        for name, texts in said.items()
    ]

"""The decision form as a page has it: an outcome's fields, a part for each child, and three rows for actions."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast
from uuid import UUID

from marshmallow import Schema, fields

from services.panel.both_doors.decision_fields import Options, always, child_decision, details_of, of_child
from services.panel.rules.children import ChildDecision
from services.panel.rules.decisions import OUTCOMES, Follows
from services.panel.rules.new_decision import NewAction
from shared.errors import Conflict, Invalid
from shared.web.fields import Choice, Day, Line
from shared.web.forms import Form, PageForm

ACTION_ROWS = (1, 2, 3)
MORE_ACTIONS = tuple(f"action_{row}_" for row in ACTION_ROWS[1:])
_CHILD_PARTS = ("outcome", "service_id", "level", "note")
_PARTS = {"what": "what is to be done", "agency": "who does it", "due_on": "by when"}


def decision_form(outcome: str, options: Options, first: Mapping[str, fields.Field[Any]] | None = None) -> Schema:
    """Return the form for one outcome, with `first` before its own fields."""
    boxes: dict[str, fields.Field[Any]] = {**(first or {}), **details_of(outcome, options)}
    if children_may_differ(outcome):
        for place in range(1, len(options.children) + 1):
            boxes |= {f"child_{place}_{part}": box for part, box in of_child(options).items()}
    for row in ACTION_ROWS:
        boxes[f"action_{row}_what"] = Line("What is to be done", longest=500)
        boxes[f"action_{row}_agency"] = Choice("Who does it", options.agencies)
        boxes[f"action_{row}_person"] = Choice("Who of that agency", options.everybody)
        boxes[f"action_{row}_due_on"] = Day("The date", future=True)
    return PageForm.from_dict({**boxes, **always(options)})()


def children_may_differ(outcome: str) -> bool:
    """Say whether a decision can say something else for one child: a family waits for a meeting as a whole."""
    return OUTCOMES[outcome].follows is not Follows.QUEUED


def children_in(form: Form, options: Options) -> tuple[ChildDecision, ...]:
    """Return what was filled in for single children; nothing for those who are as the family."""
    said = []
    for place, ref in enumerate(options.children, 1):
        values = {part: form.values.get(f"child_{place}_{part}", "") for part in _CHILD_PARTS}
        if any(values.values()):
            said.append(child_decision(ref, values))
    return tuple(said)


def actions_in(form: Form) -> tuple[NewAction, ...]:
    """Return the actions that were typed; a row that is filled in part gets its errors."""
    rows = _rows_in_use(form.entered)
    for row in rows:
        for part, words in _PARTS.items():
            if not _is_filled(form.entered, f"action_{row}_{part}"):
                form.add_error(f"action_{row}_{part}", f"Enter {words}, or leave the whole action empty")
    return () if form.errors else tuple(_action(form.values, row) for row in rows)


def _action(values: Mapping[str, Any], row: int) -> NewAction:
    what, agency, due_on, person = (values.get(f"action_{row}_{part}") for part in (*_PARTS, "person"))
    return NewAction(str(what), UUID(agency), cast(date, due_on), UUID(person) if person else None)


def show_refusal(form: Form, refusal: Invalid | Conflict) -> int:
    """Show a refusal beside the boxes it is about, one about the n-th action at the n-th row in use; return the status."""
    errors = refusal.errors if isinstance(refusal, Invalid) else {}
    if isinstance(about_children := errors.get("children"), Mapping):
        _show_children(form, about_children)
    elif about_actions := errors.get("actions"):
        _show_actions(form, about_actions)
    else:
        return form.add_refusal(refusal)
    return 422


def _show_actions(form: Form, about_actions: Any) -> None:
    rows = _rows_in_use(form.values) or [ACTION_ROWS[0]]
    if not isinstance(about_actions, Mapping):
        form.add_error(f"action_{rows[0]}_what", str(about_actions[0]))
        return
    for number, problems in about_actions.items():
        for name, messages in problems.items():
            form.add_error(f"action_{rows[number]}_{name.removesuffix('_id')}", str(messages[0]))


def _rows_in_use(values: Mapping[str, Any]) -> list[int]:
    return [
        row for row in ACTION_ROWS if any(_is_filled(values, f"action_{row}_{part}") for part in (*_PARTS, "person"))
    ]


def _is_filled(values: Mapping[str, Any], name: str) -> bool:
    value = values.get(name)
    return bool(value.strip() if isinstance(value, str) else value)


def _show_children(form: Form, faults: Mapping[Any, Any]) -> None:
    """Show a fault at the n-th child for whom something was filled in."""
    names = [name for name in form.schema.fields if name.startswith("child_") and name.endswith("_note")]
    places = [name.removesuffix("note") for name in names]
    filled = [place for place in places if any(form.values.get(place + part) for part in _CHILD_PARTS)]
    for number, problems in faults.items():
        for part, messages in problems.items():
            box = part if part in _CHILD_PARTS else "note"
            form.add_error(filled[number] + box, str(messages[0]))

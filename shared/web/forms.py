"""A page's form: what was typed, what is wrong with it, and the values of what is right."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields
from werkzeug.datastructures import MultiDict

from shared.errors import Conflict, Invalid
from shared.web.fields import Day


class PageForm(Schema):
    """A form on a page; fields come from `shared.web.fields`. Unknown boxes, such as the CSRF token, are ignored."""

    class Meta:
        """Ignore what the form does not know."""

        unknown = EXCLUDE


class Form:
    """What a page shows in its boxes and beside them. Nothing typed is ever lost: `entered` is what came in."""

    def __init__(
        self, schema: Schema, entered: Mapping[str, Any], errors: Mapping[str, str], values: dict[str, Any]
    ) -> None:
        self.schema = schema
        self.entered = entered
        self.errors = dict(errors)
        self.values = values

    @property
    def summary(self) -> list[dict[str, str]]:
        """Return the error summary's links, in the order of the form."""
        order = list(self.schema.fields)
        known = sorted(self.errors, key=lambda name: order.index(name) if name in order else len(order))
        return [{"text": self.errors[name], "href": f"#{self._first_box(name)}"} for name in known]

    def add_error(self, name: str, message: str) -> None:
        """Say what is wrong with a field that only the rules could find."""
        self.errors.setdefault(name, message)

    def add_refusal(self, refusal: Invalid | Conflict) -> int:
        """Show a refusal at the fields that it names, or at the top of the form; return the status to answer with."""
        errors = _flat(refusal.errors) if isinstance(refusal, Invalid) else {}
        for name, message in (errors or {"form": str(refusal)}).items():
            self.add_error(name, message)
        return 409 if isinstance(refusal, Conflict) else 422

    def _first_box(self, name: str) -> str:
        return f"{name}-day" if isinstance(self.schema.fields.get(name), Day) else name


def read_form(schema: Schema, typed: MultiDict[str, str]) -> Form:
    """Return the form as it was sent, with every error beside its field."""
    entered = _collect(schema, typed)
    try:
        return Form(schema, entered, {}, dict(schema.load(entered)))
    except ValidationError as error:
        right = dict(error.valid_data) if isinstance(error.valid_data, Mapping) else {}
        return Form(schema, entered, _flat(error.messages_dict), _nothing_said(schema) | right)


def show_form(schema: Schema, values: Mapping[str, Any] | None = None) -> Form:
    """Return the form as it is first shown, filled with `values`."""
    entered = {name: _as_typed(value) for name, value in (values or {}).items()}
    return Form(schema, entered, {}, {})


def _nothing_said(schema: Schema) -> dict[str, Any]:
    """Return no value for every field, so that what holds between fields is checked though one of them is wrong."""
    return {name: [] if isinstance(field, fields.List) else None for name, field in schema.fields.items()}


def _collect(schema: Schema, typed: MultiDict[str, str]) -> dict[str, Any]:
    entered: dict[str, Any] = {}
    for name, field in schema.fields.items():
        if isinstance(field, Day):
            boxes = {part: typed.get(f"{name}-{part}", "") for part in ("day", "month", "year")}
            if any(boxes.values()) or field.required:
                entered[name] = boxes
        elif isinstance(field, fields.List):
            entered[name] = typed.getlist(name)
        elif name in typed:
            entered[name] = typed[name]
    return entered


def _as_typed(value: Any) -> Any:
    if isinstance(value, date):
        return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def _flat(errors: Mapping[str, Any]) -> dict[str, str]:
    return {("form" if name == "_schema" else str(name)): _first_message(messages) for name, messages in errors.items()}


def _first_message(messages: Any) -> str:
    if isinstance(messages, Mapping):
        return _first_message(next(iter(messages.values())))
    if isinstance(messages, (list, tuple)):
        return _first_message(messages[0])
    return str(messages)

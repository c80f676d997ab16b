"""What only holds or not between the answers of a step, said at its field."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import g

from services.referrals.rules import choices, journey
from services.referrals.rules.missing import missing
from services.referrals.rules.request_document import child_faults
from shared.web.forms import Form


def check_step(step: str, form: Form) -> None:
    """Say at its field what only holds or not between the answers of a step."""
    if form.errors:
        return
    for name in why_missing_is_asked(form):
        if form.values[f"{name}_missing"] and form.values[name]:
            form.add_error(f"{name}_missing", "Give the answer, or say why there is none, not both")
    if check := _CHECKS.get(step):
        check(form)


def why_missing_is_asked(form: Form) -> list[str]:
    """Return the names of a form's questions that also ask why there is no answer."""
    names = (name.removesuffix("_missing") for name in form.schema.fields if name.endswith("_missing"))
    return [name for name in names if name in form.schema.fields]


def _with_missing(form: Form) -> dict[str, Any]:
    whys = {name: form.values[f"{name}_missing"] for name in why_missing_is_asked(form)}
    return {**form.values, **{name: missing(why) for name, why in whys.items() if why and not form.values[name]}}


def _check_child(form: Form) -> None:
    for name in ("ethnicity", "disabilities"):
        if not form.values[name] and not form.values[f"{name}_missing"]:
            label = str(getattr(form.schema.fields[name], "label", ""))
            form.add_error(name, f"Select {label[0].lower()}{label[1:]}, or say why there is no answer")
    _check_as_in_document(form, {**_with_missing(form), "expected_on": None})


def _check_unborn(form: Form) -> None:
    _check_as_in_document(form, {**journey.UNBORN, **form.values})


def _check_as_in_document(form: Form, child: Mapping[str, Any]) -> None:
    for path, message in child_faults(child, g.today()):
        form.add_error(str(path[0]), message)


def _check_details(form: Form) -> None:
    if not form.values["email"] and not form.values["phone"]:
        form.add_error("email", "Enter an e-mail address or a telephone number, so that we can answer")


def _check_address(form: Form) -> None:
    since, until = form.values["from_on"], form.values["to_on"]
    if since and until and until < since:
        form.add_error("to_on", "The day when they moved out must not be before the day when they moved in")


def _check_consent(form: Form) -> None:
    if any(form.values[kind] for kind in choices.CONSENTS) and not form.values["by"]:
        form.add_error("by", "Select who agreed")


_CHECKS: dict[str, Callable[[Form], None]] = {
    "children": _check_child,
    "whole_children": _check_child,
    "unborn": _check_unborn,
    "details": _check_details,
    "addresses": _check_address,
    "consent": _check_consent,
}

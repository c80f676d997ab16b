"""What only holds or not between the answers of a step, said at its field."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import g

from services.referrals.rules import choices, journey
from services.referrals.rules.missing import missing
from services.referrals.rules.request_document import child_faults
from shared.web.forms import Form

_NO_ANSWER: tuple[Any, ...] = (None, "", [])


def check_step(step: str, form: Form) -> None:
    """Say at its field what only holds or not between the answers of a step, beside what is wrong with one of them."""
    for name in why_missing_is_asked(form):
        if form.values[f"{name}_missing"] and form.values[name] not in _NO_ANSWER:
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


_OR_WHY = ", or say why there is no answer"
_NEEDED_OF_CHILD = {
    "date_of_birth": "Enter the date of birth",
    "ethnicity": "Select the ethnic group",
    "disabilities": "Select the disabilities, or no disability",
}


def _check_child(form: Form) -> None:
    for name, message in _NEEDED_OF_CHILD.items():
        may_say_why = f"{name}_missing" in form.values
        if not form.values[name] and not (may_say_why and form.values[f"{name}_missing"]):
            form.add_error(name, message + (_OR_WHY if may_say_why else ""))
    _check_as_in_document(form, {**_with_missing(form), "expected_on": None})


def _check_whole_child(form: Form) -> None:
    _check_child(form)
    _check_school(form)


def _check_school(form: Form) -> None:
    attendance = form.values.get("attendance_percent") not in _NO_ANSWER or form.values.get(
        "attendance_percent_missing"
    )
    if attendance and not form.values["school_name"]:
        form.add_error("school_name", "Enter the school, nursery or college, or leave out the attendance")


def _check_unborn(form: Form) -> None:
    if form.values["expected_on"]:
        _check_as_in_document(form, {**journey.UNBORN, **form.values})


def _check_adult(form: Form) -> None:
    for name, channels, message in _REACHED_BY:
        if channels & set(form.values["safe_channels"]) and not form.values[name]:
            form.add_error(name, message)


_REACHED_BY = (
    ("mobile", {"phone", "sms"}, "Enter the mobile number, or do not choose phone call or text message as safe"),
    ("email", {"email"}, "Enter the e-mail address, or do not choose e-mail as safe"),
)


def _check_as_in_document(form: Form, child: Mapping[str, Any]) -> None:
    for path, message in child_faults(child, g.today()):
        form.add_error(str(path[0]), message)


def _check_details(form: Form) -> None:
    if not form.values["email"] and not form.values["phone"]:
        form.add_error("email", "Enter an e-mail address or a telephone number, so that we can answer")


def _check_new_address(form: Form) -> None:
    if not form.values["residents"] and not form.values["to_on"]:
        form.add_error("residents", "Select who lives here")
    _check_address(form)


def _check_address(form: Form) -> None:
    since, until = form.values["from_on"], form.values["to_on"]
    if since and until and until < since:
        form.add_error("to_on", "The day when they moved out must not be before the day when they moved in")


def _check_consent(form: Form) -> None:
    if any(form.values[kind] for kind in choices.CONSENTS) and not form.values["by"]:
        form.add_error("by", "Select who agrees")


_CHECKS: dict[str, Callable[[Form], None]] = {
    "children": _check_child,
    "more_of_children": _check_school,
    "whole_children": _check_whole_child,
    "unborn": _check_unborn,
    "adults": _check_adult,
    "whole_adults": _check_adult,
    "details": _check_details,
    "addresses": _check_new_address,
    "whole_addresses": _check_address,
    "consent": _check_consent,
}

"""Answers of a document that may be missing, and say why."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import ValidationError, fields

from services.referrals.rules.missing import WHY
from services.referrals.rules.questions import Question
from shared.web.fields import Choice, Line, Words


class OrMissing(fields.Field[Any]):
    """What the field `answer` takes, or `{"missing": code}` that says why there is none; empty is neither."""

    def __init__(self, answer: fields.Field[Any], label: str = "") -> None:
        self.label, self._answer = label or str(getattr(answer, "label", "")), answer
        super().__init__(
            required=answer.required,
            load_default=answer.load_default,
            allow_none=answer.allow_none,
            error_messages=answer.error_messages,
        )

    def _bind_to_schema(self, field_name: str, parent: Any) -> None:
        super()._bind_to_schema(field_name, parent)
        self._answer._bind_to_schema(field_name, parent)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if not isinstance(value, Mapping) or "missing" not in value:
            return self._answer.deserialize(value, attr, data, **kwargs)
        if set(value) != {"missing"} or str(value["missing"]) not in WHY:
            raise ValidationError(f'{self.label} must be an answer, or {{"missing": one of {", ".join(WHY)}}}')
        return {"missing": value["missing"]}


def fields_of(questions: Sequence[Question]) -> dict[str, fields.Field[Any]]:
    """Return a field of a document for every question."""
    return {question.name: OrMissing(field_of(question)) for question in questions}


def field_of(question: Question) -> fields.Field[Any]:
    """Return the field that takes an answer to the question."""
    if question.codes:
        return Choice(question.label, question.codes)
    return (Words if question.is_long else Line)(question.label, longest=question.longest)

"""Fields that only the directory has."""

from typing import Any

from marshmallow import ValidationError, fields

_LONGEST = 200


class Password(fields.String):
    """A password as it was typed: nothing trimmed, every character counts."""

    def __init__(self, label: str, *, required: bool = True, **options: Any) -> None:
        enter = f"Enter {label}"
        messages: dict[str, Any] = {"required": enter, "null": enter, "invalid": "The password must be text"}
        if not required:
            options.setdefault("load_default", "")
        self._enter = enter
        super().__init__(required=required, error_messages=messages, **options)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, *args, **kwargs))
        if self.required and not text:
            raise ValidationError(self._enter)
        if len(text) > _LONGEST:
            raise ValidationError(f"The password must be {_LONGEST} characters or fewer")
        if any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in text):
            raise ValidationError("The password has a character that cannot be kept")
        return text

"""Fields for everything people and portals send: the same checks and the same words for pages and for JSON.

Each has its `label`, in the words of the form, and says what is wrong in them.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import phonenumbers
import postcode
from email_validator import EmailNotValidError, validate_email
from flask import g, has_request_context
from marshmallow import ValidationError, fields
from stdnum.gb import nhs, upn

from shared.london import london_date

EARLIEST_DATE = date(1900, 1, 1)


class Line(fields.String):
    """One line of text, trimmed, in NFC; any letters of any language, no control characters."""

    never = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

    def __init__(self, label: str, *, longest: int = 200, required: bool = False, **options: Any) -> None:
        self.label, self.longest = label, longest
        super().__init__(required=required, error_messages=_words(label), **_missing(required, options, ""))

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = unicodedata.normalize("NFC", super()._deserialize(value, *args, **kwargs)).strip()
        if self.required and not text:
            raise ValidationError(f"Enter {_lower(self.label)}")
        if len(text) > self.longest:
            raise ValidationError(f"{self.label} must be {self.longest:,} characters or fewer")
        if self.never.search(text):
            raise ValidationError(f"{self.label} has a character that cannot be kept, such as a control character")
        return text


class Words(Line):
    """Several lines of text, up to 10,000 characters."""

    never = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

    def __init__(self, label: str, *, longest: int = 10_000, required: bool = False, **options: Any) -> None:
        super().__init__(label, longest=longest, required=required, **options)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value
        return super()._deserialize(text, *args, **kwargs)


class Choice(fields.String):
    """One of a set of codes; `choices` maps a code to its label."""

    def __init__(
        self, label: str, choices: Mapping[str, str] | Sequence[str], *, required: bool = False, **options: Any
    ) -> None:
        self.label = label
        self.choices = dict(choices) if isinstance(choices, Mapping) else {code: code for code in choices}
        options.setdefault("error_messages", {"required": f"Select {_lower(label)}", "null": f"Select {_lower(label)}"})
        super().__init__(required=required, **_missing(required, options, ""))

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        code = super()._deserialize(value, *args, **kwargs).strip()
        if not code and not self.required:
            return ""
        if code not in self.choices:
            raise ValidationError(f"Select {_lower(self.label)}")
        return code


class Choices(fields.List[Any]):
    """Several of a set of codes, each once."""

    def __init__(
        self, label: str, choices: Mapping[str, str] | Sequence[str], *, fewest: int = 0, **options: Any
    ) -> None:
        self.label, self.fewest = label, fewest
        self.choices = dict(choices) if isinstance(choices, Mapping) else {code: code for code in choices}
        options.setdefault("load_default", None if fewest else [])
        required = fewest > 0
        if required:
            options.pop("load_default")
        super().__init__(
            Choice(label, self.choices),
            required=required,
            error_messages={"required": f"Select {_lower(label)}", "invalid": f"{label} must be a list"},
            **options,
        )

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        codes = super()._deserialize(value, attr, data, **kwargs)
        if len(codes) < self.fewest:
            raise ValidationError(f"Select {_lower(self.label)}")
        if len(set(codes)) != len(codes):
            raise ValidationError(f"{self.label} has the same answer twice")
        return codes


class YesNo(fields.Boolean):
    """Yes or no: true and false in JSON, `yes` and `no` from a page."""

    truthy, falsy = {True, "yes"}, {False, "no"}

    def __init__(self, label: str, *, required: bool = False, **options: Any) -> None:
        self.label = label
        choose = f"Select yes or no: {_lower(label)}"
        options.setdefault("error_messages", {"required": choose, "invalid": choose, "null": choose})
        super().__init__(required=required, truthy=self.truthy, falsy=self.falsy, **_missing(required, options, None))


class Day(fields.Date):
    """A date, `YYYY-MM-DD` in JSON; from a page the three boxes that `forms.py` puts together as day/month/year."""

    def __init__(
        self, label: str, *, required: bool = False, past: bool = False, future: bool = False, **options: Any
    ) -> None:
        self.label, self.past, self.future = label, past, future
        options.setdefault("allow_none", not required)
        super().__init__(required=required, error_messages=_words(label), **_missing(required, options, None))

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> date:
        day = self._read(value)
        if day < EARLIEST_DATE:
            raise ValidationError(f"{self.label} must be after 1900")
        if self.past and day > self._today():
            raise ValidationError(f"{self.label} must be today or in the past")
        if self.future and day < self._today():
            raise ValidationError(f"{self.label} must be today or in the future")
        return day

    def _today(self) -> date:
        # The service's own today where a request is being answered: a rehearsal has its own date.
        return g.today() if has_request_context() and "today" in g else london_date(datetime.now(UTC))

    def _read(self, value: Any) -> date:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            year, month, day = value.split("-")
        elif isinstance(value, Mapping):
            day, month, year = (str(value.get(part, "")).strip() for part in ("day", "month", "year"))
            self._check_boxes(day, month, year)
        else:
            raise ValidationError(f"{self.label} must be a date, as 2017-05-09")
        try:
            return datetime(int(year), int(month), int(day)).date()
        except ValueError:
            raise ValidationError(f"{self.label} must be a real date") from None

    def _check_boxes(self, day: str, month: str, year: str) -> None:
        missing = [name for name, text in (("day", day), ("month", month), ("year", year)) if not text]
        if len(missing) == 3:
            raise ValidationError(f"Enter {_lower(self.label)}")
        if missing:
            raise ValidationError(f"{self.label} must include a {' and a '.join(missing)}")
        if not all(re.fullmatch(r"[0-9]{1,4}", part) for part in (day, month, year)) or len(year) != 4:
            raise ValidationError(f"{self.label} must be a real date, with a year of four numbers")


class Email(Line):
    """An e-mail address; kept as it was typed, checked for form only."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs)
        if not text:
            return text
        try:
            validate_email(text, check_deliverability=False)
        except EmailNotValidError:
            raise ValidationError(f"{self.label} must look like name@example.com") from None
        return text


class Phone(Line):
    """A telephone number of the United Kingdom, or one that starts with +; kept in national form."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs)
        if not text:
            return text
        # Possible, not valid: the library calls every number that Ofcom keeps for drama invalid.
        try:
            number = phonenumbers.parse(text, "GB")
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            raise ValidationError(f"{self.label} must be a telephone number, like 01632 960001 or 07700 900982")
        national = number.country_code == 44
        style = phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
        return phonenumbers.format_number(number, style)


class Postcode(Line):
    """A postcode of the United Kingdom, written as the Royal Mail writes it."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs)
        if not text:
            return text
        parsed = postcode.parse(text)
        if not parsed.valid:
            raise ValidationError(f"{self.label} must be a full postcode, like BA1 5AW")
        return str(parsed.postcode)


class NhsNumber(Line):
    """An NHS number, checked, written 943 476 5919."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        digits = re.sub(r"[\s-]", "", super()._deserialize(value, *args, **kwargs))
        if not digits:
            return ""
        # The library takes one digit ten times, and digits of other scripts, for a number.
        if not re.fullmatch(r"[0-9]{10}", digits) or len(set(digits)) == 1 or not nhs.is_valid(digits):
            raise ValidationError(f"{self.label} is not right. It has 10 numbers, like 943 476 5919")
        return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


class Upn(Line):
    """A unique pupil number, checked."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = re.sub(r"\s", "", super()._deserialize(value, *args, **kwargs)).upper()
        if text and (not re.fullmatch(r"[A-Z][0-9]{11}[0-9A-Z]", text) or not upn.is_valid(text)):
            raise ValidationError(f"{self.label} is not right. It has a letter and 12 more characters")
        return text


def _missing(required: bool, options: dict[str, Any], default: Any) -> dict[str, Any]:
    if not required:
        options.setdefault("load_default", default)
    return options


def _words(label: str) -> dict[str, Any]:
    enter = f"Enter {_lower(label)}"
    return {"required": enter, "null": enter, "invalid": f"{label} must be text"}


def _lower(label: str) -> str:
    first = label.split()[0]
    return label if len(first) > 1 and first.isupper() else label[0].lower() + label[1:]


class ClockTime(Line):
    """A time of the day in London as 14:30, or nothing; a page may say 2.30pm or midday."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs).lower().replace(" ", "").replace(".", ":")
        if not text:
            return ""
        text = {"midday": "12:00", "midnight": "0:00"}.get(text, text)
        found = re.fullmatch(r"([0-9]{1,2})(?::([0-9]{2}))?(am|pm)?", text)
        if found is None or (found[2] is None and found[3] is None):
            raise ValidationError(f"{self.label} must be a time, like 2:30pm")
        hour, minute = int(found[1]), int(found[2] or 0)
        if found[3]:
            hour = hour % 12 + (12 if found[3] == "pm" else 0) if 1 <= hour <= 12 else 24
        if hour > 23 or minute > 59:
            raise ValidationError(f"{self.label} must be a time, like 2:30pm")
        return f"{hour:02}:{minute:02}"

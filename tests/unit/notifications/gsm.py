"""What a text message may hold: the GSM 7-bit letters, so that a phone of any age shows it and its price is known."""

ONE_TEXT = 160
"""How many 7-bit letters one text takes; a longer one is sent, and paid for, as two or more."""

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = "^{}\\[~]|€"


def length_of(text: str) -> int:
    """Return how many 7-bit letters a text takes; raises ValueError, naming the first letter that is not one."""
    for letter in text:
        if letter not in _BASIC and letter not in _EXTENDED:
            raise ValueError(f"a text message cannot hold {letter!r}")
    return sum(2 if letter in _EXTENDED else 1 for letter in text)

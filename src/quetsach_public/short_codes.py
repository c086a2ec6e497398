"""Codes of eight characters, to be typed and read aloud: seven drawn, the eighth checks them.

The alphabet has 31 characters, none of I, L, O, Q, U: what looks alike is read as what it looks
like. The places weigh differently in a sum that is a multiple of 31, a prime: so each single wrong
character is noticed, and any two that changed places. Seven drawn ones are 34 bits. That is no
secret: who finds one may press for a unit as everybody may who has seen its poster.
"""

import re
import unicodedata
from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPRSTVWXYZ"
LENGTH = 8

_LOOKS_LIKE = str.maketrans({"O": "0", "Q": "0", "I": "1", "L": "1", "U": "V"})
_PARTED = re.compile(r"[\s.\-\u2010-\u2015]")
_PLACES = {one: place for place, one in enumerate(ALPHABET)}


def drawn(below: Callable[[int], int]) -> str:
    """Return a new code; `below(n)` draws a number from 0 to n - 1, as secrets.randbelow does."""
    seven = "".join(ALPHABET[below(len(ALPHABET))] for _ in range(LENGTH - 1))
    return next(seven + last for last in ALPHABET if _is_whole(seven + last))


def plain(text: str) -> str:
    """Return the code that somebody typed, eight capitals and digits; "" for what is none."""
    code = bare(text)
    return code if _is_code(code) and _is_whole(code) else ""


def is_mistyped(text: str) -> bool:
    """True for what has the form of a code and is none: a character is wrong."""
    code = bare(text)
    return _is_code(code) and not _is_whole(code)


def bare(text: str) -> str:
    """Return `text` without what parts it, its letters as they are compared."""
    return _PARTED.sub("", unicodedata.normalize("NFKC", text[:100])).upper().translate(_LOOKS_LIKE)


def shown(code: str) -> str:
    """Return a plain code as it is printed: 7K3M-9PXR."""
    return f"{code[:4]}-{code[4:]}"


def _is_code(code: str) -> bool:
    return len(code) == LENGTH and all(one in _PLACES for one in code)


def _is_whole(code: str) -> bool:
    return sum(weight * _PLACES[one] for weight, one in enumerate(code, 1)) % len(ALPHABET) == 0

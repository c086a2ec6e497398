"""The electronic identifiers of state bodies, in the old form and in the new one.

Source: QCVN 102:2016 with Thông tư 01/2022 (old), Quyết định 20/2020/QĐ-TTg (new). Both are alive.
"""

import re
from enum import StrEnum

_OLD = re.compile(r"[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Y][0-9]{2}")
_NEW = re.compile(r"[A-Y][0-9]{2}(?:\.[A-Z0-9]+)*")
_OTHER = re.compile(r"Z[A-Z0-9]{2}(?:\.?[A-Z0-9]+)+")
_LONGEST_NEW = 35


class Form(StrEnum):
    """Which of the two forms an identifier has."""

    OLD = "old"
    NEW = "new"


def form_of(text: str) -> Form | None:
    """Return the form of an identifier, None for what is neither.

    Shapes: "000.00.00.H49" is old, its first level stands last; "H55.242" and "H37.DN.001" are new.
    """
    if _OLD.fullmatch(text):
        return Form.OLD
    if len(text) <= _LONGEST_NEW and (_NEW.fullmatch(text) or _OTHER.fullmatch(text)):
        return Form.NEW
    return None

"""Numbers as people type them, and as they are printed; and the five ways of not being a number."""

import re

from quetsach.errors import QuetsachError
from quetsach.forms.values import MOST, Absent, Count, Value
from quetsach.texts import _

_BLANKS = " \u00a0\u2007\u2009\u202f"
_WIDE = str.maketrans("０１２３４５６７８９，．\u3000", "0123456789,. ")
_PLAIN = re.compile(r"[0-9]{1,15}\Z", re.ASCII)
_GROUPED = re.compile(rf"[1-9][0-9]{{0,2}}(?:([.,{_BLANKS}])[0-9]{{3}})(?:\1[0-9]{{3}})*\Z")
_LONGEST = 40


def read_count(text: str, where: str = "") -> int:
    """Return the whole number that a person typed: 1234, 1.234, 1,234, 1 234 or １２３４.

    Digits in threes are grouped by one sign throughout. Errors: E453 for anything else: nothing
    (which is not 0), a letter, a sign before it, a fraction, an exponent, more than is possible.
    """
    typed = text.translate(_WIDE).strip(_BLANKS + "\t\r\n")
    if not typed:
        raise QuetsachError("E453", where, reason=_("nothing was written; nothing is not 0"))
    if len(typed) > _LONGEST:
        raise QuetsachError("E453", where, reason=_("it is too long for a number"))
    if not _PLAIN.match(typed) and not _GROUPED.match(typed):
        raise QuetsachError("E453", where, reason=_why_not(typed))
    number = int(re.sub(r"[^0-9]", "", typed))
    if number > MOST:
        raise QuetsachError(
            "E453", where, reason=_("no unit counts more than %(most)s") % {"most": shown(MOST)}
        )
    return number


def _why_not(typed: str) -> str:
    if re.match(r"[-\u2212\u2013+]\s*[0-9]", typed):
        return _("a number here has no sign before it")
    if re.match(r"[0-9]+[.,][0-9]{1,2}\Z", typed) or re.match(r"0[.,]", typed):
        return _("a whole number is asked for, no fraction")
    if re.match(r"[0-9]+[eE][+-]?[0-9]+\Z", typed):
        return _("write the number out, without an exponent")
    if re.match(rf"[0-9.,{_BLANKS}]+\Z", typed):
        return _("its digits are not grouped in threes by one sign")
    return _("it holds something that is no digit")


def shown(number: int) -> str:
    """Return a number as it is written in Vietnam, grouped by dots."""
    return f"{number:,}".replace(",", ".")


def absent_words(why: Absent) -> str:
    """Return what stands in place of a value, in the language in use; no two are alike."""
    return {
        Absent.MISSING: _("not reported"),
        Absent.NIL: _("nothing to report"),
        Absent.NOT_COLLECTED: _("not collected"),
        Absent.NOT_APPLICABLE: _("not applicable"),
    }[why]


def shown_value(value: Value) -> str:
    """Return a value as one text for a screen, a paper or an export; a zero is a 0."""
    if isinstance(value, Absent):
        return absent_words(value)
    if isinstance(value, Count):
        return shown(value.number)
    for name in ("text", "choices", "rows"):
        if hasattr(value, name):
            found = getattr(value, name)
            break
    if isinstance(found, str):
        return found
    return "; ".join(" | ".join(one) if isinstance(one, tuple) else one for one in found)

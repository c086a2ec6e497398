"""The words of the report: the closed sets of findings, numbers, sizes, times and foreign text."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from quetsach.errors.catalogue import N_
from quetsach.indicators.allow.class_texts import CLASS_TEXTS
from quetsach.texts import _, language

LONGEST_TEXT = 500
"""How many characters of one foreign text the page shows; the JSON files hold the whole."""

_WEEKDAYS_VI = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_KIB = 1024


def number(value: int) -> str:
    """Return `value` with thousands separators: 1.234.567 in Vietnamese, 1,234,567 in English."""
    text = f"{value:,}"
    return text if language() == "en" else text.replace(",", ".")


def size(count: int) -> str:
    """Return a number of bytes in the unit that reads best, powers of 1,024."""
    if count < _KIB:
        return _("%(n)s bytes") % {"n": number(count)}
    amount = float(count)
    unit = "KiB"
    for unit in ("KiB", "MiB", "GiB", "TiB"):  # noqa: B007 - the unit it stops at is the answer
        amount /= _KIB
        if amount < _KIB:
            break
    whole, tenth = divmod(round(amount * 10), 10)
    mark = "." if language() == "en" else ","
    return f"{number(whole)}{mark}{tenth} {unit}"


def moment(text: str | None, zone: tzinfo) -> str:
    """Return an ISO 8601 time as people write it, in `zone`; a dash where there is none."""
    return "–" if text is None else moment_of(datetime.fromisoformat(text).astimezone(zone))


def span(first: str | None, last: str | None, zone: tzinfo) -> str:
    """Return the time from `first` to `last`; a single dash where neither is known."""
    if first is None and last is None:
        return "–"
    # The dash stays with what it follows: alone on a line it is lost.
    return f"{moment(first, zone)}\N{NO-BREAK SPACE}– {moment(last, zone)}"


def moment_of(when: datetime) -> str:
    """Return `when` as 12/9/2022 08:15 in Vietnamese, 12 Sep 2022 08:15 in English."""
    # Kept on one line by no-break spaces: a date torn apart in a narrow column is misread.
    return f"{day(when)} {when:%H:%M}".replace(" ", "\N{NO-BREAK SPACE}")


def day(when: date) -> str:
    """Return the day of `when` as 12/9/2022 in Vietnamese, 12 Sep 2022 in English."""
    return f"{short_day(when)}{' ' if language() == 'en' else '/'}{when.year}"


def short_day(when: date) -> str:
    """Return the day of `when` without its year."""
    if language() == "en":
        return f"{when.day} {_MONTHS_EN[when.month - 1]}"
    return f"{when.day}/{when.month}"


def weekday(when: date) -> str:
    """Return the short name of the day of the week."""
    return (_WEEKDAYS_EN if language() == "en" else _WEEKDAYS_VI)[when.weekday()]


def month(when: date) -> str:
    """Return the month of `when` with its year."""
    if language() == "en":
        return f"{_MONTHS_EN[when.month - 1]} {when.year}"
    return f"{when.month}/{when.year}"


def foreign(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return text from a log, list or path, fit to be seen: nothing invisible, not too long.

    Control and format characters (a right-to-left override turns `gpj.exe` around) are written
    as their code point, because a reader must see what the evidence contains.
    """
    shown = text[:longest]
    if not shown.isprintable():
        shown = "".join(_visible_character(one) for one in shown)
    left = len(text) - longest
    if left <= 0:
        return shown
    return shown + " " + _("… (%(n)s more characters in the JSON files)") % {"n": number(left)}


def _visible_character(one: str) -> str:
    if one == " " or not unicodedata.category(one).startswith(("C", "Z")):
        return one
    return f"‹U+{ord(one):04X}›"


GRADES: tuple[str, ...] = ("asked", "answered", "blocked", "connected", "moved")
"""How strong a sighting is, weakest first."""


@dataclass(frozen=True)
class Term:
    """A term of a closed set: its short name, and what it means; both are message ids."""

    name: str
    meaning: str


STRENGTHS: Mapping[str, Term] = {
    "asked": Term(
        N_("asked for the name"),
        N_("It asked for a listed name. Nothing shows that it got an answer."),
    ),
    "answered": Term(
        N_("asked and was answered"),
        N_("It asked for a listed name and was given an address. No connection was seen."),
    ),
    "blocked": Term(
        N_("tried, was blocked"),
        N_("It tried to connect and was stopped. What tried may still be on the device."),
    ),
    "connected": Term(
        N_("connected"),
        N_("A connection to a listed address was opened. No data in both directions was recorded."),
    ),
    "moved": Term(
        N_("exchanged data"),
        N_("Data went both ways with a listed address. This is the strongest sign."),
    ),
}

CERTAINTIES: Mapping[str, Term] = {
    "certain": Term(
        N_("certain"), N_("A record names this device as the holder of the address at that time.")
    ),
    "likely": Term(
        N_("likely"),
        N_("Signs speak for this device, but not everything is proven; see how it was found."),
    ),
    "ambiguous": Term(
        N_("not settled"), N_("It may also have been one of the other devices named here.")
    ),
    "unknown": Term(N_("unknown"), N_("No record shows which device held the address.")),
}

ROLES: Mapping[str, Term] = {
    "resolver": Term(
        N_("name server (DNS)"),
        N_("It asks on behalf of other devices. Look for the device that asked it."),
    ),
    "proxy": Term(
        N_("web proxy"), N_("It connects on behalf of other devices. Its own log shows for which.")
    ),
    "gateway": Term(
        N_("gateway"),
        N_("Many devices share this address. The log of its address translation shows which."),
    ),
    "target": Term(
        N_("was reached from outside"),
        N_("A listed address reached it from outside; it did not reach out itself."),
    ),
    "outdated": Term(
        N_("outside the indicator's validity"),
        N_(
            "It made the contact, at a time for which the list does not state that the indicator "
            "is valid. That alone is no case, and it does not prove the device clean."
        ),
    ),
    "allowed": Term(
        N_("service on an allow-list"),
        N_(
            "It met only indicators that are also on allow-lists. A person decides: "
            "withdraw the indicator, or handle the device."
        ),
    ),
}

KINDS: Mapping[str, str] = {
    "name": N_("domain name"),
    "address": N_("address"),
    "network": N_("network range"),
    "url": N_("web address (URL)"),
    "hash": N_("file hash"),
    "fingerprint": N_("TLS fingerprint"),
}

REASONS: Mapping[str, str] = {
    "private": N_("private address range"),
    "reserved": N_("reserved address range"),
    "public-suffix": N_("a public suffix such as com.vn, far too wide"),
    "own-range": N_("an address range of our own"),
    "unparsable": N_("cannot be understood"),
    "decided": N_("dropped by a person's decision"),
    "not-for-detection": N_("not marked for detection by its sender (to_ids=false)"),
    "path-only": N_("a path without a host, which occurs on any site"),
    "not-json": N_("not valid JSON"),
    "bad-time": N_("the time cannot be read"),
    "bad-port": N_("the port cannot be read"),
    "bad-address": N_("the address cannot be read"),
    "too-long": N_("longer than a log line may be"),
    "plugin-failed": N_("the package that reads this format failed"),
    "plugin-field": N_("the package that reads this format gave a value that no field holds"),
    "plugin-lost": N_("the package that reads this format gave no answer"),
}


def strength(grade: str) -> Term:
    """Return the words for a sighting's grade, in the language in use."""
    return _word(STRENGTHS, grade)


def level(grade: str) -> int:
    """Return a sighting's grade as 1 (asked) to 5 (moved); 0 for one that is not known."""
    return GRADES.index(grade) + 1 if grade in GRADES else 0


def certainty(grade: str) -> Term:
    """Return the words for how sure a device's name is, in the language in use."""
    return _word(CERTAINTIES, grade)


def role(name: str) -> Term:
    """Return why an address is not counted as a device, in the language in use."""
    return _word(ROLES, name)


def kind(name: str) -> str:
    """Return the words for a kind of indicator, in the language in use."""
    return _(KINDS[name]) if name in KINDS else foreign(name)


_FILE_KINDS = {
    "picture": N_("picture"),
    "document": N_("document"),
    "sound": N_("sound or film"),
    "program": N_("program"),
    "text": N_("text without times and addresses"),
}


def file_kind(name: str) -> str:
    """Return what a file that is no log is, in the language in use."""
    return _(_FILE_KINDS[name]) if name in _FILE_KINDS else foreign(name)


def allow_class(name: str) -> str:
    """Return what an allow-list of this class lists, in the language in use."""
    return _(CLASS_TEXTS[name]) if name in CLASS_TEXTS else foreign(name)


def reason(name: str) -> str:
    """Return a reason in the language in use, with its fixed word; that word alone if unknown."""
    return f"{_(REASONS[name])} ({name})" if name in REASONS else foreign(name)


def _word(words: Mapping[str, Term], key: str) -> Term:
    word = words.get(key)
    return Term(foreign(key), "") if word is None else Term(_(word.name), _(word.meaning))

"""The closed sets of the findings, each in plain words for a reader who is no specialist."""

from collections.abc import Mapping
from dataclasses import dataclass

from quetsach.errors import N_
from quetsach.indicators.allow_classes import CLASS_TEXTS
from quetsach.report.written import foreign
from quetsach.texts import _

GRADES: tuple[str, ...] = ("asked", "answered", "blocked", "connected", "moved")
"""How strong a sighting is, weakest first."""


@dataclass(frozen=True)
class Word:
    """A term of a closed set: its short name, and what it means; both are message ids."""

    name: str
    meaning: str


STRENGTHS: Mapping[str, Word] = {
    "asked": Word(
        N_("asked for the name"),
        N_("It asked for a listed name. Nothing shows that it got an answer."),
    ),
    "answered": Word(
        N_("asked and was answered"),
        N_("It asked for a listed name and was given an address. No connection was seen."),
    ),
    "blocked": Word(
        N_("tried, was blocked"),
        N_("It tried to connect and was stopped. What tried may still be on the device."),
    ),
    "connected": Word(
        N_("connected"),
        N_("A connection to a listed address was opened. No data both ways was seen."),
    ),
    "moved": Word(
        N_("exchanged data"),
        N_("Data went both ways with a listed address. This is the strongest sign."),
    ),
}

CERTAINTIES: Mapping[str, Word] = {
    "certain": Word(
        N_("certain"), N_("A record names this device as the holder of the address at that time.")
    ),
    "likely": Word(
        N_("likely"),
        N_("The address was seen directly in the log; no record says otherwise who held it."),
    ),
    "ambiguous": Word(
        N_("not settled"), N_("It may also have been one of the other devices named here.")
    ),
    "unknown": Word(N_("unknown"), N_("Nothing at hand tells which device held the address.")),
}

ROLES: Mapping[str, Word] = {
    "resolver": Word(
        N_("name server (DNS)"),
        N_("It asks on behalf of other devices. Look for the device that asked it."),
    ),
    "proxy": Word(
        N_("web proxy"),
        N_("It reaches out on behalf of other devices. Its own log says for whom."),
    ),
    "gateway": Word(
        N_("gateway"),
        N_("Many devices stand behind this address. The log of its address translation says who."),
    ),
    "target": Word(
        N_("target of a scan"),
        N_("A listed address reached for it from outside; it did not reach out itself."),
    ),
    "allowed": Word(
        N_("service on an allow-list"),
        N_(
            "It met only indicators that also stand on allow-lists. A person decides: withdraw "
            "the indicator, or handle the device."
        ),
    ),
}

KINDS: Mapping[str, str] = {
    "name": N_("domain name"),
    "address": N_("address"),
    "network": N_("network range"),
    "url": N_("web address (URL)"),
    "hash": N_("file hash"),
}

REASONS: Mapping[str, str] = {
    "private": N_("private address range"),
    "reserved": N_("reserved address range"),
    "public-suffix": N_("a public suffix such as com.vn, far too wide"),
    "own-range": N_("an address range of our own"),
    "unparsable": N_("cannot be understood"),
    "decided": N_("dropped by a person's decision"),
    "not-json": N_("not valid JSON"),
    "bad-time": N_("the time cannot be read"),
    "bad-port": N_("the port cannot be read"),
    "bad-address": N_("the address cannot be read"),
    "too-long": N_("longer than a log line may be"),
}


def strength(grade: str) -> Word:
    """Return the words for a sighting's grade, in the language in use."""
    return _word(STRENGTHS, grade)


def level(grade: str) -> int:
    """Return a sighting's grade as 1 (asked) to 5 (moved); 0 for one that is not known."""
    return GRADES.index(grade) + 1 if grade in GRADES else 0


def certainty(grade: str) -> Word:
    """Return the words for how sure a device's name is, in the language in use."""
    return _word(CERTAINTIES, grade)


def role(name: str) -> Word:
    """Return the words for why an address is not blamed, in the language in use."""
    return _word(ROLES, name)


def kind(name: str) -> str:
    """Return the words for a kind of indicator, in the language in use."""
    return _(KINDS[name]) if name in KINDS else foreign(name)


def allow_class(name: str) -> str:
    """Return what an allow-list of this class lists, in the language in use."""
    return _(CLASS_TEXTS[name]) if name in CLASS_TEXTS else foreign(name)


def reason(name: str) -> str:
    """Return a reason in the language in use, with its fixed word; that word alone if unknown."""
    return f"{_(REASONS[name])} ({name})" if name in REASONS else foreign(name)


def _word(words: Mapping[str, Word], key: str) -> Word:
    word = words.get(key)
    return Word(foreign(key), "") if word is None else Word(_(word.name), _(word.meaning))

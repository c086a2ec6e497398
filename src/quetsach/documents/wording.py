"""The words that documents say by themselves, read from wording.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec


@dataclass(frozen=True)
class Cited:
    """The parts of a sentence that names another document, and the usual kind of it."""

    number: str
    day: str
    body: str
    about: str
    kind: str


@dataclass(frozen=True)
class Head:
    """The fixed words of the head and foot of an official document, in one language."""

    nation: str
    motto: str
    number: str
    place: str
    about: str
    addressed: str
    recipients: str
    as_above: str
    filed: str
    filed_at: str
    annex: str
    attached: str
    cited: Cited
    urgency: Mapping[str, str]
    alone: Mapping[str, str]


@dataclass(frozen=True)
class Party:
    """How bodies of the Party are known, and what is written another way in their documents.

    Shapes: `committees` has for each kind of committee its party organisation; `bodies` and
    `schools` are how the names of others begin.
    """

    committees: Mapping[str, str]
    bodies: tuple[str, ...]
    schools: tuple[str, ...]
    shorts: Mapping[str, str]
    capacities: Mapping[str, str]


@dataclass(frozen=True)
class Sweep:
    """The sentences that tell what a sweep looked at and found."""

    nothing: str
    looked: str
    period: str
    period_day: str
    period_partly: str
    period_unknown: str
    alive: str
    found: str
    seen: str
    none: str
    none_named: str
    to_decide: str
    not_blamed: str
    unattributed: str
    unread: str
    unread_files: str
    unread_lines: str
    as_text: str
    grades: Mapping[str, str]


@dataclass(frozen=True)
class Wording:
    """All words that documents say by themselves."""

    head: Head
    head_en: Head
    head_party: Head
    party: Party
    grade: Mapping[str, str]
    absent: Mapping[str, str]
    sweep: Sweep

    def head_in(self, language: str) -> Head:
        """Return the fixed words in `language`; Vietnamese for any that is not known."""
        return self.head_en if language == "en" else self.head


@cache
def wording() -> Wording:
    """Return the words of the documents."""
    text = Path(__file__).with_name("wording.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)
    told["head_party"] = told["head"] | told["head_party"]
    return msgspec.convert(told, Wording)

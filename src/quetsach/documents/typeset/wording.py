"""The fixed words of documents, read from wording.toml and official_words.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec


@dataclass(frozen=True)
class CitationWords:
    """The parts of a sentence that names another document, and the usual kind of it."""

    number: str
    day: str
    body: str
    about: str
    kind: str


@dataclass(frozen=True)
class LetterheadWords:
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
    cited: CitationWords
    urgency: Mapping[str, str]
    alone: Mapping[str, str]


@dataclass(frozen=True)
class PartyWords:
    """How bodies of the Party are recognised, and the words that differ in their documents.

    Shapes: `committees` has for each kind of committee its party organisation; `bodies` and
    `schools` are how the names of others begin.
    """

    committees: Mapping[str, str]
    bodies: tuple[str, ...]
    schools: tuple[str, ...]
    shorts: Mapping[str, str]
    capacities: Mapping[str, str]


@dataclass(frozen=True)
class SweepWords:
    """The sentences on what a sweep searched and found."""

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
    outdated: str
    not_blamed: str
    unattributed: str
    unread: str
    unread_files: str
    unread_lines: str
    as_text: str
    to_look_at: str
    grades: Mapping[str, str]


@dataclass(frozen=True)
class DocumentWording:
    """All fixed words of documents."""

    head: LetterheadWords
    head_en: LetterheadWords
    head_party: LetterheadWords
    party: PartyWords
    grade: Mapping[str, str]
    absent: Mapping[str, str]
    sweep: SweepWords

    def head_in(self, language: str) -> LetterheadWords:
        """Return the fixed words in `language`; Vietnamese for any that is not known."""
        return self.head_en if language == "en" else self.head


@cache
def wording() -> DocumentWording:
    """Return the words of the documents."""
    text = Path(__file__).with_name("wording.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)
    told["head_party"] = told["head"] | told["head_party"]
    return msgspec.convert(told, DocumentWording)


@dataclass(frozen=True)
class ValueWords:
    """The wording of a figure and its parts."""

    figure: str
    estimate: str
    parts: str
    own: str
    own_of_all: str
    children: str
    adjustment: str
    overlap: str
    reason: str
    derived: str
    derived_unsaid: str
    derived_words: str
    verified: str
    below: str
    below_head: str
    said: str
    latest: str
    unit_column: str
    no_words: str
    chosen: str
    weakest: str
    graded: Mapping[str, str]
    absent: Mapping[str, str]
    absent_units: Mapping[str, str]


@dataclass(frozen=True)
class ChildrenWords:
    """The words of the annex that lists the reports of the units below."""

    title: str
    columns: str
    column: str
    signs: str
    heads: tuple[str, str, str, str, str]
    figures: str
    versions: str
    late: str
    adjusted: str
    excluded: str
    bracketed: str
    sums: Mapping[str, str]
    sign: Mapping[str, str]


@dataclass(frozen=True)
class CorrectionWords:
    """The words of the annex that shows old and new side by side."""

    title: str
    title_supplement: str
    heads: tuple[str, str, str, str, str]
    none: str


@dataclass(frozen=True)
class OfficialWords:
    """All fixed words of an official report."""

    lead: str
    form_title: str
    we: str
    nil: str
    replaces: str
    adds: str
    old_and_new: str
    looked: str
    details: str
    details_below: str
    report: str
    kind_of_supplement: str
    headings: Mapping[str, str]
    reported: Mapping[str, str]
    value: ValueWords
    children: ChildrenWords
    correction: CorrectionWords
    verified: Mapping[str, str]
    proof: Mapping[str, str]


@cache
def official_words() -> OfficialWords:
    """Return the words of official reports."""
    text = Path(__file__).with_name("official_words.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), OfficialWords)

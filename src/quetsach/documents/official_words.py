"""The words that an official report says by itself, read from official_words.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec


@dataclass(frozen=True)
class ValueWords:
    """How a figure is told with what it is made of."""

    figure: str
    estimate: str
    parts: str
    own: str
    own_of_all: str
    children: str
    adjustment: str
    overlap: str
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
    """All words that an official report says by itself."""

    lead: str
    we: str
    nil: str
    replaces: str
    adds: str
    old_and_new: str
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

"""The texts of the help: pages by role, subjects with their anchors, words of the glossary."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class BilingualText:
    """A text in both languages of the portal; shown in the one in use."""

    vietnamese: str
    english: str

    def __str__(self) -> str:
        return self.english if get_language() == "en" else self.vietnamese


@dataclass(frozen=True)
class HelpWord:
    """A term as readers call it, and what it means to them."""

    anchor: str
    term: BilingualText
    meaning: BilingualText


@dataclass(frozen=True)
class HelpSubject:
    """What the `?` of a heading explains, at the anchor `key`."""

    key: str
    title: BilingualText
    text: BilingualText
    words: Sequence[HelpWord]


@dataclass(frozen=True)
class HelpStep:
    """Something that a role does, and the address where: its name and title, "" for none.

    `roles` are the letters of those whom it leads there.
    """

    text: BilingualText
    opens: str
    place: BilingualText
    roles: frozenset[str]


@dataclass(frozen=True)
class HelpRole:
    """The page of one role; `roles` are the letters of those whose page it is."""

    key: str
    roles: frozenset[str]
    title: BilingualText
    intro: BilingualText
    steps: Sequence[HelpStep]
    subjects: Sequence[HelpSubject]


@cache
def help_words() -> Mapping[str, HelpWord]:
    """Return the words by their anchors, in the order of the glossary."""
    rows = json.loads((FOLDER / "words.json").read_text(encoding="utf-8"))
    return {
        row["anchor"]: HelpWord(
            row["anchor"],
            BilingualText(row["vi"], row["en"]),
            BilingualText(row["vi_is"], row["en_is"]),
        )
        for row in rows
    }


@cache
def help_subjects() -> Mapping[str, HelpSubject]:
    """Return the subjects by their keys. Errors: KeyError for a word that the glossary lacks."""
    words = help_words()
    return {
        row["key"]: HelpSubject(
            row["key"], _text(row["title"]), _text(row), [words[anchor] for anchor in row["words"]]
        )
        for row in _tables("subjects.toml")["subject"]
    }


@cache
def help_roles() -> Mapping[str, HelpRole]:
    """Return the pages by their keys. Errors: KeyError for a subject that there is none of."""
    subjects = help_subjects()
    places = {name: _text(title) for name, title in _tables("roles.toml")["places"].items()}
    places[""] = BilingualText("", "")
    return {
        row["key"]: HelpRole(
            key=row["key"],
            roles=frozenset(row["roles"]),
            title=_text(row["title"]),
            intro=_text(row["intro"]),
            steps=[_step(step, row["roles"], places) for step in row["step"]],
            subjects=[subjects[key] for key in row["subjects"]],
        )
        for row in _tables("roles.toml")["page"]
    }


def _step(
    row: Mapping[str, Any], roles: Sequence[str], places: Mapping[str, BilingualText]
) -> HelpStep:
    opens = row.get("open", "")
    return HelpStep(_text(row), opens, places[opens], frozenset(row.get("only", roles)))


def _tables(name: str) -> Mapping[str, Any]:
    with (FOLDER / name).open("rb") as file:
        return tomllib.load(file)


def _text(row: Mapping[str, str]) -> BilingualText:
    return BilingualText(row["vi"], row["en"])

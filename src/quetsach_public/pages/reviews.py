"""Which translated texts a reviewer has read and signed: until all are, each page says so."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from quetsach.instructions.steps import words_of
from quetsach_public.pages.campaign import texts
from quetsach_public.pages.materials.wording import words as material_words

SOURCE = "vi"
"""The language in which the texts are written first."""

REVIEWED = ("km",)
"""Languages whose texts need a reader who grew up with them."""

_NOT_REVIEWED = frozenset({"language", "review", "materials.review"})
_WORD_JOINER = "\u2060"


class TranslatedText(NamedTuple):
    """A text beside its source; `sha256` is of both, so that a change of either is a new text."""

    key: str
    source: str
    text: str
    sha256: str


class ReviewState(NamedTuple):
    """How many texts of a language are approved, of all."""

    approved: int
    of: int


def translated_texts(language: str) -> Mapping[str, TranslatedText]:
    """Return the texts of `language` by their keys, in the order of their files."""
    sources = dict(_texts_in(SOURCE))
    return {
        key: TranslatedText(key, sources.get(key, ""), text, _digest(sources.get(key, ""), text))
        for key, text in _texts_in(language)
        if key not in _NOT_REVIEWED
    }


def review_note(language: str, states: Mapping[str, ReviewState]) -> str:
    """Return what the pages of `language` say of its review, "" where all of it is approved."""
    if language not in REVIEWED:
        return ""
    state = states.get(language) or ReviewState(0, len(translated_texts(language)))
    if state.approved >= state.of:
        return ""
    return str(texts(language)["review"]).format(approved=state.approved, of=state.of)


def _texts_in(language: str) -> Iterator[tuple[str, str]]:
    yield from _flat(texts(language), "")
    yield from _flat(material_words(language), "materials.")
    at_work = {key: below for key, below in words_of(language).items() if key != "home"}
    yield from _flat(at_work, "instructions.")


def _flat(tree: Mapping[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for key, below in tree.items():
        if isinstance(below, str):
            yield f"{before}{key}", below.replace(_WORD_JOINER, "")
        elif isinstance(below, Mapping):
            yield from _flat(below, f"{before}{key}.")


def _digest(source: str, text: str) -> str:
    return hashlib.sha256(f"{source}\0{text}".encode()).hexdigest()

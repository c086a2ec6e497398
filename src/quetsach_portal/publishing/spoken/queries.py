"""Which translated texts are signed, and what can be heard; a changed text counts as a new one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.files.storage import path_of
from quetsach_portal.publishing.models import RecordingState, SpokenRecording, TextReview
from quetsach_portal.publishing.spoken.part_titles import LANGUAGE_TITLES, PART_TITLES
from quetsach_public.pages.campaign import LANGUAGES
from quetsach_public.pages.recordings import (
    SPOKEN_TEXTS,
    SpokenFile,
    digest_of_words,
    spoken_words,
)
from quetsach_public.pages.reviews import REVIEWED, ReviewState, TranslatedText, translated_texts

TITLES = {
    "start": _lazy("First page"),
    "not_seen": _lazy("Answer: not on the list"),
    "seen": _lazy("Answer: on the list"),
    "cannot_tell": _lazy("Answer: cannot be checked"),
    "steps-windows": _lazy("Steps: Windows"),
    "steps-android": _lazy("Steps: Android"),
    "steps-router": _lazy("Steps: routers, modems, cameras"),
    "steps-macos": _lazy("Steps: Mac"),
    "steps-ios": _lazy("Steps: iPhone, iPad"),
}


@dataclass(frozen=True)
class ReviewedText:
    """A text with the word of its reviewer, None while nobody signed these very words."""

    text: TranslatedText
    review: TextReview | None


@dataclass(frozen=True)
class TextSection:
    """The texts of one part of the page."""

    name: str
    texts: Sequence[ReviewedText]

    @property
    def title(self) -> Any:
        """What readers call the part. Errors: KeyError for one that has no title."""
        return PART_TITLES[self.name]

    @property
    def approved(self) -> int:
        """How many of them are signed."""
        return sum(one.review is not None for one in self.texts)


def sections(campaign: Campaign, language: str) -> Sequence[TextSection]:
    """Return all texts of `language` by part, with who signed them. Cost: one query."""
    rows = TextReview.objects.filter(campaign=campaign, language=language)
    signed = {(row.key, row.sha256): row for row in rows.select_related("reviewer")}
    parts: dict[str, list[ReviewedText]] = {}
    for text in translated_texts(language).values():
        name = text.key.rpartition(".")[0] or "page"
        parts.setdefault(name, []).append(ReviewedText(text, signed.get((text.key, text.sha256))))
    return [TextSection(name, texts) for name, texts in parts.items()]


def states(campaign: Campaign) -> Mapping[str, ReviewState]:
    """Return by language how many of the texts that stand on the pages are signed."""
    counted = {}
    for language in REVIEWED:
        parts = sections(campaign, language)
        approved, of = sum(one.approved for one in parts), sum(len(one.texts) for one in parts)
        counted[language] = ReviewState(approved, of)
    return counted


@dataclass(frozen=True)
class SpokenText:
    """A text in a language, with its recordings; of ended ones none."""

    key: str
    language: str
    title: Any
    words: Sequence[str]
    recordings: Sequence[SpokenRecording]

    @property
    def language_title(self) -> Any:
        """What readers call the language."""
        return LANGUAGE_TITLES[self.language]


def spoken_texts(campaign: Campaign) -> Sequence[SpokenText]:
    """Return every text that may be heard, in every language. Cost: one query."""
    rows = SpokenRecording.objects.filter(campaign=campaign).exclude(state=RecordingState.ENDED)
    by_place: dict[tuple[str, str], list[SpokenRecording]] = {}
    for row in rows.select_related("handed_in_by", "published_by").order_by("pk"):
        by_place.setdefault((row.key, row.language), []).append(row)
    return [
        SpokenText(
            key,
            language,
            TITLES[key],
            spoken_words(key, language).split("\n"),
            by_place.get((key, language), ()),
        )
        for language in LANGUAGES
        for key in SPOKEN_TEXTS
    ]


def is_of_these_words(recording: SpokenRecording) -> bool:
    """Return whether the recording reads the words that stand on the page now."""
    return recording.words_sha256 == digest_of_words(recording.key, recording.language)


def published(campaign: Campaign) -> Sequence[SpokenFile]:
    """Return what the pages let people hear: published, and of the words beside it."""
    rows = SpokenRecording.objects.filter(campaign=campaign, state=RecordingState.PUBLISHED)
    return [
        SpokenFile(
            row.key, row.language, row.ending, path_of(row.stored).read_bytes(), row.is_machine
        )
        for row in rows.select_related("stored").order_by("language", "key")
        if is_of_these_words(row)
    ]

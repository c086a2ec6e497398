"""Texts that can be heard: which there are, what is read out, and the files that an office made."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quetsach.instructions.steps import not_at_work
from quetsach_public.pages.campaign import texts

PLATFORMS = ("windows", "android", "router", "macos", "ios")
SPOKEN_TEXTS = (
    *("start", "not_seen", "seen", "cannot_tell"),
    *(f"steps-{platform}" for platform in PLATFORMS),
)
"""Keys of the texts that may have a recording."""

MOST_BYTES = 1 << 20
"""Of one recording; about two minutes of speech. All are held in each process's memory."""

KINDS: Mapping[str, str] = {"mp3": "audio/mpeg", "ogg": "audio/ogg", "wav": "audio/wav"}
"""The media types of recordings by the ending of their names."""


@dataclass(frozen=True)
class SpokenFile:
    """A recording of the text `key` in `language`; a machine's voice is said to be one."""

    key: str
    language: str
    ending: str
    data: bytes
    is_machine: bool = False

    @property
    def name(self) -> str:
        """The file's name, which changes with its bytes."""
        digest = hashlib.sha256(self.data).hexdigest()[:12]
        return f"{self.key}-{self.language}-{digest}.{self.ending}"


def spoken_words(key: str, language: str) -> str:
    """Return what a recording of `key` reads out: the words that stand beside it.

    Raises KeyError for a text that is not read out.
    """
    if key not in SPOKEN_TEXTS:
        raise KeyError(key)
    words = texts(language)
    if key == "start":
        parts = [words["start"][name] for name in ("heading", "lead", "mobile")]
    elif key.startswith("steps-"):
        steps = words["steps"][key.partition("-")[2]]
        names = [name for step in ("one", "two", "three") for name in (step, f"{step}_text")]
        # A machine at work must not be cleaned by whoever hears this.
        parts = [not_at_work(language), words["steps"]["lead"], *(steps[name] for name in names)]
    else:
        result = words["result"]
        parts = [result[key], result.get(f"{key}_text", ""), result[_NOT_MEANT[key]]]
    return "\n".join(_sentence(part) for part in parts if part)


_NOT_MEANT = {"not_seen": "not_seen_not", "seen": "seen_not", "cannot_tell": "cannot_not"}


def digest_of_words(key: str, language: str) -> str:
    """Return the digest of what is read out: a recording of other words is of no use any more."""
    return hashlib.sha256(spoken_words(key, language).encode()).hexdigest()


def listening(language: str, recordings: Sequence[SpokenFile]) -> Mapping[str, Mapping[str, Any]]:
    """Return by key what the pages of `language` let people hear."""
    return {
        one.key: {
            "path": f"/static/ghi-am/{one.name}",
            "kind": KINDS[one.ending],
            "machine": one.is_machine,
            "words": spoken_words(one.key, language).split("\n"),
        }
        for one in recordings
        if one.language == language
    }


def _sentence(text: str) -> str:
    text = text.replace("\u2060", "").strip()
    return text if text.endswith((".", "?", "!", "។")) else f"{text}."

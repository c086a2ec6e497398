"""Visible texts: English message ids, Vietnamese catalogue, Vietnamese by default."""

import gettext
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Literal

Language = Literal["vi", "en"]

_LOCALE = Path(__file__).parent / "locale"
_language: ContextVar[Language | None] = ContextVar("language", default=None)
_of_process: dict[str, Language] = {}
"""What threads and tasks speak that chose nothing: `chosen` by a program, or `environment`."""
_catalogues: dict[Language, gettext.NullTranslations] = {}


def language_of(environ: Mapping[str, str]) -> Language:
    """Return the language that LC_ALL, LC_MESSAGES or LANG ask for: "en" only when one says so."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environ.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "vi"
    return "vi"


def use_language(language: Language) -> None:
    """Make `language` the language of every text from here on; for entry points.

    It holds in this thread or task, and goes before what `choose_for_process` says.
    """
    _language.set(language)


def choose_for_process(choice: Language | None) -> None:
    """Make `choice` the language of all threads and tasks that chose none; None takes it back."""
    _of_process.pop("chosen", None)
    if choice is not None:
        _of_process["chosen"] = choice


def follow_environment(environ: Mapping[str, str]) -> None:
    """Speak as `environ` says wherever nothing was chosen; without this call, Vietnamese."""
    _of_process["environment"] = language_of(environ)


@contextmanager
def in_language(language: Language | None) -> Iterator[None]:
    """Make `language` the language of the texts within; None keeps the one in use."""
    token = _language.set(_language.get() if language is None else language)
    try:
        yield
    finally:
        _language.reset(token)


def language() -> Language:
    """Return the language in use."""
    return _language.get() or _of_process.get("chosen") or _of_process.get("environment") or "vi"


def _(message: str) -> str:
    """Return `message` in the language in use; the English text itself where none is known."""
    used = language()
    if used == "en" or not message:
        return message
    if used not in _catalogues:
        _catalogues[used] = gettext.translation(
            "quetsach", _LOCALE, languages=[used], fallback=True
        )
    return _catalogues[used].gettext(message)


_NOUNS = "lines|files|rows|logs|sightings|indicators|units|devices|sources|machines|days"
_COUNTED = re.compile(rf"%\((\w+)\)s (?:{_NOUNS})\b")


def counted(text: str, facts: Mapping[str, object]) -> str:
    """Return `text` % `facts`; in English a noun right behind a 1 loses its s.

    Vietnamese nouns have one form. What stands in `facts` is left as it is.
    """

    def agreeing(phrase: re.Match[str]) -> str:
        return phrase[0].removesuffix("s") if str(facts[phrase[1]]) == "1" else phrase[0]

    return _COUNTED.sub(agreeing, text) % facts


def plain(text: str) -> str:
    """Return `text` as one line that cannot drive a terminal, forge a line or turn its direction.

    Logs, lists and file names are written by others, and the bad ones by attackers.
    """
    return "".join(sign if _is_plain(sign) else repr(sign)[1:-1] for sign in text)


def plain_json(value: Any) -> str:
    """Return `value` as JSON for a terminal: every control character is written as an escape."""
    return _without_controls(
        json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, default=str)
    )


def compact_json(value: Any) -> str:
    """Return the same as `plain_json` in one line, without blanks and in the given order."""
    return _without_controls(
        json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    )


def _without_controls(text: str) -> str:
    if text.replace("\n", "").isprintable():
        return text
    return "".join(
        sign if sign == "\n" or _is_plain(sign) else json.dumps(sign)[1:-1] for sign in text
    )


def _is_plain(sign: str) -> bool:
    return sign.isprintable() or sign == "\t"

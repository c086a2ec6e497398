"""Visible texts: English message ids, Vietnamese catalogue, Vietnamese unless asked otherwise."""

import gettext
from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Literal

Language = Literal["vi", "en"]

_LOCALE = Path(__file__).parent / "locale"
_language: ContextVar[Language] = ContextVar("language", default="vi")
_catalogues: dict[Language, gettext.NullTranslations] = {}


def language_of(environ: Mapping[str, str]) -> Language:
    """Return the language that LC_ALL, LC_MESSAGES or LANG ask for: "en" only when one says so."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environ.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "vi"
    return "vi"


def use_language(language: Language) -> None:
    """Make `language` the language of every text from here on; for entry points."""
    _language.set(language)


def language() -> Language:
    """Return the language in use."""
    return _language.get()


def _(message: str) -> str:
    """Return `message` in the language in use; the English text itself where none is known."""
    used = _language.get()
    if used == "en" or not message:
        return message
    if used not in _catalogues:
        _catalogues[used] = gettext.translation(
            "quetsach", _LOCALE, languages=[used], fallback=True
        )
    return _catalogues[used].gettext(message)

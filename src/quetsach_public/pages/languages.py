"""Texts by language. Vietnamese is the first; the others have the same keys, which a test holds."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from quetsach_public.pages.khmer import kept_whole

LANGUAGES = ("vi", "en", "km")
"""The first has no prefix in its addresses, the others have /en and /km."""


@cache
def texts(language: str) -> dict[str, Any]:
    """Return the texts of `language` as nested tables. Raises KeyError for one we do not have."""
    if language not in LANGUAGES:
        raise KeyError(language)
    file = files("quetsach_public.pages.texts").joinpath(f"{language}.toml")
    text = file.read_text(encoding="utf-8")
    return tomllib.loads(kept_whole(text) if language == "km" else text)


def prefix(language: str) -> str:
    """Return what the addresses of `language` begin with."""
    return "" if language == LANGUAGES[0] else f"/{language}"

"""The words of the materials by language; a test holds that all say the same things."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from quetsach_public.pages.khmer import kept_whole
from quetsach_public.pages.languages import LANGUAGES


@cache
def words(language: str) -> Mapping[str, Any]:
    """Return the words of `language` as nested tables. Raises KeyError for one we do not have."""
    if language not in LANGUAGES:
        raise KeyError(language)
    file = files("quetsach_public.pages.materials").joinpath(f"{language}.toml")
    text = file.read_text(encoding="utf-8")
    return tomllib.loads(kept_whole(text) if language == "km" else text)

"""The words of the table of steps in each language; those of Khmer are joined.

Khmer has no spaces, and lines are broken by a dictionary: the words of a list stay whole.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

_JOINER = "\u2060"
_WORDS = (
    *("មេ|រោគ", "កុំ|ព្យូ|ទ័រ", "កម្ម|វិធី", "ទូរ|ស័ព្ទ", "យុទ្ធនា|ការ", "អង្គ|ភាព", "បច្ចុប្បន្ន|ភាព"),
    *("រូប|ភាព", "ទុក|ទទេ", "បី|ជំហាន", "ពាក្យ|សម្ងាត់", "ដំណើរ|ការ", "អ៊ី|មែល", "អ៊ីន|ធឺ|ណិត"),
)
_WHOLE = {word.replace("|", ""): word.replace("|", _JOINER) for word in _WORDS}
_FOUND = re.compile("|".join(sorted(_WHOLE, key=len, reverse=True)))


def join_words(text: str) -> str:
    """Return `text` with its words of the list joined."""
    return _FOUND.sub(lambda found: _WHOLE[found[0]], text)


@cache
def words_of(language: str) -> Mapping[str, Any]:
    """Return the words of `language` (vi, en or km). Errors: FileNotFoundError for another."""
    file = files("quetsach_public.instructions").joinpath(f"{language}.toml")
    text = file.read_text(encoding="utf-8")
    return tomllib.loads(join_words(text) if language == "km" else text)

"""Khmer words that stay whole: Khmer has no spaces, and lines are broken by a dictionary."""

import re

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

"""Words as they are compared: without Vietnamese marks, or as they may be written."""

import re
import unicodedata

_NOT_WORD = re.compile(r"[^0-9a-z]+")


def folded(text: str) -> str:
    """Return `text` without Vietnamese marks, in lower case, its words parted by single blanks."""
    if not text.isascii():
        parted = unicodedata.normalize("NFKD", text.lower().replace("đ", "d").replace("Đ", "d"))
        text = "".join(sign for sign in parted if not unicodedata.combining(sign))
    return _NOT_WORD.sub(" ", text.lower()).strip()


def spellings(words: str) -> list[str]:
    """Return `words` as written, in lower case and with capitals.

    SQLite compares letters with marks as they stand, whatever their case.
    """
    return list(dict.fromkeys((words, words.lower(), words.title(), words.upper())))

"""Words as they are searched and compared: no accents, lower case, single blanks."""

import re
import unicodedata

_NOT_WORD = re.compile(r"[^0-9a-z]+")


def folded(text: str) -> str:
    """Return `text` without Vietnamese marks, in lower case, its words parted by single blanks."""
    if not text.isascii():
        parted = unicodedata.normalize("NFKD", text.lower().replace("đ", "d").replace("Đ", "d"))
        text = "".join(sign for sign in parted if not unicodedata.combining(sign))
    return _NOT_WORD.sub(" ", text.lower()).strip()

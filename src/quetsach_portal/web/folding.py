"""Words as they are compared: without Vietnamese marks, or as they may be written."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_

from django.db.models import Q

MOST_WORDS = 6
_NOT_WORD = re.compile(r"[^0-9a-z]+")


def folded(text: str) -> str:
    """Return `text` without Vietnamese marks, in lower case, its words parted by single blanks."""
    if not text.isascii():
        parted = unicodedata.normalize("NFKD", text.lower().replace("đ", "d").replace("Đ", "d"))
        text = "".join(sign for sign in parted if not unicodedata.combining(sign))
    return _NOT_WORD.sub(" ", text.lower()).strip()


def spellings(words: str) -> list[str]:
    """Return `words` as written, in lower case and with capitals; once where no letter has a mark.

    SQLite compares letters with marks as they stand, and all others in any case.
    """
    if words.isascii():
        return [words]
    return list(dict.fromkeys((words, words.lower(), words.title(), words.upper())))


def has_words(words: str, texts: Iterable[object]) -> bool:
    """Return whether `texts` together have all of `words`, without marks."""
    whole = " ".join(folded(str(text)) for text in texts if text is not None)
    asked = folded(words).split()
    return bool(asked) and all(word in whole for word in asked)


def with_words(words: str, *, folded_in: Sequence[str], text_in: Sequence[str]) -> Q:
    """Return the condition on rows that have `words` in one of the fields.

    Shapes: `folded_in` are fields that hold folded text: there each word may stand anywhere. In
    those of `text_in` all of them stand together as written.
    """
    asked = folded(words).split()[:MOST_WORDS]
    conditions = [
        Q(*(Q(**{f"{name}__contains": word}) for word in asked)) for name in folded_in if asked
    ]
    for name in text_in:
        conditions += [Q(**{f"{name}__icontains": spelling}) for spelling in spellings(words)]
    return reduce(or_, conditions, Q(pk__in=[]))

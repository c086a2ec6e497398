"""Words of strangers for files of devices: nothing in them can end a comment or a quoted string."""

import re
import unicodedata
from urllib.parse import quote

LONGEST_COMMENT = 60
"""How much of a label goes into a comment, in characters."""

_UNSAFE = re.compile(r"[^A-Za-z0-9 _-]+")
_PLAIN_KEY = re.compile(r"[a-z0-9._-]{1,253}")

# Source: WHATWG URL standard, path percent-encode set; what remains is what a browser sends as it
# is. Quotes, `$` and `;` go too: no form needs them, and a shell would read them.
_KEPT_IN_URLS = "/?&=%+@:,~!*()[]-._"


def ascii_words(text: str) -> str:
    """Return `text` as ASCII letters, digits, blanks, `_` and `-`, cut to a comment's length.

    Letters lose their Vietnamese marks and no dot is left, so that a comment never holds a name
    or an address either.
    """
    turned = text.translate({ord("đ"): "d", ord("Đ"): "D"})
    bare = "".join(
        sign for sign in unicodedata.normalize("NFD", turned) if not unicodedata.combining(sign)
    )
    return " ".join(_UNSAFE.sub(" ", bare).split())[:LONGEST_COMMENT].strip()


def safe_url(key: str) -> str:
    """Return a URL in which every byte a device could misread is percent-encoded."""
    return quote(key, safe=_KEPT_IN_URLS)


def is_plain_key(key: str) -> bool:
    """Return whether `key` has nothing but what names in canonical form are made of."""
    return _PLAIN_KEY.fullmatch(key) is not None

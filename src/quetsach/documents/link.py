"""Web addresses that a QR code on paper may lead to."""

from urllib.parse import urlsplit

from quetsach.errors import QuetsachError

LONGEST_LINK = 200
"""In characters; a code of more is too fine to be read from paper by a telephone."""


def checked_link(link: str, *, longest: int = LONGEST_LINK) -> str:
    """Return `link` when it is http:// or https:// with a host and nothing unprintable.

    Errors: E409.
    """
    try:
        parts = urlsplit(link)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        sound = False
    if not sound or len(link) > longest or not link.isprintable() or " " in link:
        raise QuetsachError("E409", link[:100])
    return link

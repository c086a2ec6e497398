"""Whether a form comes from a page of ours, and what stands in it."""

from collections.abc import Mapping
from typing import BinaryIO, cast

LONGEST_FORM = 2_000


def is_from_here(environ: Mapping[str, object]) -> bool:
    """False for a form that another site's page sends."""
    site = str(environ.get("HTTP_SEC_FETCH_SITE", ""))
    if site:
        return site in ("same-origin", "none")
    origin = str(environ.get("HTTP_ORIGIN", ""))
    # The own proxy says what was spoken; whoever else writes this header refuses only himself.
    if environ.get("HTTP_X_FORWARDED_PROTO") == "https" and origin.startswith("http:"):
        return False
    return not origin or origin.partition("://")[2] == str(environ.get("HTTP_HOST", ""))


def length_of(environ: Mapping[str, object]) -> int | None:
    """Return how long the form is, None for one that is too long to be ours."""
    try:
        length = int(str(environ.get("CONTENT_LENGTH") or 0))
    except ValueError:
        return None
    return length if 0 <= length <= LONGEST_FORM else None


def body_of(environ: Mapping[str, object]) -> str | None:
    """Return the form that was sent, None for one that is too long to be ours."""
    length = length_of(environ)
    if length is None:
        return None
    return cast("BinaryIO", environ["wsgi.input"]).read(length).decode("utf-8", "replace")

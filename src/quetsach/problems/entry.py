"""One row of the catalogue of problems."""

from dataclasses import dataclass


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, do not translate yet"
    """Mark `message` for the catalogue and return it as it is."""
    return message


@dataclass(frozen=True)
class Entry:
    """One row of the catalogue of problems: what happened, and what to do next."""

    what: str
    todo: str

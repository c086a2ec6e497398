"""Headings of columns, brought to one form so that they can be compared."""

import re
import unicodedata


def plain_heading(heading: str) -> str:
    """Return `heading` as headings are compared: NFC, lower case, single blanks."""
    text = unicodedata.normalize("NFC", heading).strip("\ufeff \t\n").lower()
    return re.sub(r"[_\s-]+", " ", text)

"""Paragraphs cut into sentences, each still with the place it comes from."""

import re
from collections.abc import Iterator

from quetsach.letters.lines import Line, fold
from quetsach.letters.model import Source

# A point ends a sentence when a capital or a quote follows, but not after TP., KT., Th., v.v.
_END = re.compile(r"(?<=[.!?;]) +(?=\S)")
_SHORT = re.compile(r"(?:\A|[ (])(?:tp|kt|tm|tl|tuq|q|p|h|tx|tt|th|ths|ts|pgs|gs|dr|mr|mrs|no)\.\Z")

MARK = 5
"""What is shorter is the number of an item, and no sentence; in characters."""


def sentences(line: Line) -> Iterator[Source]:
    """Yield the sentences of a line, as written; a semicolon ends one too."""
    start = 0
    for end in _END.finditer(line.text):
        after = line.text[end.end()]
        before = line.text[start : end.start()]
        if len(before) < MARK:
            continue
        if before.endswith(";") or (
            not after.islower() and not after.isdecimal() and not _SHORT.search(fold(before[-8:]))
        ):
            yield Source(before.strip(), line.place)
            start = end.end()
    if line.text[start:].strip():
        yield Source(line.text[start:].strip(), line.place)

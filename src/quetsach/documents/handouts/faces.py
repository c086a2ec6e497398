"""The plain typeface of what is handed out: without serifs for Latin, and one with Khmer."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import typst

from quetsach.documents.fonts import BUILT_IN, Face, shows_vietnamese

# In this order; Liberation Sans and Arimo have the widths of Arial.
LATIN = ("Liberation Sans", "Arial", "Arimo")
KHMER = ("Noto Sans Khmer", "Khmer UI", "Leelawadee UI")


@cache
def find_plain_face(language: str) -> Face | None:
    """Return the typeface for texts in `language`; None where this system has none for Khmer.

    Cost: reads the names of all fonts of this system, once in a process.
    """
    latin = next(_found(LATIN, vietnamese=True), Face(BUILT_IN))
    if language != "km":
        return latin
    khmer = next(_found(KHMER, vietnamese=False), None)
    if khmer is None:
        return None
    # Latin letters come from the first, as Vietnamese names stand in Khmer sentences.
    return Face(latin.family, (*latin.folders, *khmer.folders), also=(khmer.family,))


def _found(families: tuple[str, ...], *, vietnamese: bool) -> Iterator[Face]:
    known = typst.Fonts(include_embedded_fonts=False).fonts()
    for family in families:
        files = [Path(font.path) for font in known if font.family == family and font.path]
        for folder in sorted({file.parent for file in files}):
            face = Face(family, (folder,))
            if not vietnamese or shows_vietnamese(face):
                yield face

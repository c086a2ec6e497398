"""What Times New Roman has no letters for, shown by another font of this system, if one has them.

Nothing of it is asked for as long as a paper has usual letters alone.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import typst

from quetsach.documents.character_map import CharacterMap, character_map
from quetsach.documents.fonts import FAMILIES, Face, find_face

_BEFORE_OTHERS = ("Noto Serif", "Noto Sans", "Noto", "DejaVu Serif", "DejaVu Sans")
"""Families whose names begin so are asked first, in this order; then the others, by name."""

_PLACEHOLDERS = ("Last", "Adobe Blank", "Unifont")
"""Fonts that draw a box or nothing for what they do not have."""

# Joiners and selectors, without which a family of emoji or a Khmer word falls apart.
_WITHIN_WORDS = frozenset("\u200b\u200c\u200d\u2060\ufe0e\ufe0f")


@dataclass(frozen=True)
class Other:
    """A family that shows something, and the folder that holds it."""

    family: str
    folder: Path
    letters: CharacterMap


def shows(sign: str) -> bool:
    """Tell whether some font of this system shows the character on a page.

    Cost: nothing for a character asked before; else some hundredths of a second, once.
    """
    return _other_for(sign) is not None


def with_others(face: Face, signs: Iterable[str]) -> Face:
    """Return `face` with the families beside it that show `signs`, each where it shows one."""
    found = {other.family: other for sign in sorted(signs) if (other := _other_for(sign))}
    found.pop(face.family, None)
    folders = (one.folder for one in found.values() if one.folder not in face.folders)
    return replace(
        face, folders=(*face.folders, *dict.fromkeys(folders)), also=(*face.also, *found)
    )


@cache
def _other_for(sign: str) -> Other | None:
    if not _is_visible(sign):
        return None
    return next((one for one in others() if one.letters.has(sign)), None)


def _is_visible(sign: str) -> bool:
    # Controls, halves of pairs, private and unassigned places, and what turns the direction of a
    # line or hides in it: none of them is text.
    return sign in _WITHIN_WORDS or unicodedata.category(sign)[0] not in "CZ"


@cache
def others() -> tuple[Other, ...]:
    """Return the fonts of this system in the order in which they are asked, each family once."""
    face = find_face()
    known = [
        (font, Path(font.path))
        for font in typst.Fonts(include_embedded_fonts=False).fonts()
        if font.path
    ]
    # An older Liberation Serif beside them would be taken for the one that shows Vietnamese.
    apart = {path.parent for font, path in known if font.family in FAMILIES}
    first: dict[str, tuple[Path, int]] = {}
    for font, path in sorted(known, key=lambda one: (abs(one[0].weight - 400), one[1])):
        if font.style == "normal" and not font.family.startswith(_PLACEHOLDERS):
            first.setdefault(font.family, (path, font.index))
    made = [
        Other(family, path.parent, letters)
        for family, (path, index) in sorted(first.items(), key=lambda one: _rank(one[0]))
        if (path.parent in face.folders or path.parent not in apart)
        and (family == face.family or family not in FAMILIES)
        and (letters := character_map(path, index)) is not None
    ]
    return tuple(made)


def _rank(family: str) -> tuple[int, str]:
    if family in FAMILIES:
        return -1, family
    begins = (place for place, begin in enumerate(_BEFORE_OTHERS) if family.startswith(begin))
    return next(begins, len(_BEFORE_OTHERS)), family

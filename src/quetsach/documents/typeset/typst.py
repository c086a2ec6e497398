"""Typesetting with typst as PDF/A: the typeface, fallback fonts for rare characters, QR codes.

Fallback fonts are searched only when a text has characters outside the main typeface.
"""

import json
import struct
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from quetsach.errors.exceptions import QuetsachError

_COLLECTION = b"ttcf"
_MOST_BYTES = 8 * 1024 * 1024
# Platform and encoding of the whole of Unicode first, then of its first plane alone.
_WANTED = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (0, 2), (0, 1), (0, 0))


@dataclass(frozen=True)
class CharacterMap:
    """One subtable of a font: its format, and its bytes."""

    format: int
    data: bytes

    def has(self, sign: str) -> bool:
        """Tell whether the font draws this character."""
        found = _by_groups if self.format == 12 else _by_segments
        return found(self.data, ord(sign)) != 0


def character_map(path: Path, index: int = 0) -> CharacterMap | None:
    """Return the map of the font `index` in the file, or None where none can be read."""
    try:
        with path.open("rb") as file:
            start = 0
            head = file.read(12)
            if head[:4] == _COLLECTION:
                file.seek(12 + 4 * index)
                (start,) = struct.unpack(">I", file.read(4))
                file.seek(start)
                head = file.read(12)
            (count,) = struct.unpack_from(">H", head, 4)
            tables = file.read(16 * count)
            for tag, _sum, place, length in struct.iter_unpack(">4sIII", tables):
                if tag == b"cmap" and length <= _MOST_BYTES:
                    file.seek(place)
                    return _best(file.read(length))
    except (OSError, struct.error):
        return None
    return None


def _best(table: bytes) -> CharacterMap | None:
    (count,) = struct.unpack_from(">H", table, 2)
    places = {
        (platform, encoding): place
        for platform, encoding, place in struct.iter_unpack(">HHI", table[4 : 4 + 8 * count])
    }
    for key in _WANTED:
        if key in places:
            data = table[places[key] :]
            (form,) = struct.unpack_from(">H", data)
            if form in (4, 12):
                return CharacterMap(form, data)
    return None


def _by_groups(data: bytes, code: int) -> int:
    (count,) = struct.unpack_from(">I", data, 12)
    for first, last, glyph in struct.iter_unpack(">III", data[16 : 16 + 12 * count]):
        if first <= code <= last:
            return int(glyph + code - first)
    return 0


def _by_segments(subtable: bytes, code: int) -> int:
    if code > 0xFFFF:
        return 0
    (twice,) = struct.unpack_from(">H", subtable, 6)
    ends = struct.unpack_from(f">{twice // 2}H", subtable, 14)
    place = next((n for n, end in enumerate(ends) if code <= end), None)
    if place is None:
        return 0
    # The four columns follow one another, with a word of padding after the first.
    at = 16 + twice + 2 * place
    (start,) = struct.unpack_from(">H", subtable, at)
    (delta,) = struct.unpack_from(">H", subtable, at + twice)
    (offset,) = struct.unpack_from(">H", subtable, at + 2 * twice)
    if code < start:
        return 0
    if offset == 0:
        return int(code + delta) & 0xFFFF
    (glyph,) = struct.unpack_from(">H", subtable, at + 2 * twice + offset + 2 * (code - start))
    return int(glyph + delta) & 0xFFFF if glyph else 0


# In this order. Liberation Serif and Tinos have the widths of Times New Roman, letter for letter.
FAMILIES = ("Times New Roman", "Liberation Serif", "Tinos")
BUILT_IN = "Libertinus Serif"
_PROBE = Path(__file__).with_name("probe.typ")
_MARKED = Path(__file__).with_name("marked.typ")
_DOCUMENTS = Path(__file__).parents[1]


@dataclass(frozen=True)
class Face:
    """A typeface that can be used, and the folders that hold it (none for the built-in one).

    Shapes: `also` are the families that show what the first has no letters for.
    """

    family: str
    folders: tuple[Path, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def is_prescribed(self) -> bool:
        """Tell whether the pages look as with the typeface that the decree prescribes."""
        return self.family in FAMILIES


def find_face(folders: tuple[Path, ...] | None = None) -> Face:
    """Return the best typeface in `folders`, or in the usual font folders of this system.

    Cost: reads the names of all fonts there and sets a line in each that fits, in some tenths of a
    second.
    """
    import typst

    fonts = typst.Fonts(
        include_system_fonts=folders is None,
        include_embedded_fonts=False,
        font_paths=[] if folders is None else list(folders),
    ).fonts()
    for family in FAMILIES:
        files = [Path(font.path) for font in fonts if font.family == family and font.path]
        for folder in sorted({file.parent for file in files}):
            face = Face(family, (folder,))
            if shows_vietnamese(face):
                return face
    return Face(BUILT_IN)


def shows_vietnamese(face: Face) -> bool:
    """Tell whether `face` has every Vietnamese letter in each of its four styles."""
    import typst

    # Liberation Serif 1 has the name and the widths, but not the letters ẠẢẤ... (Debian 12 installs
    # both versions side by side).
    try:
        _, warnings = typst.compile_with_warnings(
            _PROBE,
            format="pdf",
            ignore_system_fonts=True,
            font_paths=list(face.folders),
            sys_inputs={"family": face.family},
            pdf_standards="a-2b",
            timestamp=0,
        )
    except typst.TypstError:
        return False
    return not warnings


_BEFORE_OTHERS = ("Noto Serif", "Noto Sans", "Noto", "DejaVu Serif", "DejaVu Sans")
"""Families whose names begin so are tried first, in this order; then the others, by name."""

_PLACEHOLDERS = ("Last", "Adobe Blank", "Unifont")
"""Fonts that draw a box or nothing for what they do not have."""

# Joiners and selectors, without which a family of emoji or a Khmer word falls apart.
_WITHIN_WORDS = frozenset("\u200b\u200c\u200d\u2060\ufe0e\ufe0f")


@dataclass(frozen=True)
class FallbackFont:
    """A family that shows something, and the folder that holds it."""

    family: str
    folder: Path
    letters: CharacterMap


def shows(sign: str) -> bool:
    """Tell whether some font of this system shows the character on a page.

    Cost: nothing for a character looked up before; else some hundredths of a second, once.
    """
    return _other_for(sign) is not None


def with_others(face: Face, signs: Iterable[str]) -> Face:
    """Return `face` with the families beside it that show `signs`, each where it shows one."""
    by_family = {other.family: other for sign in sorted(signs) if (other := _other_for(sign))}
    by_family.pop(face.family, None)
    folders = (one.folder for one in by_family.values() if one.folder not in face.folders)
    return replace(
        face, folders=(*face.folders, *dict.fromkeys(folders)), also=(*face.also, *by_family)
    )


@cache
def _other_for(sign: str) -> FallbackFont | None:
    if not _is_visible(sign):
        return None
    return next((one for one in others() if one.letters.has(sign)), None)


def _is_visible(sign: str) -> bool:
    # Controls, halves of pairs, private and unassigned places, and what turns the direction of a
    # line or hides in it: none of them is text.
    return sign in _WITHIN_WORDS or unicodedata.category(sign)[0] not in "CZ"


@cache
def others() -> tuple[FallbackFont, ...]:
    """Return the fonts of this system in the order in which they are tried, each family once."""
    import typst

    face = find_face()
    fonts = [
        (font, Path(font.path))
        for font in typst.Fonts(include_embedded_fonts=False).fonts()
        if font.path
    ]
    # An older Liberation Serif beside them would be taken for the one that shows Vietnamese.
    apart = {path.parent for font, path in fonts if font.family in FAMILIES}
    first: dict[str, tuple[Path, int]] = {}
    for font, path in sorted(fonts, key=lambda pair: (abs(pair[0].weight - 400), pair[1])):
        if font.style == "normal" and not font.family.startswith(_PLACEHOLDERS):
            first.setdefault(font.family, (path, font.index))
    fallbacks = [
        FallbackFont(family, path.parent, letters)
        for family, (path, index) in sorted(first.items(), key=lambda pair: _rank(pair[0]))
        if (path.parent in face.folders or path.parent not in apart)
        and (family == face.family or family not in FAMILIES)
        and (letters := character_map(path, index)) is not None
    ]
    return tuple(fallbacks)


def _rank(family: str) -> tuple[int, str]:
    if family in FAMILIES:
        return -1, family
    begins = (place for place, begin in enumerate(_BEFORE_OTHERS) if family.startswith(begin))
    return next(begins, len(_BEFORE_OTHERS)), family


_marks: list[str] = []


def mark_pages(mark: str) -> None:
    """Let every page that this process sets in type from now on bear `mark` at its top; "" none."""
    _marks[:] = [mark] if mark else []


def page_mark() -> str:
    """Return what every page bears at its top, "" for nothing."""
    return _marks[0] if _marks else ""


def set_page(
    template: Path,
    name: str,
    texts: Mapping[str, Any],
    *,
    qr: str,
    when_s: int,
    face: Face | None = None,
) -> bytes:
    """Return the PDF of `template`, which finds `texts` under `name`; same texts, same bytes.

    Units: `when_s` in seconds since 1970, UTC. Errors: E405 when the typesetter refuses or warns.
    """
    inputs = {name: json.dumps(texts, ensure_ascii=False), "qr": qr_svg(qr)}
    return typeset(template, inputs, when_s=when_s, face=find_face() if face is None else face)


def typeset(template: Path, inputs: Mapping[str, str], *, when_s: int, face: Face) -> bytes:
    """Return the PDF of `template` with `inputs`, its texts in `face`.

    Units: `when_s` in seconds since 1970, UTC. Errors: E405 when the typesetter refuses or warns.
    """
    import typst

    source, typst_inputs = template, {**inputs, "family": ",".join((face.family, *face.also))}
    if mark := page_mark():
        inner = f"/{template.relative_to(_DOCUMENTS).as_posix()}"
        source, typst_inputs = _MARKED, {**typst_inputs, "mark": mark, "template": inner}
    try:
        pdf, warnings = typst.compile_with_warnings(
            source,
            root=_DOCUMENTS if mark else None,
            format="pdf",
            ignore_system_fonts=True,
            font_paths=list(face.folders),
            sys_inputs=typst_inputs,
            pdf_standards="a-2b",
            timestamp=when_s,
        )
    except typst.TypstError as error:
        raise QuetsachError("E405", template.name, reason=error.message) from error
    if warnings:
        # A font that is not there is only a warning, and the page would look wrong.
        raise QuetsachError("E405", template.name, reason=warnings[0].message)
    return bytes(pdf)


def qr_svg(text: str) -> str:
    """Return the QR code of `text` as SVG. Source: ISO/IEC 18004; level M mends up to 15 %."""
    drawn = BytesIO()
    _qr(text).save(
        drawn,
        kind="svg",
        border=4,
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        omitsize=True,  # A browser scales what has a viewBox, and only frames what has a size.
    )
    return drawn.getvalue().decode()


def qr_png(text: str) -> bytes:
    """Return the QR code of `text` as PNG, in black and white, without a date."""
    drawn = BytesIO()
    _qr(text).save(drawn, kind="png", border=4, scale=8)
    return drawn.getvalue()


def _qr(text: str) -> Any:
    import segno

    return segno.make(text, error="m", micro=False, boost_error=False)

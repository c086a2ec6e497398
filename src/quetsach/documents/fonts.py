"""Which typeface the PDF is set in: Times New Roman, its metric twin, or the built-in one."""

from dataclasses import dataclass
from pathlib import Path

import typst

# In this order. Liberation Serif and Tinos have the widths of Times New Roman, letter for letter.
FAMILIES = ("Times New Roman", "Liberation Serif", "Tinos")
BUILT_IN = "Libertinus Serif"
_PROBE = Path(__file__).with_name("probe.typ")


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
    known = typst.Fonts(
        include_system_fonts=folders is None,
        include_embedded_fonts=False,
        font_paths=[] if folders is None else list(folders),
    ).fonts()
    for family in FAMILIES:
        files = [Path(font.path) for font in known if font.family == family and font.path]
        for folder in sorted({file.parent for file in files}):
            face = Face(family, (folder,))
            if shows_vietnamese(face):
                return face
    return Face(BUILT_IN)


def shows_vietnamese(face: Face) -> bool:
    """Tell whether `face` has every Vietnamese letter in each of its four styles."""
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

"""Text made fit for official paper: NFC, and nothing that no typeface at hand can show."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

STAND_IN = "□"

_FIT = re.compile(
    # Latin with every Vietnamese letter, the marks NFC could not join, Cyrillic, common signs.
    "[ -~\u00a0-\u00ac\u00ae-\u017f\u0192\u01a0\u01a1\u01af\u01b0\u01fc-\u01ff"
    "\u0401-\u040c\u040e-\u044f\u0451-\u045c\u045e\u045f\u0490\u0491"
    "\u1e80-\u1e85\u1ea0-\u1ef9\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026"
    "\u2030\u2039\u203a\u20ab\u20ac\u2122\u2212\u25a1\n]"
)
# Blanks of other widths, and the narrow one that keeps thousands together.
_BLANKS = {**dict.fromkeys(map(ord, "\t\u1680\u205f\u3000"), " "), 0x202F: "\u00a0"}
_BLANKS |= dict.fromkeys(range(0x2000, 0x200B), " ")
_AROUND = 24
"""How many characters on each side tell a reader where something stands."""


@dataclass(frozen=True)
class Unfit:
    """A character that cannot be printed, and the words around its first place, □ in its stead."""

    sign: str
    beside: str

    @property
    def named(self) -> str:
        """Return the character and its number: "漢 (U+6F22)"; a control by that alone."""
        code = f"U+{ord(self.sign):04X}"
        return f"{self.sign} ({code})" if self.sign.isprintable() else code


def printable(
    text: str, shows: Callable[[str], bool] = lambda _sign: False
) -> tuple[str, frozenset[str]]:
    """Return `text` as it can be printed, and the characters that a □ had to stand in for.

    Tabs, other blanks and line ends of any kind are kept as blanks and line breaks. What Times New
    Roman lacks is kept where `shows` says that something else shows it.
    """
    joined = _joined(text)
    unfit = frozenset(sign for sign in beyond_times(joined) if not shows(sign))
    for sign in unfit:
        joined = joined.replace(sign, STAND_IN)
    return joined, unfit


def beyond_times(text: str) -> frozenset[str]:
    """Return the characters of `text` that Times New Roman and its metric twins may lack."""
    return frozenset(_FIT.sub("", text))


def unfit_in(text: str, signs: frozenset[str]) -> Iterator[Unfit]:
    """Yield each of `signs` with the words around its first place in `text`."""
    if not signs:
        return
    joined = _joined(text)
    boxed = "".join(STAND_IN if sign in signs else sign for sign in joined)
    for sign in signs:
        at = joined.index(sign)
        first, last = max(0, at - _AROUND), at + 1 + _AROUND
        beside = " ".join(boxed[first:last].split())
        yield Unfit(sign, f"{'…' * (first > 0)}{beside}{'…' * (last < len(boxed))}")


def _joined(text: str) -> str:
    joined = unicodedata.normalize("NFC", text)
    return re.sub("\r\n|[\r\v\f\x85\u2028\u2029]", "\n", joined).translate(_BLANKS)

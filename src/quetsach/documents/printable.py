"""Text made fit for official paper: NFC, and nothing that Times New Roman cannot show."""

import re
import unicodedata

STAND_IN = "□"

_FIT = re.compile(
    # Latin with every Vietnamese letter, the marks NFC could not join, Cyrillic, common signs.
    "[ -~\u00a0-\u00ac\u00ae-\u017f\u0192\u01a0\u01a1\u01af\u01b0\u01fc-\u01ff"
    "\u0401-\u040c\u040e-\u044f\u0451-\u045c\u045e\u045f\u0490\u0491"
    "\u1e80-\u1e85\u1ea0-\u1ef9\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026"
    "\u2030\u2039\u203a\u20ab\u20ac\u2122\u2212\u25a1\n]"
)


def printable(text: str) -> tuple[str, frozenset[str]]:
    """Return `text` as it can be printed, and the characters that a □ had to stand in for.

    Tabs and line ends of any kind are kept as blanks and line breaks.
    """
    joined = unicodedata.normalize("NFC", text)
    joined = re.sub("\r\n|[\r\v\f\x85\u2028\u2029]", "\n", joined).replace("\t", " ")
    unfit = frozenset(_FIT.sub("", joined))
    for char in unfit:
        joined = joined.replace(char, STAND_IN)
    return joined, unfit

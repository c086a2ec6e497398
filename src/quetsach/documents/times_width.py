"""How wide a text is in Times New Roman, so that rules and dotted lines get their true length."""

import re
import unicodedata

# Advance widths in 1/1000 of the size; those of Adobe's Times-Roman and Times-Bold metrics, which
# Times New Roman and Liberation Serif share; ơ and ư as in Liberation Serif 2. No other accent
# widens a letter.
_REGULAR = {
    180: "'",
    200: "|",
    250: " ,.\u00a0",
    278: "/:;ijlt\\",
    333: "!()-I[]fr‘’`",
    389: "Js",
    408: '"',
    444: "?acez“”",
    469: "^",
    480: "{}",
    500: "*0123456789_bdghknopquvxyđ–#$",
    513: "₫",
    529: "ơ",
    541: "~",
    542: "ư",
    556: "FPS",
    564: "+<=>",
    611: "ELTZ",
    667: "BCR",
    722: "ADGHKNOQUVXYwĐƠ",
    776: "Ư",
    778: "&m",
    833: "%",
    889: "M",
    921: "@",
    944: "W",
    1000: "—…",
}
_BOLD = {
    220: "|",
    250: " ,.\u00a0",
    278: "'/il\\",
    333: "!()-:;[]fjt‘’`",
    389: "Is",
    394: "{}",
    444: "cerz",
    500: "*0123456789?J_agovxy–“”#$",
    513: "₫",
    520: "~",
    554: "ơ",
    556: 'Sbdhknpquđ"',
    570: "+<=>",
    581: "^",
    600: "ư",
    611: "FP",
    667: "BELTZ",
    722: "ACDNRUVXYwĐ",
    778: "GHKOQƠ",
    796: "Ư",
    833: "&m",
    930: "@",
    944: "M",
    1000: "%W—…",
}
_WIDTHS = tuple(
    {char: width for width, chars in table.items() for char in chars} for table in (_REGULAR, _BOLD)
)
_HORN = "\u031b"


def width_pt(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of `text` on one line, set in Times New Roman of `size`.

    Units: points.
    """
    table = _WIDTHS[bold]
    return sum(_advance(char, table) for char in unicodedata.normalize("NFC", text)) * size / 1000


def _advance(char: str, table: dict[str, int]) -> int:
    if char in table:
        return table[char]
    base, *marks = list(unicodedata.normalize("NFD", char))
    if _HORN in marks:
        base = unicodedata.normalize("NFC", base + _HORN)
    if unicodedata.combining(char):
        return 0
    # An unknown letter counts as a wide one: a rule a little too long beats a broken line.
    return table.get(base, 722)


def balanced_lines(text: str, size: float, limit: float, *, bold: bool = False) -> tuple[str, ...]:
    """Return `text` in the fewest lines no wider than `limit` points, of about equal length.

    A word wider than `limit` is broken.
    """
    # A dash stays with the word before it: no line begins with one.
    words = re.split(r"\s+(?![-–]\s)", text.strip()) if text.strip() else []
    words = [piece for word in words for piece in _pieces(word, size, limit, bold)]
    best = _greedy(words, size, limit, bold)
    least = max((width_pt(word, size, bold=bold) for word in words), default=0.0)
    widest = limit
    # Narrow the measure as long as the number of lines stays: that evens the lines out.
    while (widest := widest - size / 2) > least:
        tighter = _greedy(words, size, widest, bold)
        if len(tighter) > len(best):
            break
        best = tighter
    return tuple(best)


def _pieces(word: str, size: float, limit: float, bold: bool) -> list[str]:
    if width_pt(word, size, bold=bold) <= limit:
        return [word]
    pieces, room = [""], limit
    for char in word:
        width = width_pt(char, size, bold=bold)
        if width > room and pieces[-1]:
            pieces.append("")
            room = limit
        pieces[-1] += char
        room -= width
    return pieces


def _greedy(words: list[str], size: float, limit: float, bold: bool) -> list[str]:
    lines: list[str] = []
    room = 0.0
    blank = width_pt(" ", size, bold=bold)
    for word in words:
        width = width_pt(word, size, bold=bold)
        if lines and blank + width <= room:
            lines[-1] += f" {word}"
            room -= blank + width
        else:
            lines.append(word)
            room = limit - width
    return lines

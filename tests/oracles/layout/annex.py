"""The layout rules of annexes, the same for letters and reports."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from quetsach.documents.letters.paper import roman
from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.decree30 import AllowedRange
from tests.oracles.layout.measures import Verdict, set_as
from tests.oracles.layout.parts import Parts
from tests.oracles.layout.rules import RULES
from tests.oracles.layout.word_reading import Para

_OF_TEXT = ("text-size", "justified", "first-line", "paragraph-gap", "line-spacing")


def _annex_label(parts: Parts) -> Verdict:
    word, count = parts.words.annex, len(parts.annexes)
    wanted = [f"{word} {roman(n)}" if count > 1 else word for n in range(1, count + 1)]
    found = ["" if annex.label is None else annex.label.text for annex in parts.annexes]
    ok, _ = _centred((annex.label for annex in parts.annexes), decree.ANNEX_PT, bold=True)
    return ok and found == wanted, ", ".join(found) or "none"


def _annex_title(parts: Parts) -> Verdict:
    titles = (annex.title for annex in parts.annexes)
    return _centred(titles, decree.TITLE_PT, bold=True, upper=True)


def _annex_line(parts: Parts) -> Verdict:
    lines = [annex.attached for annex in parts.annexes]
    ok, found = _centred(lines, decree.TITLE_PT, italic=True)
    begin = parts.words.attached.split("%")[0]
    shaped = all(
        line is not None and line.text.startswith(begin) and line.text.endswith(")")
        for line in lines
    )
    return ok and shaped, found


def _annex_pages(parts: Parts) -> Verdict:
    sections = [annex.section for annex in parts.annexes]
    ok = all(section.starts_at == 1 and section.first_page_differs for section in sections)
    return ok, " ".join(str(section.starts_at) for section in sections) or "none"


def _annex_geometry(parts: Parts) -> Verdict:
    own = parts.reading.sections[0]
    others = [annex.section for annex in parts.annexes]
    same = all((one.page, one.margins) == (own.page, own.margins) for one in others)
    return same, f"{len(others)} annexes"


def _annex_text(parts: Parts) -> Verdict:
    rules = [(name, rule) for name, rule in RULES if name in _OF_TEXT]
    for annex in parts.annexes:
        if not annex.text:
            continue
        for name, rule in rules:
            ok, found = rule(replace(parts, text=annex.text))
            if not ok:
                return False, f"{name}: {found}"
    return True, f"{len(parts.annexes)} annexes"


def _centred(
    paras: Iterable[Para | None],
    span: AllowedRange,
    *,
    bold: bool = False,
    italic: bool = False,
    upper: bool = False,
) -> Verdict:
    """Tell whether each paragraph is there, is centred, and is set as asked; true of none."""
    found = "none"
    for para in paras:
        if para is None:
            return False, "missing"
        ok, found = set_as([para], span, bold=bold, italic=italic, upper=upper)
        if not ok or para.align != "center":
            return False, f"{para.align} {found}"
    return True, found


ANNEX_RULES: tuple[tuple[str, Callable[[Parts], Verdict]], ...] = (
    ("annex-label", _annex_label),
    ("annex-title", _annex_title),
    ("annex-names-its-letter", _annex_line),
    ("annex-pages", _annex_pages),
    ("annex-geometry", _annex_geometry),
    ("annex-text", _annex_text),
)

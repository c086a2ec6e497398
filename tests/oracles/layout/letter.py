"""The layout rules of an official letter (công văn) and its annexes, beside those of a report."""

import re
from collections.abc import Callable
from itertools import takewhile

from quetsach.documents.letters.letter import SigningCapacity
from quetsach.documents.typeset import decree30 as decree
from tests.oracles.layout.annex import ANNEX_RULES
from tests.oracles.layout.measures import Verdict, set_as
from tests.oracles.layout.parts import Parts, worded
from tests.oracles.layout.proof import is_proof, proof
from tests.oracles.layout.rules import RULES

_OF_REPORTS = ("kind", "subject", "subject-rule")
_ITALIC_BASIS = "Căn cứ "
_RED = "FF0000"


def _about(parts: Parts) -> Verdict:
    ok, found = set_as(parts.about, decree.ABOUT_PT)
    begins = bool(parts.about) and parts.about[0].text.startswith(f"{parts.words.about} ")
    centred = all(para.align == "center" for para in parts.about)
    return ok and begins and centred and len(parts.about) == 1, found


def _about_gap(parts: Parts) -> Verdict:
    found = [para.before for para in parts.about[:1]]
    return found == [decree.PARAGRAPH_GAP_PT], f"{found} pt"


def _stamp(parts: Parts) -> Verdict:
    if not parts.stamp:
        return True, "none"
    ok, found = set_as(parts.stamp, decree.TITLE_PT, bold=True, upper=True)
    text = parts.stamp[0].text
    red = all(run.colour == _RED for para in parts.stamp for run in para.runs)
    known = text in parts.words.urgency.values() and len(parts.stamp) == 1
    return ok and red and known, found


def _addressed_list(parts: Parts) -> Verdict:
    label, *names = (para.text for para in parts.addressed)
    if not names:
        return label.strip() != f"{parts.words.addressed}:", label
    ok = (
        len(names) > 1
        and all(name.startswith("- ") and name.endswith(";") for name in names[:-1])
        and names[-1].startswith("- ")
        and names[-1].endswith(".")
    )
    return ok, " ".join(names)


def _legal(parts: Parts) -> Verdict:
    lines = [para for para in parts.text if para.text.startswith(_ITALIC_BASIS)]
    italic = [line for line in lines if all(run.italic for run in line.runs)]
    if not italic:
        # "Căn cứ" may begin an ordinary sentence of the body, too.
        return True, "none"
    ends = "".join(line.text[-1] for line in italic)
    return ends == ";" * (len(italic) - 1) + ".", ends


def _points(parts: Parts) -> Verdict:
    found = [int(m.group(1)) for p in parts.text if (m := re.match(r"(\d{1,3})\. ", p.text))]
    return found == list(range(1, len(found) + 1)), " ".join(map(str, found))


def _as_above(parts: Parts) -> Verdict:
    listed = [para.text for para in worded(parts.recipients)[1:]]
    first = listed[0] if listed else ""
    return first == f"- {parts.words.as_above};", first


def _capacity(parts: Parts) -> Verdict:
    lines = [line for para in worded(parts.signer)[:-1] for line in para.text.split("\n")]
    known = tuple(f"{one} " for one in SigningCapacity)
    marked = [line for line in lines if re.match(r"\w{1,3}\. ", line)]
    ok = all(line.startswith(known) for line in marked) and lines[: len(marked)] == marked
    # "KT. CHỦ TỊCH" alone does not say who signed.
    return ok and len(lines) > len(marked), " / ".join(lines)


def _contact(parts: Parts) -> Verdict:
    below = (para for para in parts.reading.sections[0].feet[0] if para.text)
    # What a copy is checked by stands below the address, and has a rule of its own.
    lines = list(takewhile(lambda para: not is_proof(para), below))
    if not lines:
        return True, "none"
    ok, found = set_as(lines, decree.CONTACT_PT)
    full = decree.points(decree.TEXT_WIDTH_MM)
    first, *others = parts.reading.first_footer
    ruled = first.rule_pt is not None and abs(first.rule_pt - full) < 1
    ruled = ruled and all(para.rule_pt is None for para in others)
    return ok and ruled, found


# What stands around the words of letters and reports alike.
SHARED_RULES: tuple[tuple[str, Callable[[Parts], Verdict]], ...] = (
    ("addressed-list", _addressed_list),
    ("legal-basis", _legal),
    ("points-in-order", _points),
    ("as-above-first", _as_above),
    ("capacity", _capacity),
    ("urgency", _stamp),
    ("contact", _contact),
)

# What a letter shares with a report comes first; the names stay the same.
LETTER_RULES: tuple[tuple[str, Callable[[Parts], Verdict]], ...] = (
    *(named for named in RULES if named[0] not in _OF_REPORTS),
    ("about", _about),
    ("about-gap", _about_gap),
    *SHARED_RULES,
    *ANNEX_RULES,
    ("proof", proof),
)

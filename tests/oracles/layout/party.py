"""The layout rules of documents of the Party, where they are others than those of the decree.

Source: Hướng dẫn 36-HD/VPTW (2018), II.1.1 to II.1.5, II.1.7 and Phụ lục 3.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from quetsach.documents.typeset.decree30 import AllowedRange
from quetsach.documents.typeset.text import width_pt
from quetsach.documents.typeset.wording import wording
from tests.oracles.layout.measures import Verdict, rule_length, rules_in, set_as
from tests.oracles.layout.parts import Parts, worded
from tests.oracles.layout.word_reading import Para

Rules = Sequence[tuple[str, Callable[[Parts], Verdict]]]

_HEADING_PT, _ISSUER_PT, _NUMBER_PT = (
    AllowedRange(15, 15),
    AllowedRange(14, 14),
    AllowedRange(14, 14),
)
_KIND_PT, _SUBJECT_PT = AllowedRange(15, 16), AllowedRange(14, 15)
_ABOUT_PT, _TEXT_PT, _SIGNER_PT = AllowedRange(12, 12), AllowedRange(14, 15), AllowedRange(14, 14)
_STAR = "*"


def _heading(parts: Parts) -> Verdict:
    told = worded(parts.nation)
    ok, found = set_as(told, _HEADING_PT, bold=True, upper=True)
    return ok and [para.text for para in told] == [wording().head_party.nation], found


def _heading_rule(parts: Parts) -> Verdict:
    runs = [run for para in worded(parts.nation) for run in para.runs]
    text = sum(width_pt(run.text, run.size, bold=True) for run in runs)
    return rule_length(rules_in(parts.nation), text, (0.97, 1.03))


def _issuer(parts: Parts) -> Verdict:
    own = [para for para in _named(parts) if any(run.bold for run in para.runs)]
    return set_as(own, _ISSUER_PT, bold=True, upper=True)


def _parent(parts: Parts) -> Verdict:
    above = [para for para in _named(parts) if not any(run.bold for run in para.runs)]
    if not above:
        return True, "none"
    ok, found = set_as(above, _ISSUER_PT, upper=True)
    return ok and _named(parts)[: len(above)] == above, found


def _named(parts: Parts) -> list[Para]:
    return [para for para in worded(parts.issuer) if para.text != _STAR]


def _star(parts: Parts) -> Verdict:
    told = worded(parts.issuer)
    stars = [para for para in told if para.text == _STAR]
    ok = len(stars) == 1 and told[-1] is stars[0] and stars[0].align == "center"
    return ok and not rules_in(parts.issuer), f"{len(stars)} stars"


def _number(parts: Parts) -> Verdict:
    ok, found = set_as(parts.number, _NUMBER_PT)
    text = "\n".join(para.text for para in parts.number)
    shape = r"Số (\d{2,}|\.+)-[^\s/a-z]+/[^\s/a-z]+"
    return ok and re.fullmatch(shape, text) is not None, found


def _kind(parts: Parts) -> Verdict:
    return _centred(parts.kind, _KIND_PT, upper=True)


def _subject(parts: Parts) -> Verdict:
    return _centred(parts.subject, _SUBJECT_PT)


def _centred(para: Para | None, span: AllowedRange, *, upper: bool = False) -> Verdict:
    if para is None:
        return False, "none"
    ok, found = set_as([para], span, bold=True, upper=upper)
    return ok and para.align == "center", f"{para.align} {found}"


def _about(parts: Parts) -> Verdict:
    ok, found = set_as(parts.about, _ABOUT_PT, italic=True)
    alone = len(parts.about) == 1 and not parts.about[0].text.startswith("V/v")
    return ok and alone and parts.about[0].align == "center", found


def _text_size(parts: Parts) -> Verdict:
    found = sorted({run.size for para in parts.text for run in para.runs if run.text})
    return all(_TEXT_PT.holds(size) for size in found), str(found)


def _signer_post(parts: Parts) -> Verdict:
    return set_as(worded(parts.signer)[:-1], _SIGNER_PT, bold=True, upper=True)


def _signer_name(parts: Parts) -> Verdict:
    return set_as(worded(parts.signer)[-1:], _SIGNER_PT, bold=True)


def _capacity(parts: Parts) -> Verdict:
    lines = [line for para in worded(parts.signer)[:-1] for line in para.text.split("\n")]
    with_stop = [line for line in lines if re.match(r"(TM|KT|TL)\. ", line)]
    marked = [line for line in lines if re.match(r"\w/\w ", line)]
    known = tuple(f"{one} " for one in wording().party.capacities.values())
    ok = not with_stop and all(line.startswith(known) for line in marked)
    # "K/T BÍ THƯ" alone does not say who signed.
    return ok and len(lines) > len(marked), " / ".join(lines)


# Under the names of the decree's rules; an empty one has nothing in its place.
_INSTEAD: dict[str, Rules] = {
    "nation": (("party-heading", _heading),),
    "motto": (),
    "nation-on-one-line": (),
    "motto-rule": (("party-heading-rule", _heading_rule),),
    "issuing-body": (("party-body", _issuer),),
    "parent-body": (("party-parent", _parent),),
    "issuing-body-rule": (("party-star", _star),),
    "number": (("party-number", _number),),
    "kind": (("party-kind", _kind),),
    "subject": (("party-subject", _subject),),
    "about": (("party-about", _about),),
    "text-size": (("party-text-size", _text_size),),
    "signer-post": (("party-signer-post", _signer_post),),
    "signer-name": (("party-signer-name", _signer_name),),
    "capacity": (("party-capacity", _capacity),),
}


def by_party(rules: Rules) -> tuple[tuple[str, Callable[[Parts], Verdict]], ...]:
    """Return rules of the decree with those of the Party in their places."""
    return tuple(_each(rules))


def _each(rules: Rules) -> Iterator[tuple[str, Callable[[Parts], Verdict]]]:
    for name, rule in rules:
        yield from _INSTEAD.get(name, ((name, rule),))

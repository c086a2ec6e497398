"""Report of `quetsach indicators check` on lists before they are used."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quetsach.addresses import parse_network
from quetsach.hostnames import suffix_section
from quetsach.indicators.allow.classes import AllowMatch, is_whole_site, proposal, strongest_first
from quetsach.indicators.allow.lists import (
    AllowLists,
    Place,
    find_allow_matches,
    parents_of,
    tag_matches,
)
from quetsach.indicators.contradictions import Contradiction, contradictions
from quetsach.indicators.indicator_set import IndicatorTable, in_order, indicator_table
from quetsach.indicators.model import (
    AllowDecision,
    Decision,
    Indicator,
    IndicatorKind,
    IndicatorSet,
    ListReading,
    MatchRule,
    Origin,
    Refusal,
    Tlp,
)
from quetsach.indicators.options import RefusalReason
from quetsach.indicators.releases.decisions import Decisions, apply_decisions
from quetsach.indicators.text.defang import refang
from quetsach.texts import _


@dataclass(frozen=True)
class ListCheck:
    """How one list was read, and its refused rows with their count by reason."""

    reading: ListReading
    by_reason: dict[str, int]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class AllowQuestion:
    """An indicator that allow-lists contain: the lists, and the proposed decision.

    Shapes: `decision` is the valid one, or the last one where all have expired (then `asked`).
    """

    indicator: Indicator
    meetings: tuple[AllowMatch, ...]
    proposal: AllowDecision
    decision: Decision | None = None
    asked: bool = True


@dataclass(frozen=True)
class CheckReport:
    """The result of a check of a set of indicators.

    Shapes: `markings` counts what has a marking, strictest last; `duplicates` occur
    in more than one row; `parents` are names with the count of other listed names below each;
    `masked` are rows whose network had host bits, with the network
    that was read; `suffixes` are refused public suffixes with their section, "icann" or "private";
    `whole_sites` are web addresses without a path, which match in web logs only;
    `dead` are refused rows that contain a defanged value;
    `questions` are indicators on allow-lists, undecided ones first.
    """

    lists: tuple[ListCheck, ...]
    kinds: dict[str, int]
    markings: dict[str, int]
    duplicates: tuple[Indicator, ...]
    parents: tuple[tuple[Indicator, int], ...]
    masked: tuple[tuple[Origin, str], ...]
    suffixes: tuple[tuple[Refusal, str], ...]
    whole_sites: tuple[Indicator, ...]
    dead: tuple[Origin, ...]
    contradictions: tuple[Contradiction, ...]
    questions: tuple[AllowQuestion, ...]
    left_out: tuple[str, ...]
    allow: dict[str, tuple[Indicator, ...]]

    @property
    def open_questions(self) -> int:
        """The number of indicators that a person must still decide on."""
        return sum(question.asked for question in self.questions)


def check(
    indicator_set: IndicatorSet, allow: AllowLists | None = None, decisions: Decisions | None = None
) -> CheckReport:
    """Return the result of checking `indicator_set` before it is used."""
    lists = AllowLists() if allow is None else allow
    decisions = Decisions() if decisions is None else decisions
    met = find_allow_matches(indicator_set, lists)
    questions = _questions(indicator_set, met, decisions)
    indicator_set = tag_matches(apply_decisions(indicator_set, decisions)[0], met)
    table = indicator_table(indicator_set)
    others = in_order(table.of_several())
    by_class: dict[str, list[Indicator]] = {}
    for indicator in others:
        for of_class in indicator.allow_classes:
            by_class.setdefault(of_class, []).append(indicator)
    return CheckReport(
        lists=tuple(_list_checks(indicator_set)),
        kinds={kind.value: n for kind in sorted(IndicatorKind) if (n := table.count(kind))},
        markings=_markings(table),
        duplicates=tuple(in_order(table.of_several_rows())),
        parents=tuple(_parents(table)),
        masked=tuple(_masked(others)),
        suffixes=tuple(_suffixes(indicator_set.refusals)),
        whole_sites=tuple(indicator for indicator in others if is_whole_site(indicator)),
        dead=tuple(_dead(indicator_set)),
        contradictions=tuple(contradictions(indicator_set)),
        questions=tuple(sorted(questions, key=_by_need)),
        left_out=lists.left_out,
        allow={of_class: tuple(listed) for of_class, listed in sorted(by_class.items())},
    )


def reason_text(reason: str) -> str:
    """Return why a row was refused, in the language in use."""
    return {
        RefusalReason.PRIVATE: _(
            "an address in a private range; use --accept-private to accept it"
        ),
        RefusalReason.RESERVED: _(
            "an address in a reserved range; use --accept-private to accept it"
        ),
        RefusalReason.PUBLIC_SUFFIX: _(
            "a public suffix under which anybody can register, not a single site"
        ),
        RefusalReason.OWN_RANGE: _("an address of your own network"),
        RefusalReason.TOO_WIDE: _("a network so wide that it would match every device"),
        RefusalReason.UNPARSABLE: _("not an address, network, name, web address or hash"),
        RefusalReason.EMPTY: _("the value is empty"),
        RefusalReason.OTHER_KIND: _("the list declares that this is not an address, name or hash"),
        RefusalReason.NOT_APPLIED: _(
            "a pattern, or a rule of several values, which is not applied"
        ),
        RefusalReason.CONTEXT: _("given for information, not as an indicator"),
        RefusalReason.NOT_FOR_DETECTION: _("not marked for detection by its sender (to_ids=false)"),
        RefusalReason.PATH_ONLY: _("a path without a host, which occurs on any site"),
        RefusalReason.EXCEPTION: _("the list names this value as an exception"),
        RefusalReason.EMPTY_FILE: _("the hash of the empty file, which is everywhere"),
        RefusalReason.MAIL_ADDRESS: _("an e-mail address"),
        RefusalReason.SENDER: _("the sender's own domain"),
        RefusalReason.REFERENCE: _("an address that the text cites as its source"),
        RefusalReason.UNCLEAR: _("it looks like an indicator, but a person must check it"),
        RefusalReason.DECIDED: _("dropped by a person's decision"),
    }[RefusalReason(reason)]


def _list_checks(indicator_set: IndicatorSet) -> Iterable[ListCheck]:
    by_list: dict[tuple[str, str], list[Refusal]] = {}
    for refusal in indicator_set.refusals:
        by_list.setdefault((refusal.origin.list_name, refusal.origin.list_sha256), []).append(
            refusal
        )
    for reading in indicator_set.readings:
        refusals = by_list.get((reading.list_name, reading.sha256), [])
        counted = Counter(str(refusal.reason) for refusal in refusals)
        yield ListCheck(reading, dict(sorted(counted.items())), tuple(refusals))


def _markings(table: IndicatorTable) -> dict[str, int]:
    counted: Counter[Tlp] = Counter()
    for claim, count in table.claim_counts():
        if claim.tlp is not None:
            counted[claim.tlp] += count
    return {level.value: counted[level] for level in Tlp if level in counted}


def _parents(table: IndicatorTable) -> Iterable[tuple[Indicator, int]]:
    names = table.simple_keys(IndicatorKind.NAME)
    others = [one for one in table.of_several() if one.kind is IndicatorKind.NAME]
    wide = {*names, *(one.key for one in others if one.rule is MatchRule.BELOW)}
    names += [indicator.key for indicator in others]
    below = Counter(parent for key in names for parent in parents_of(key) if parent in wide)
    for key, count in sorted(below.items(), key=lambda pair: (-pair[1], pair[0])):
        indicator = table.get(IndicatorKind.NAME, key)
        if indicator is not None:
            yield indicator, count


def _masked(indicators: Iterable[Indicator]) -> Iterable[tuple[Origin, str]]:
    for indicator in indicators:
        for origin in indicator.origins if indicator.kind is IndicatorKind.NETWORK else ():
            for word in origin.text.replace(",", " ").split():
                written = parse_network(refang(word)) if "/" in word else None
                if written is not None and written[1] and str(written[0]) == indicator.key:
                    yield origin, indicator.key


def _suffixes(refusals: Iterable[Refusal]) -> Iterable[tuple[Refusal, str]]:
    for refusal in refusals:
        if refusal.reason == RefusalReason.PUBLIC_SUFFIX:
            words = (word.strip(".*,;|") for word in refang(refusal.origin.text).lower().split())
            sections = (suffix_section(word) for word in words)
            yield refusal, next((section for section in sections if section), "icann")


_NEED = {AllowDecision.DROP: 0, AllowDecision.WATCH: 1, AllowDecision.KEEP: 2}


def _by_need(question: AllowQuestion) -> tuple[bool, int, str]:
    return not question.asked, _NEED[question.proposal], question.indicator.key


def _questions(
    indicator_set: IndicatorSet, met: Mapping[Place, tuple[AllowMatch, ...]], decisions: Decisions
) -> Iterable[AllowQuestion]:
    table = indicator_table(indicator_set)
    asked = {key for key, _kind in met}.union(decisions.valid, decisions.expired)
    for indicator in (one for key in sorted(asked) for one in table.of_key(key)):
        on = met.get((indicator.key, indicator.kind), ())
        valid, past = decisions.valid.get(indicator.key), decisions.expired.get(indicator.key)
        if on or valid is not None or past is not None:
            proposed = proposal(indicator, on)
            is_open = valid is None and (past is not None or proposed is not AllowDecision.KEEP)
            yield AllowQuestion(
                indicator, strongest_first(indicator, on), proposed, valid or past, is_open
            )


# Remains of defanging, the spellings that keep a link from being clicked.
_DEFANGED = re.compile(
    r"\bh(?:xx|\*\*|__)ps?\b|[\[({]\s?(?:\.|:|dot|chấm)\s?[\])}]|\w\[\.\w{2}", re.IGNORECASE
)
_DEFANGED_SIGNS = ("hxx", "h**", "h__", "[", "(", "{")
"""In a name in lower case one of them stands wherever `_DEFANGED` finds anything."""

_UNREAD = (
    RefusalReason.UNPARSABLE,
    RefusalReason.UNCLEAR,
    RefusalReason.OTHER_KIND,
    RefusalReason.NOT_APPLIED,
)


def _dead(indicator_set: IndicatorSet) -> Iterable[Origin]:
    for refusal in indicator_set.refusals:
        if refusal.reason in _UNREAD and _DEFANGED.search(refusal.value or refusal.origin.text):
            yield refusal.origin
    # In the key the sign is from defanging; the query of a page may contain such signs too.
    table = indicator_table(indicator_set)
    dead = [
        indicator
        for indicator in table.of_several()
        if indicator.kind in (IndicatorKind.URL, IndicatorKind.NAME)
        and _DEFANGED.search(indicator.key)
    ]
    for key in table.simple_keys(IndicatorKind.NAME):
        if any(sign in key for sign in _DEFANGED_SIGNS) and _DEFANGED.search(key):
            dead += [one for one in (table.get(IndicatorKind.NAME, key),) if one is not None]
    for indicator in in_order(dead):
        yield indicator.origins[0]

"""What `quetsach indicators check` tells of lists before they are used."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quetsach.addresses import parse_network
from quetsach.hostnames import suffix_section
from quetsach.indicators.allow import AllowLists, Place, meetings, tagged_with
from quetsach.indicators.allow_classes import Meeting, is_whole_site, proposal, strongest_first
from quetsach.indicators.contradictions import Contradiction, contradictions
from quetsach.indicators.decision import Decision, Verdict
from quetsach.indicators.decisions import Decisions, decided
from quetsach.indicators.defang import refang
from quetsach.indicators.model import (
    Indicator,
    IndicatorSet,
    Kind,
    ListReading,
    Origin,
    Refusal,
    Rule,
)
from quetsach.indicators.options import Reason
from quetsach.texts import _


@dataclass(frozen=True)
class ListCheck:
    """One list: how it was read, and the rows refused, counted by reason and one by one."""

    reading: ListReading
    by_reason: dict[str, int]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class Question:
    """An indicator that also stands on allow-lists: which, and what is proposed.

    Shapes: `decision` is the one that holds, or the last one where none holds any more (`asked`).
    """

    indicator: Indicator
    meetings: tuple[Meeting, ...]
    proposal: Verdict
    decision: Decision | None = None
    asked: bool = True


@dataclass(frozen=True)
class CheckReport:
    """What there is to know of a set of indicators.

    Shapes: `duplicates` stand in more than one row; `parents` are names with the count of other
    listed names below each; `masked` are rows whose network had host bits, with the network
    taken; `suffixes` are refused public suffixes with their section, "icann" or "private";
    `whole_sites` are web addresses without a path, which are met in logs of pages only;
    `dead` are rows in which something is written with the dots taken out, and nobody reads it;
    `questions` stand on allow-lists, those first that a person must still decide.
    """

    lists: tuple[ListCheck, ...]
    kinds: dict[str, int]
    duplicates: tuple[Indicator, ...]
    parents: tuple[tuple[Indicator, int], ...]
    masked: tuple[tuple[Origin, str], ...]
    suffixes: tuple[tuple[Refusal, str], ...]
    whole_sites: tuple[Indicator, ...]
    dead: tuple[Origin, ...]
    contradictions: tuple[Contradiction, ...]
    questions: tuple[Question, ...]
    left_out: tuple[str, ...]
    allow: dict[str, tuple[Indicator, ...]]

    @property
    def open_questions(self) -> int:
        """How many indicators a person must still decide on: those not simply to be kept."""
        return sum(one.asked for one in self.questions)


def check(
    indicator_set: IndicatorSet, allow: AllowLists | None = None, decisions: Decisions | None = None
) -> CheckReport:
    """Return what there is to know of `indicator_set` before it is used."""
    lists = AllowLists() if allow is None else allow
    made = Decisions() if decisions is None else decisions
    met = meetings(indicator_set, lists)
    questions = _questions(indicator_set, met, made)
    indicator_set = tagged_with(decided(indicator_set, made)[0], met)
    indicators = indicator_set.indicators
    by_class: dict[str, list[Indicator]] = {}
    for one in indicators:
        for of_class in one.allow_classes:
            by_class.setdefault(of_class, []).append(one)
    return CheckReport(
        lists=tuple(_list_checks(indicator_set)),
        kinds={kind.value: count for kind, count in sorted(_kinds(indicators).items())},
        duplicates=tuple(one for one in indicators if len(one.origins) > 1),
        parents=tuple(_parents(indicators)),
        masked=tuple(_masked(indicators)),
        suffixes=tuple(_suffixes(indicator_set.refusals)),
        whole_sites=tuple(one for one in indicators if is_whole_site(one)),
        dead=tuple(_dead(indicator_set)),
        contradictions=tuple(contradictions(indicator_set)),
        questions=tuple(sorted(questions, key=_by_need)),
        left_out=lists.left_out,
        allow={of_class: tuple(found) for of_class, found in sorted(by_class.items())},
    )


def reason_text(reason: str) -> str:
    """Return why a row was refused, in the language in use."""
    return {
        Reason.PRIVATE: _("an address of a private range; --accept-private takes it"),
        Reason.RESERVED: _("an address of a reserved range; --accept-private takes it"),
        Reason.PUBLIC_SUFFIX: _("a suffix under which anybody can register, not one site"),
        Reason.OWN_RANGE: _("an address of your own network"),
        Reason.TOO_WIDE: _("a network so wide that it would blame everybody"),
        Reason.UNPARSABLE: _("not one address, network, name, web address or hash"),
        Reason.EMPTY: _("nothing stands there"),
        Reason.OTHER_KIND: _("the list says itself that this is no address, name or hash"),
        Reason.NOT_APPLIED: _("a pattern, or a rule of several values, which is not applied"),
        Reason.CONTEXT: _("given for information, not to be looked for"),
        Reason.EXCEPTION: _("the list says that this one is not meant"),
        Reason.EMPTY_FILE: _("the hash of the empty file, which is everywhere"),
        Reason.MAIL_ADDRESS: _("an e-mail address"),
        Reason.SENDER: _("the sender's own domain"),
        Reason.REFERENCE: _("an address that the text refers to as its source"),
        Reason.UNCLEAR: _("it looks like an indicator, but a person must read it"),
        Reason.DECIDED: _("dropped by a person's decision"),
    }[Reason(reason)]


def _list_checks(indicator_set: IndicatorSet) -> Iterable[ListCheck]:
    by_list: dict[tuple[str, str], list[Refusal]] = {}
    for one in indicator_set.refusals:
        by_list.setdefault((one.origin.list_name, one.origin.list_sha256), []).append(one)
    for reading in indicator_set.readings:
        refusals = by_list.get((reading.list_name, reading.sha256), [])
        counted = Counter(str(one.reason) for one in refusals)
        yield ListCheck(reading, dict(sorted(counted.items())), tuple(refusals))


def _kinds(indicators: Iterable[Indicator]) -> Counter[Kind]:
    return Counter(one.kind for one in indicators)


def _parents(indicators: Iterable[Indicator]) -> Iterable[tuple[Indicator, int]]:
    names = {one.key: one for one in indicators if one.kind is Kind.NAME}
    below: Counter[str] = Counter()
    for key in names:
        parent = key.partition(".")[2]
        while parent:
            if parent in names and names[parent].rule is Rule.BELOW:
                below[parent] += 1
            parent = parent.partition(".")[2]
    for key, count in sorted(below.items(), key=lambda pair: (-pair[1], pair[0])):
        yield names[key], count


def _masked(indicators: Iterable[Indicator]) -> Iterable[tuple[Origin, str]]:
    for one in indicators:
        for origin in one.origins if one.kind is Kind.NETWORK else ():
            for word in origin.text.replace(",", " ").split():
                written = parse_network(refang(word)) if "/" in word else None
                if written is not None and written[1] and str(written[0]) == one.key:
                    yield origin, one.key


def _suffixes(refusals: Iterable[Refusal]) -> Iterable[tuple[Refusal, str]]:
    for one in refusals:
        if one.reason == Reason.PUBLIC_SUFFIX:
            words = (word.strip(".*,;|") for word in refang(one.origin.text).lower().split())
            sections = (suffix_section(word) for word in words)
            yield one, next((section for section in sections if section), "icann")


_NEED = {Verdict.DROP: 0, Verdict.WATCH: 1, Verdict.KEEP: 2}


def _by_need(one: Question) -> tuple[bool, int, str]:
    return not one.asked, _NEED[one.proposal], one.indicator.key


def _questions(
    indicator_set: IndicatorSet, met: Mapping[Place, tuple[Meeting, ...]], made: Decisions
) -> Iterable[Question]:
    for one in indicator_set.indicators:
        on = met.get((one.key, one.kind), ())
        valid, past = made.valid.get(one.key), made.expired.get(one.key)
        if on or valid is not None or past is not None:
            proposed = proposal(one, on)
            asked = valid is None and (past is not None or proposed is not Verdict.KEEP)
            yield Question(one, strongest_first(one, on), proposed, valid or past, asked)


# What is left of the ways in which lists take the dots out, so that nobody clicks.
_DEFANGED = re.compile(
    r"\bh(?:xx|\*\*|__)ps?\b|[\[({]\s?(?:\.|:|dot|chấm)\s?[\])}]|\w\[\.\w{2}", re.IGNORECASE
)
_UNREAD = (Reason.UNPARSABLE, Reason.UNCLEAR, Reason.OTHER_KIND, Reason.NOT_APPLIED)


def _dead(indicator_set: IndicatorSet) -> Iterable[Origin]:
    for one in indicator_set.refusals:
        if one.reason in _UNREAD and _DEFANGED.search(one.value or one.origin.text):
            yield one.origin
    for found in indicator_set.indicators:
        # In the key it was meant for us; a page's own query may write such signs as well.
        if found.kind in (Kind.URL, Kind.NAME) and _DEFANGED.search(found.key):
            yield found.origins[0]

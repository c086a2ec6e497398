"""Report of `quetsach indicators check` on lists before they are used."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_network

from quetsach.addresses import parse_address, parse_network
from quetsach.hostnames import suffix_section
from quetsach.indicators.allow.classes import AllowMatch, is_whole_site, proposal, strongest_first
from quetsach.indicators.allow.lists import AllowLists, Place, find_allow_matches, tag_matches
from quetsach.indicators.lookup import PrefixTable
from quetsach.indicators.model import (
    AllowDecision,
    Decision,
    Indicator,
    IndicatorClass,
    IndicatorKind,
    IndicatorSet,
    IndicatorStatus,
    ListReading,
    MatchRule,
    Origin,
    Refusal,
    Tlp,
)
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.releases.decisions import Decisions, apply_decisions
from quetsach.indicators.text.defang import refang
from quetsach.indicators.values import parse_value
from quetsach.texts import _


class ContradictionKind(StrEnum):
    """The property over which sources contradict each other."""

    CLASS = "class"
    FAMILY = "family"
    STATUS = "status"
    RULE = "rule"
    NETWORK = "network"
    EXCEPTION = "exception"
    DATES = "dates"
    REPLACEMENT = "replacement"


@dataclass(frozen=True)
class Contradiction:
    """An indicator with contradictory claims: the claims, and the rows that make them."""

    clash: ContradictionKind
    indicator: Indicator
    said: tuple[str, ...]
    origins: tuple[Origin, ...]


def contradictions(indicator_set: IndicatorSet) -> Iterator[Contradiction]:
    """Return the contradictions between the sources of the set, by kind."""
    several = [indicator for indicator in indicator_set.indicators if len(indicator.origins) > 1]
    for clash, say in _SAYINGS:
        for indicator in several:
            contradiction = _differing(indicator, clash, say)
            if contradiction is not None:
                yield contradiction
    yield from _in_networks(indicator_set.indicators)
    yield from _excepted(indicator_set)
    yield from _wrong_dates(indicator_set.indicators)
    yield from _lost_replacements(indicator_set.indicators)


def _class(origin: Origin) -> str:
    of_class = origin.claim.of_class
    return "" if of_class is IndicatorClass.UNKNOWN else of_class.value


def _family(origin: Origin) -> str:
    return origin.claim.family


def _life(origin: Origin) -> str:
    # Expired does not contradict active: sources have different dates.
    status = origin.claim.status
    return IndicatorStatus.ACTIVE.value if status is IndicatorStatus.EXPIRED else status.value


def _rule(origin: Origin) -> str:
    # Without a rule of its own a list means a name and all names below it.
    return (origin.rule or MatchRule.BELOW).value


_SAYINGS: tuple[tuple[ContradictionKind, Callable[[Origin], str]], ...] = (
    (ContradictionKind.CLASS, _class),
    (ContradictionKind.FAMILY, _family),
    (ContradictionKind.STATUS, _life),
    (ContradictionKind.RULE, _rule),
)


def _differing(
    indicator: Indicator, clash: ContradictionKind, say: Callable[[Origin], str]
) -> Contradiction | None:
    if clash is ContradictionKind.RULE and indicator.kind is not IndicatorKind.NAME:
        return None
    statements: dict[str, tuple[str, Origin]] = {}
    for origin in indicator.origins:
        word = say(origin)
        if word:
            statements.setdefault(word.casefold(), (word, origin))
    if len(statements) < 2:
        return None
    words, origins = zip(*statements.values(), strict=True)
    return Contradiction(clash, indicator, tuple(words), tuple(origins))


def _in_networks(indicators: Iterable[Indicator]) -> Iterator[Contradiction]:
    """Return addresses inside a listed network of another class."""
    classed = [
        indicator
        for indicator in indicators
        if indicator.claim.of_class is not IndicatorClass.UNKNOWN
    ]
    networks = PrefixTable(
        (ip_network(indicator.key), indicator)
        for indicator in classed
        if indicator.kind is IndicatorKind.NETWORK
    )
    for indicator in classed:
        if indicator.kind is not IndicatorKind.ADDRESS:
            continue
        bare = (
            indicator.key
            if indicator.port is None
            else indicator.key.rpartition(":")[0].strip("[]")
        )
        address = parse_address(bare)
        for network in networks.holding(address) if address is not None else ():
            if network.claim.of_class is not indicator.claim.of_class:
                statements = (
                    indicator.claim.of_class.value,
                    f"{network.claim.of_class.value} ({network.key})",
                )
                yield Contradiction(
                    ContradictionKind.NETWORK,
                    indicator,
                    statements,
                    indicator.origins[:1] + network.origins[:1],
                )


_WORD = re.compile(r"[^\s|^@$,;]{3,255}")


def _excepted(indicator_set: IndicatorSet) -> Iterator[Contradiction]:
    """Return indicators that another row excludes."""
    rows = [
        refusal.origin
        for refusal in indicator_set.refusals
        if refusal.reason == RefusalReason.EXCEPTION
    ]
    if not rows:
        return
    listed = {indicator.key: indicator for indicator in indicator_set.indicators}
    options = ListOptions(accept_private=True)
    for origin in rows:
        words = _WORD.findall(origin.text)
        keys = {value.key for word in words for value in parse_value(word, options).values}
        for key in sorted(keys & listed.keys()):
            statements = ("listed", "exception")
            origins = (listed[key].origins[0], origin)
            yield Contradiction(ContradictionKind.EXCEPTION, listed[key], statements, origins)


def _wrong_dates(indicators: Iterable[Indicator]) -> Iterator[Contradiction]:
    for indicator in indicators:
        begin, end = indicator.claim.valid_from_us, indicator.claim.valid_until_us
        if begin is not None and end is not None and end < begin:
            yield Contradiction(
                ContradictionKind.DATES,
                indicator,
                ("valid_until < valid_from",),
                indicator.origins[:1],
            )


def _lost_replacements(indicators: Iterable[Indicator]) -> Iterator[Contradiction]:
    """Return replaced indicators whose replacement is not matched."""
    replaced = [
        indicator for indicator in indicators if indicator.claim.status is IndicatorStatus.REPLACED
    ]
    met = {indicator.key for indicator in indicators if indicator.is_met} if replaced else set()
    for indicator in replaced:
        if indicator.claim.replaced_by not in met:
            statements = (indicator.key, indicator.claim.replaced_by or "-")
            yield Contradiction(
                ContradictionKind.REPLACEMENT, indicator, statements, indicator.origins[:1]
            )


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
    indicators = indicator_set.indicators
    by_class: dict[str, list[Indicator]] = {}
    for indicator in indicators:
        for of_class in indicator.allow_classes:
            by_class.setdefault(of_class, []).append(indicator)
    return CheckReport(
        lists=tuple(_list_checks(indicator_set)),
        kinds={kind.value: count for kind, count in sorted(_kinds(indicators).items())},
        markings=_markings(indicators),
        duplicates=tuple(indicator for indicator in indicators if len(indicator.origins) > 1),
        parents=tuple(_parents(indicators)),
        masked=tuple(_masked(indicators)),
        suffixes=tuple(_suffixes(indicator_set.refusals)),
        whole_sites=tuple(indicator for indicator in indicators if is_whole_site(indicator)),
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


def _kinds(indicators: Iterable[Indicator]) -> Counter[IndicatorKind]:
    return Counter(indicator.kind for indicator in indicators)


def _markings(indicators: Iterable[Indicator]) -> dict[str, int]:
    counted = Counter(indicator.claim.tlp for indicator in indicators)
    return {level.value: counted[level] for level in Tlp if level in counted}


def _parents(indicators: Iterable[Indicator]) -> Iterable[tuple[Indicator, int]]:
    names = {
        indicator.key: indicator for indicator in indicators if indicator.kind is IndicatorKind.NAME
    }
    below: Counter[str] = Counter()
    for key in names:
        parent = key.partition(".")[2]
        while parent:
            if parent in names and names[parent].rule is MatchRule.BELOW:
                below[parent] += 1
            parent = parent.partition(".")[2]
    for key, count in sorted(below.items(), key=lambda pair: (-pair[1], pair[0])):
        yield names[key], count


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
    for indicator in indicator_set.indicators:
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
    for indicator in indicator_set.indicators:
        # In the key the sign is from defanging; the query of a page may contain such signs too.
        if indicator.kind in (IndicatorKind.URL, IndicatorKind.NAME) and _DEFANGED.search(
            indicator.key
        ):
            yield indicator.origins[0]

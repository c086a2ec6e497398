"""The context in which a notice is traced: the questions that evidence answers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from quetsach.attribution.model import (
    AttributionStep,
    Certainty,
    InsideEndpoint,
    OutsideEndpoint,
    RecordPlace,
    RivalDevice,
)
from quetsach.indicators.model import (
    Claim,
    Indicator,
    IndicatorKind,
    IndicatorSet,
    MatchRule,
    Origin,
    Refusal,
    merge_indicators,
)
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.text.stance import is_for_everybody, is_source
from quetsach.indicators.values import parse_value
from quetsach.inventory.model import NetworkRole
from quetsach.notices.model import Notice, NoticeFile, RecordKind
from quetsach.scanning.grades import SightingGrade


@dataclass(frozen=True)
class NamedDevice:
    """The device that held an inside address at a time, and how that is known.

    Shapes: `steps` lead from the address to the device (lease, neighbour, inventory, override);
    `duty` is other than ORDINARY or SERVER where the device only passes on what others ask.
    """

    device: str
    address: str
    grade: Certainty
    rivals: tuple[RivalDevice, ...] = ()
    steps: tuple[AttributionStep, ...] = ()
    duty: NetworkRole = NetworkRole.ORDINARY


@dataclass(frozen=True)
class ObservedContact:
    """An inside address reached a destination, as a log inside saw it.

    Shapes: `address` and `port` are the inside end; `remote_address`, `remote_port` and
    `remote_name` the other, as far as the record says; `dataset` is the kind of record, such as
    zeek.conn; `unit` is "" where nothing tells it.
    Units: us since 1970, UTC; None where the record has no time; `end_us` is set where the record
    tells how long the contact lasted.
    """

    address: str
    port: int | None
    when_us: int | None
    grade: SightingGrade
    place: RecordPlace
    dataset: str
    remote_address: str = ""
    remote_port: int | None = None
    remote_name: str = ""
    transport: str = ""
    unit: str = ""
    end_us: int | None = None


class TraceContext(Protocol):
    """Evidence, inventory and network plan, as far as they concern notices."""

    def is_ours(self, address: str) -> bool | None:
        """Return whether the public `address` is one of ours; None where nobody said which are."""

    def unit_of_public(self, address: str) -> str:
        """Return the unit whose public address it is, "" where nothing tells it."""

    def translations(self, outside: OutsideEndpoint) -> list[tuple[InsideEndpoint, ...]]:
        """Return each chain of translations that can be meant, from the outermost inwards.

        Those that were in force at some time from `when_us` to `until_us` (at `when_us` alone
        where that is None; at any time where both are), without any slack of their own. A port
        that is None stands for all ports; a record that does not say its remote fits any remote.
        The last of a chain is the inside address; a chain through two translators has two.
        """

    def translates(self, address: str) -> bool:
        """Return whether any record, of any time, translates to the public `address`.

        It is asked for each notice without answer, so that it should cost a look-up.
        """

    def holder(
        self, address: str, port: int | None, when_us: int | None, slack_us: int
    ) -> NamedDevice | None:
        """Return the device that held the inside `address`; None where no record speaks of it.

        `slack_us` is how far the clocks may be apart; `port` serves where machines share one.
        """

    def contacts(
        self, remote: tuple[str, int | None, str], from_us: int | None, until_us: int | None
    ) -> list[ObservedContact]:
        """Return what reached `remote` (address, port, name) at some time in that window.

        An empty address or name is not looked for; one of both is enough. The port does not
        leave out a contact, for a log may not have it; None times are open ends.
        """

    def covering(
        self, kind: RecordKind, from_us: int | None, until_us: int | None
    ) -> tuple[str, ...]:
        """Return the sources with records of `kind` that span some of that time, by their paths."""


MOST_ORIGINS = 20
"""So many rows are kept with a destination; thousands of notices may name one sinkhole."""


def targets_of(files: Iterable[NoticeFile], *, accept_private: bool = False) -> IndicatorSet:
    """Return the destinations that the notices name: addresses without port, names exactly.

    A name that everybody visits is refused: what a bot writes as the host is its own choice, and
    such a name would make a candidate of every machine.
    """
    options = ListOptions(accept_private=accept_private)
    indicators_by_key: dict[tuple[str, IndicatorKind], Indicator] = {}
    refusals: list[Refusal] = []
    refused: set[str] = set()
    for file in files:
        for notice in file.notices:
            for text in _destinations(notice):
                origin = Origin(file.path, file.sha256, notice.row or notice.number, text)
                if text in refused:
                    continue
                indicator = _indicator(text, notice, origin, options)
                if isinstance(indicator, RefusalReason):
                    refused.add(text)
                    refusals.append(Refusal(origin, indicator, text))
                else:
                    _add(indicators_by_key, indicator)
    indicators = tuple(indicators_by_key[key] for key in sorted(indicators_by_key))
    return IndicatorSet(indicators, tuple(refusals))


def _destinations(notice: Notice) -> Iterator[str]:
    yield from (one for one in (notice.remote_address, notice.remote_name) if one)


def _indicator(
    text: str, notice: Notice, origin: Origin, options: ListOptions
) -> Indicator | RefusalReason:
    if is_for_everybody(text) or is_source(text):
        return RefusalReason.REFERENCE
    parsed = parse_value(text, options)
    if not parsed.values:
        return parsed.reason or RefusalReason.UNPARSABLE
    parsed_value = parsed.values[0]
    rule = MatchRule.EXACT if parsed_value.kind is IndicatorKind.NAME else parsed_value.rule
    claim = Claim(family=notice.family)
    return Indicator(
        parsed_value.key,
        parsed_value.shown,
        parsed_value.kind,
        rule,
        parsed_value.port,
        claim=claim,
        origins=(origin,),
    )


def _add(indicators: dict[tuple[str, IndicatorKind], Indicator], indicator: Indicator) -> None:
    key = (indicator.key, indicator.kind)
    before = indicators.get(key)
    if before is None:
        indicators[key] = indicator
    elif len(before.origins) < MOST_ORIGINS:
        both = merge_indicators(before, indicator)
        origins = tuple(dict.fromkeys((*before.origins, *indicator.origins)))
        indicators[key] = Indicator(
            both.key, both.shown, both.kind, both.rule, both.port, both.claim, origins
        )

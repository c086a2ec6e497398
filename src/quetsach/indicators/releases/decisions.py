"""Decisions about indicators: an append-only file, and their effect on a set."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
from msgspec import structs

from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.indicators.allow.classes import WATCH_ONLY
from quetsach.indicators.indicator_set import IndicatorTable, indicator_table
from quetsach.indicators.model import (
    AllowDecision,
    Decision,
    Indicator,
    IndicatorSet,
    ListReading,
    Refusal,
)
from quetsach.indicators.options import RefusalReason
from quetsach.texts import _

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Decisions:
    """Decisions by key, as valid at one moment; `expired` ones must be renewed."""

    valid: dict[str, Decision] = field(default_factory=dict)
    expired: dict[str, Decision] = field(default_factory=dict)


def read_decisions(path: Path, at_us: int) -> Decisions:
    """Return the decisions in the file `path` at the moment `at_us`; none where there is no file.

    Of several valid ones on a key the last counts; a last line that a stopped run left torn is
    left out with a warning. Errors: E226 for a file or line not sound.
    """
    if not path.exists():
        return Decisions()
    # A sweep without decisions loads nothing for them.
    from quetsach.appended_lines import without_torn_line

    try:
        raw = path.read_bytes()
    except OSError as error:
        raise QuetsachError("E226", str(path), reason=error.strerror or str(error)) from error
    whole = without_torn_line(raw)
    if len(whole) < len(raw):
        reason = _("its last line was cut off while it was written; it is left out")
        _LOG.warning("%s", Problem("E226", str(path), {"reason": reason}))
    valid: dict[str, Decision] = {}
    last: dict[str, Decision] = {}
    for number, line in enumerate(whole.split(b"\n"), start=1):
        if line.strip():
            decision = _decision(line, path, number)
            last[decision.key] = decision
            if at_us <= decision.until_us:
                valid[decision.key] = decision
    return Decisions(valid, {key: decision for key, decision in last.items() if key not in valid})


def append_decisions(path: Path, decisions: Iterable[Decision]) -> None:
    """Append `decisions` to the file `path`.

    Errors: E226 when it cannot be written.
    """
    from quetsach.appended_lines import append_lines

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        append_lines(path, decision_lines(decisions))
    except OSError as error:
        raise QuetsachError("E226", str(path), reason=error.strerror or str(error)) from error


def decision_lines(decisions: Iterable[Decision]) -> bytes:
    """Return `decisions` as lines of the file."""
    return b"".join(msgspec.json.encode(decision) + b"\n" for decision in decisions)


def apply_decisions(
    indicator_set: IndicatorSet, decisions: Decisions
) -> tuple[IndicatorSet, tuple[Indicator, ...]]:
    """Return the set with the decisions applied, and the indicators that they drop.

    A kept indicator loses its allow classes, a watched one gets the class `watch-only`; the rows
    of dropped ones are among the refusals.
    """
    if not decisions.valid:
        return indicator_set, ()
    table = indicator_table(indicator_set)
    marked: list[Indicator] = []
    dropped: list[Indicator] = []
    for key, decision in sorted(decisions.valid.items()):
        for indicator in table.of_key(key):
            if decision.verdict is AllowDecision.DROP:
                dropped.append(indicator)
            else:
                marked.append(_marked(indicator, decision.verdict))
    kept = table.changed(marked, dropped)
    refused = tuple(
        Refusal(origin, RefusalReason.DECIDED)
        for indicator in dropped
        for origin in indicator.origins
    )
    decided_set = replace(
        indicator_set,
        indicators=kept,
        refusals=indicator_set.refusals + refused,
        readings=tuple(_counted(indicator_set.readings, kept, dropped)),
    )
    return decided_set, tuple(dropped)


def _counted(
    readings: Iterable[ListReading], kept: IndicatorTable, dropped: Iterable[Indicator]
) -> Iterator[ListReading]:
    """Return the readings, with rows whose indicators were dropped counted as refused."""
    rows = _rows(dropped)
    # A row of a simple value gives that indicator alone.
    lost = rows - _rows(kept.of_several()) if rows else rows
    by_list = Counter((name, sha256) for name, sha256, _row in lost)
    for reading in readings:
        count = by_list[reading.list_name, reading.sha256]
        yield replace(reading, taken=reading.taken - count, refused=reading.refused + count)


def _rows(indicators: Iterable[Indicator]) -> set[tuple[str, str, int]]:
    return {
        (origin.list_name, origin.list_sha256, origin.row)
        for indicator in indicators
        for origin in indicator.origins
    }


def _marked(indicator: Indicator, verdict: AllowDecision) -> Indicator:
    if verdict is AllowDecision.KEEP:
        return structs.replace(indicator, decided=verdict.value, allow_classes=())
    classes = tuple(sorted({*indicator.allow_classes, WATCH_ONLY}))
    return structs.replace(indicator, decided=verdict.value, allow_classes=classes)


def _decision(line: bytes, path: Path, number: int) -> Decision:
    where = f"{path}:{number}"
    try:
        decision = msgspec.json.decode(line, type=Decision)
        decision.until_us  # noqa: B018 - an invalid date is reported here, with its line
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError) as error:
        raise QuetsachError("E226", where, reason=str(error)) from error
    if not decision.reason.strip():
        raise QuetsachError("E226", where, reason=_("a decision needs a reason"))
    return decision

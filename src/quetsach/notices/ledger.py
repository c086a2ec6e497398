"""The account of what an authority sent: each item has one outcome, and the sums agree."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quetsach.notices.model import Notice, NoticeFile, NoticeTrace, TraceOutcome

MOST_REPEATS = 1_000
"""So many repeated notices are named; the count is of all."""

_HITS = (TraceOutcome.DEVICE, TraceOutcome.CANDIDATES)


@dataclass(frozen=True)
class NoticeAccount:
    """One file of notices: how many items it has, and how many of them have which outcome."""

    path: str
    form: str
    sha256: str
    items: int
    outcomes: Mapping[TraceOutcome, int]

    def __post_init__(self) -> None:
        assert self.items == sum(self.outcomes.values()), self.path

    @property
    def hits(self) -> int:
        """Items for which a device or candidates were found."""
        return sum(self.outcomes[one] for one in _HITS)


@dataclass(frozen=True)
class RepeatedNotice:
    """One notice that was sent more than once: each place as (file, number of the item)."""

    address: str
    places: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class NoticeLedger:
    """The accounts of all files, and the notices that were sent more than once."""

    accounts: tuple[NoticeAccount, ...]
    repeats: tuple[RepeatedNotice, ...]
    repeated: int

    @property
    def items(self) -> int:
        """All items of all files."""
        return sum(one.items for one in self.accounts)


def ledger_of(files: Sequence[NoticeFile], traces: Iterable[NoticeTrace]) -> NoticeLedger:
    """Return the account of `files`, of which every item was traced.

    Errors: AssertionError where an item has no outcome, or more than one: a fault of ours.
    """
    counts: dict[str, Counter[TraceOutcome]] = {file.path: Counter() for file in files}
    places: dict[tuple[object, ...], list[tuple[str, int]]] = {}
    for trace in traces:
        counts[trace.notice.path][trace.outcome] += 1
        if isinstance(trace.notice, Notice):
            where = (trace.notice.path, trace.notice.number)
            places.setdefault(_same(trace.notice), []).append(where)
    accounts = tuple(
        NoticeAccount(
            file.path,
            file.form,
            file.sha256,
            file.items,
            {outcome: counts[file.path][outcome] for outcome in TraceOutcome},
        )
        for file in files
    )
    repeats = [
        RepeatedNotice(str(key[0]), tuple(found)) for key, found in places.items() if len(found) > 1
    ]
    return NoticeLedger(accounts, tuple(repeats[:MOST_REPEATS]), len(repeats))


def _same(notice: Notice) -> tuple[object, ...]:
    """Return what two notices of one event have in common, whatever their sender."""
    return (
        notice.address,
        notice.port,
        notice.when_us,
        notice.end_us,
        notice.remote_address,
        notice.remote_port,
        notice.remote_name,
    )


def ledger_json(ledger: NoticeLedger) -> dict[str, Any]:
    """Return the ledger as `trace --json` prints it.

    Shapes: for each file and in all: `items`; the six outcomes, whose sum is `items`; `hit` =
    device + candidates and `no_hit` = cannot-tell, so that hit + no_hit + no-data + not-ours +
    rejected is `items` too. `repeats` names notices that stand in several places.
    """
    total: Counter[TraceOutcome] = Counter()
    for account in ledger.accounts:
        total.update(account.outcomes)
    assert ledger.items == total.total()
    return {
        **_counts(ledger.items, total),
        "files": [
            {
                "path": account.path,
                "form": account.form,
                "sha256": account.sha256,
                **_counts(account.items, account.outcomes),
            }
            for account in ledger.accounts
        ],
        "repeated": ledger.repeated,
        "repeats": [
            {
                "address": repeat.address,
                "places": [{"path": path, "number": number} for path, number in repeat.places],
            }
            for repeat in ledger.repeats
        ],
    }


def _counts(items: int, outcomes: Mapping[TraceOutcome, int]) -> dict[str, int]:
    return {
        "items": items,
        **{outcome.value: outcomes.get(outcome, 0) for outcome in TraceOutcome},
        "hit": sum(outcomes.get(one, 0) for one in _HITS),
        "no_hit": outcomes.get(TraceOutcome.CANNOT_TELL, 0),
    }

"""A push to one server: what is new is sent, what was sent is taken back, each noted at once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.pushes.contract import Outgoing, PushFate, PushOutcome, PushReceiver
from quetsach.pushes.ledger import PushLedger

Sent = TypeVar("Sent", Outgoing, PushOutcome)


@dataclass
class PushTotals:
    """What became of each sighting in one push.

    Shapes: `done` were taken, or taken back; `before` was so already; `withdrawn` was taken back
    once and is not sent again; `unknown` are those whose indicator the server does not know;
    `unsent` those that were not tried any more after `problem`; `why` is the first refusal.
    """

    done: int = 0
    before: int = 0
    withdrawn: int = 0
    unknown: int = 0
    refused: int = 0
    unsent: int = 0
    why: str = ""
    problem: Problem | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left to be sent that the server could take."""
        return self.problem is None and not self.refused

    def add(self, outcomes: Iterable[PushOutcome]) -> None:
        """Count what the server said."""
        for outcome in outcomes:
            if outcome.fate is PushFate.REFUSED:
                self.refused += 1
                self.why = self.why or outcome.reason
            elif outcome.fate is PushFate.UNKNOWN:
                self.unknown += 1
            else:
                self.done += 1


def new_sightings(
    outgoing: Iterable[Outgoing], ledger: PushLedger, totals: PushTotals, *, again: bool
) -> Iterator[Outgoing]:
    """Yield what is to be sent and count the rest; `again` also what was taken back before."""
    numbers_so_far: set[str] = set()
    for sighting in outgoing:
        earlier = ledger.known(sighting.number)
        if earlier is not None and earlier.fate is PushFate.SENT:
            totals.before += 1
        elif earlier is not None and not again:
            totals.withdrawn += 1
        elif sighting.number not in numbers_so_far:
            numbers_so_far.add(sighting.number)
            yield sighting


def sent_sightings(
    numbers: Iterable[str], ledger: PushLedger, totals: PushTotals
) -> Iterator[PushOutcome]:
    """Yield those that were sent, and count those that were taken back already."""
    numbers_so_far: set[str] = set()
    for number in numbers:
        earlier = ledger.known(number)
        if earlier is None or number in numbers_so_far:
            continue
        numbers_so_far.add(number)
        if earlier.fate is PushFate.SENT:
            yield earlier
        else:
            totals.before += 1


def send_new(
    receiver: PushReceiver,
    sightings: Iterable[Outgoing],
    ledger: PushLedger,
    totals: PushTotals,
    now: Callable[[], str],
) -> None:
    """Send `sightings` in batches; what was taken is noted before the next batch goes.

    Errors: E406 where the ledger cannot be written. What the server does stands in `totals`.
    """
    _in_batches(receiver.send, sightings, receiver.most_at_once, ledger, totals, now)


def take_back(
    receiver: PushReceiver,
    sent: Iterable[PushOutcome],
    ledger: PushLedger,
    totals: PushTotals,
    now: Callable[[], str],
) -> None:
    """Take `sent` back in batches. Errors: as `send_new`."""
    _in_batches(receiver.take_back, sent, receiver.most_at_once, ledger, totals, now)


def _in_batches(
    act: Callable[[Sequence[Sent]], Iterator[Sequence[PushOutcome]]],
    sightings: Iterable[Sent],
    most: int,
    ledger: PushLedger,
    totals: PushTotals,
    now: Callable[[], str],
) -> None:
    passing = iter(sightings)
    while batch := list(islice(passing, most)):
        if totals.problem is not None:
            totals.unsent += len(batch)
            continue
        answered = 0
        steps = act(batch)
        while True:
            try:
                outcomes = next(steps, None)
            except QuetsachError as error:
                totals.problem = error.problem
                totals.unsent += len(batch) - answered
                break
            if outcomes is None:
                break
            ledger.note(outcomes, now())
            totals.add(outcomes)
            answered += len(outcomes)

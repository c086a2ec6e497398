"""A push in batches: each outcome is noted at once, and the rest is counted when it ends early."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from quetsach.errors.exceptions import QuetsachError
from quetsach.pushes.contract import Outgoing, PushFate, PushOutcome
from quetsach.pushes.ledger import PushLedger
from quetsach.pushes.running import PushTotals, new_sightings, send_new, sent_sightings, take_back

ALL = [Outgoing(f"n{number}", b"") for number in range(7)]


class Breaking:
    """Takes three at once, each by itself, and breaks off at one number."""

    most_at_once = 3

    def __init__(self, breaks_at: str = "") -> None:
        self.breaks_at, self.taken = breaks_at, list[str]()

    def send(self, batch: Sequence[Outgoing]) -> Iterator[Sequence[PushOutcome]]:
        for outgoing in batch:
            if outgoing.number == self.breaks_at:
                raise QuetsachError("E213", "x", reason="gone")
            self.taken.append(outgoing.number)
            yield [PushOutcome(outgoing.number, PushFate.SENT, ("r",))]

    def take_back(self, batch: Sequence[PushOutcome]) -> Iterator[Sequence[PushOutcome]]:
        for outcome in batch:
            assert outcome.refs == ("r",)
            yield [PushOutcome(outcome.number, PushFate.TAKEN_BACK)]


def ledger(tmp_path: Path) -> PushLedger:
    return PushLedger(tmp_path, "webhook", "https://a.example/", "https://a.example/")


def run(tmp_path: Path, receiver: Breaking, *, again: bool = False) -> PushTotals:
    totals, kept = PushTotals(), ledger(tmp_path)
    send_new(receiver, new_sightings(ALL, kept, totals, again=again), kept, totals, lambda: "now")
    return totals


def test_a_push_that_breaks_off_is_gone_on_with(tmp_path: Path) -> None:
    first, second = Breaking("n4"), Breaking()
    broken = run(tmp_path, first)
    assert (broken.done, broken.unsent, broken.is_whole) == (4, 3, False)
    whole = run(tmp_path, second)
    assert (whole.done, whole.before, whole.is_whole) == (3, 4, True)
    assert first.taken + second.taken == [outgoing.number for outgoing in ALL]


def test_what_comes_twice_is_sent_once(tmp_path: Path) -> None:
    totals, kept = PushTotals(), ledger(tmp_path)
    assert list(new_sightings([*ALL, *ALL], kept, totals, again=False)) == ALL


def test_what_was_taken_back_is_not_sent_unless_asked(tmp_path: Path) -> None:
    run(tmp_path, Breaking())
    totals, kept = PushTotals(), ledger(tmp_path)
    sent = sent_sightings(["n1", "n1", "n5", "unknown"], kept, totals)
    take_back(Breaking(), sent, kept, totals, lambda: "now")
    assert totals.done == 2
    quiet = run(tmp_path, Breaking())
    assert (quiet.done, quiet.before, quiet.withdrawn) == (0, 5, 2)
    loud = run(tmp_path, Breaking(), again=True)
    assert (loud.done, loud.before) == (2, 5)


def test_refusals_are_counted_with_the_first_reason() -> None:
    totals = PushTotals()
    refused = [PushOutcome(str(number), PushFate.REFUSED, reason=f"r{number}") for number in (1, 2)]
    totals.add([*refused, PushOutcome("3", PushFate.UNKNOWN)])
    assert (totals.refused, totals.why, totals.unknown, totals.is_whole) == (2, "r1", 1, False)

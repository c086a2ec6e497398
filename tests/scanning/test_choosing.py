"""The choice of lines: each for its reason, the same however a log is cut."""

import pytest

from quetsach.formats.contract import LogLayout
from quetsach.scanning import choosing
from quetsach.scanning.choosing import ChosenLine, LineChooser
from quetsach.sieve.contract import SieveResult

LINES = b"one\ntwo\n\nfour\n"


def _chosen(
    chooser: LineChooser,
    segment: bytes,
    base: int = 0,
    *,
    candidates: tuple[tuple[int, int], ...] = (),
    marker: bytes | None = None,
) -> list[ChosenLine]:
    layout = LogLayout("any", marker=marker)
    scan = SieveResult(segment.count(b"\n"), list(candidates), [])
    return chooser.choose(segment, len(segment), base, scan, layout)


def _no_head() -> LineChooser:
    return LineChooser(has_head=False, sample_bytes=1 << 20)


def test_a_candidate_stays_one_when_the_line_is_chosen_for_another_reason_too() -> None:
    chooser = LineChooser(has_head=True, sample_bytes=1 << 20)
    chosen = _chosen(chooser, LINES, candidates=((4, 7),))
    assert chosen == [(0, (3, False)), (4, (7, True)), (8, (8, False)), (9, (13, False))]


def test_the_head_is_chosen_once_over_all_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "HEAD_LINES", 5)
    chooser = LineChooser(has_head=True, sample_bytes=1 << 20)
    assert len(_chosen(chooser, LINES)) == 4
    assert [start for start, _ in _chosen(chooser, LINES, len(LINES))] == [0]
    assert _chosen(chooser, LINES, 2 * len(LINES)) == []
    assert chooser.head_offsets == {0, 4, 8, 9, len(LINES)}


def test_of_a_log_of_leases_every_filled_line_is_chosen() -> None:
    assert [start for start, _ in _chosen(_no_head(), LINES, 1, marker=b"")] == [0, 4, 9]


def test_a_last_line_without_end_is_chosen() -> None:
    assert _chosen(_no_head(), LINES + b"fi", 1) == [(14, (16, False))]
    assert _chosen(_no_head(), LINES, 1) == []


def test_samples_lie_at_the_same_offsets_however_a_log_is_cut() -> None:
    log = b"".join(b"line %d\n" % number for number in range(200))
    chooser = LineChooser(has_head=False, sample_bytes=100)
    whole = {start for start, _ in _chosen(chooser, log)}
    assert len(whole) == len(range(0, len(log), 100))
    for cut in (log.index(b"line 50\n"), log.index(b"line 77\n")):
        parts = {start for start, _ in _chosen(chooser, log[:cut])}
        parts |= {cut + start for start, _ in _chosen(chooser, log[cut:], cut)}
        assert parts == whole

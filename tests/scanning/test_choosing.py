"""The choice of lines: each for its reason, the same however a log is cut."""

from quetsach.scanning.choosing import LineChooser
from quetsach.sieve.contract import LineChoice, SieveResult

LINES = b"one\ntwo\n\nfour\n"


def _chosen(
    chooser: LineChooser,
    segment: bytes,
    base: int = 0,
    *,
    candidates: tuple[tuple[int, int], ...] = (),
    marker: bytes | None = None,
) -> list[tuple[int, int]]:
    scan = SieveResult(segment.count(b"\n"), list(candidates), [])
    return chooser.choose(segment, base, scan, marker)[0]


def _no_head() -> LineChooser:
    return LineChooser(LineChoice())


def test_a_line_is_chosen_once_whatever_the_reasons() -> None:
    chosen = _chosen(LineChooser(LineChoice(head_lines=200)), LINES, candidates=((4, 7),))
    assert chosen == [(0, 3), (4, 7), (8, 8), (9, 13)]


def test_the_head_is_chosen_once_over_all_segments() -> None:
    chooser = LineChooser(LineChoice(head_lines=5))
    scan = SieveResult(4)
    heads = [chooser.choose(LINES, part * len(LINES), scan, None)[1] for part in range(3)]
    assert heads == [[0, 4, 8, 9], [0], []]


def test_of_a_log_of_leases_every_filled_line_is_chosen() -> None:
    assert [start for start, _ in _chosen(_no_head(), LINES, 1, marker=b"")] == [0, 4, 9]


def test_a_last_line_without_end_is_chosen() -> None:
    assert _chosen(_no_head(), LINES + b"fi", 1) == [(14, 16)]
    assert _chosen(_no_head(), LINES, 1) == []
    assert _chosen(_no_head(), b"") == []


def test_samples_lie_at_the_same_offsets_however_a_log_is_cut() -> None:
    log = b"".join(b"line %d\n" % number for number in range(200))
    chooser = LineChooser(LineChoice(sample_bytes=100))
    whole = {start for start, _ in _chosen(chooser, log)}
    assert len(whole) == len(range(0, len(log), 100))
    for cut in (log.index(b"line 50\n"), log.index(b"line 77\n")):
        parts = {start for start, _ in _chosen(chooser, log[:cut])}
        parts |= {cut + start for start, _ in _chosen(chooser, log[cut:], cut)}
        assert parts == whole

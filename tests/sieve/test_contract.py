"""What both sieves promise beside their answers: nothing to look for, nothing to look at."""

import pytest

from quetsach.sieve.address_sets import packed, unpacked
from quetsach.sieve.contract import HourCounts, LineClock, SieveKeys, SieveResult
from quetsach.sieve.kernel import build_sieve

BLOCK = b"1788225322 10.0.0.5 bad.example\n\n1788228922 10.0.0.6 x\n"


@pytest.fixture(params=["auto", "python"])
def choice(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_without_keys_no_line_is_a_candidate_and_all_are_counted(choice: str) -> None:
    found = build_sieve(SieveKeys(), choice).scan(BLOCK, None, None)  # type: ignore[arg-type]
    assert (found.lines, found.candidates, found.marked) == (3, [], [])
    assert [(hour.key, hour.lines) for hour in found.hours] == [(b"", 3)]


def test_a_block_of_no_lines_has_no_hours(choice: str) -> None:
    sieve = build_sieve(SieveKeys(names=frozenset({b"bad.example"})), choice)  # type: ignore[arg-type]
    assert sieve.scan(b"", LineClock(epoch=True), b"x") == SieveResult(0)


def test_hours_are_sorted_and_an_empty_marker_marks_nothing(choice: str) -> None:
    sieve = build_sieve(SieveKeys(inside=((10 << 24, 8),)), choice)  # type: ignore[arg-type]
    found = sieve.scan(BLOCK, LineClock(epoch=True), b"")
    assert found.marked == []
    assert [hour.key for hour in found.hours] == sorted(hour.key for hour in found.hours)
    assert sum(hour.lines for hour in found.hours) == found.lines
    assert all(isinstance(hour, HourCounts) for hour in found.hours)
    assert {address for hour in found.hours for address in unpacked(hour.alive)} == {
        (10 << 24) + 5,
        (10 << 24) + 6,
    }


@pytest.mark.parametrize(
    "line",
    [
        b"A (3)bad(7)example(0)",
        b"GET /?u=http%3A%2F%2Fwww.bad%2eexample%2Fgate",
        b'{"rule":"bad\\\\.example"}',
        b"bad\\x2eexample",
        b"bad\\u002eexample",
    ],
)
def test_a_name_in_codes_is_met(choice: str, line: bytes) -> None:
    sieve = build_sieve(SieveKeys(names=frozenset([b"bad.example"])), choice)  # type: ignore[arg-type]
    assert sieve.scan(line, None, None).candidates == [(0, len(line))]
    near = line.replace(b"bad", b"notbad").replace(b"(3)", b"(6)")
    assert sieve.scan(near, None, None).candidates == []


def test_the_client_is_the_address_behind_its_needle(choice: str) -> None:
    sieve = build_sieve(SieveKeys(inside=((0x0A000000, 8),)), choice)  # type: ignore[arg-type]
    clock = LineClock(epoch=True, client=b"src=")
    block = b"3600 10.0.0.1 dst=10.2.2.2 src=10.3.3.3 x\n3601 10.0.0.1\n3602 src=192.0.2.1 10.9.9.9"
    (hour,) = sieve.scan(block, clock, None).hours
    assert hour.alive == packed([0x0A030303])
    (hour,) = sieve.scan(block, LineClock(epoch=True), None).hours
    assert hour.alive == packed([0x0A000001])

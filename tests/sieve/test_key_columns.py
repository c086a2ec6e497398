"""Keys as columns read as the keys that they hold, and both sieves take them."""

import pytest

from quetsach.sieve.contract import SieveKeys
from quetsach.sieve.kernel import build_sieve
from quetsach.sieve.key_columns import KeyLines, KeyNumbers

NAMES = KeyLines(b"bad.example\nc2.example\n")
NUMBERS = KeyNumbers(memoryview(bytearray(4 * 2)).cast("I"))


def test_lines_and_numbers_read_as_what_they_hold() -> None:
    assert list(NAMES) == [b"bad.example", b"c2.example"]
    assert (len(NAMES), b"c2.example" in NAMES, b"example" in NAMES) == (2, True, False)
    assert (list(NUMBERS), len(NUMBERS), 0 in NUMBERS, 1 in NUMBERS) == ([0, 0], 2, True, False)
    assert list(KeyLines(b"")) == []


@pytest.mark.parametrize("choice", ["python", "auto"])
def test_a_sieve_finds_the_same_with_columns(choice: str) -> None:
    numbers = KeyNumbers(memoryview((0xCB007107).to_bytes(4, "little")).cast("I"))
    keys = SieveKeys(names=NAMES, addresses=numbers, hashes=KeyLines(b"0" * 32 + b"\n"))
    sieve = build_sieve(keys, choice)  # type: ignore[arg-type]
    block = b"a x.bad.example\nb 203.0.113.7\nc 203.0.113.8\nd " + b"0" * 32 + b"\n"
    assert [start for start, _end in sieve.scan(block, None, None).candidates] == [0, 16, 44]

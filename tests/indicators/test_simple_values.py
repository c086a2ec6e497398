"""What is told of a whole column is what reading each of its values gives."""

import random

import pyarrow as pa
import pytest

from quetsach.addresses import parse_network
from quetsach.hostnames import suffix_rules
from quetsach.indicators.indicator_columns import SIMPLE_KINDS
from quetsach.indicators.model import MatchRule
from quetsach.indicators.options import ListOptions
from quetsach.indicators.simple_values import numbers, simple_values
from quetsach.indicators.values import parse_value

LETTERS = "abz09-_.:/[]#@ Đơ*%"
ENDINGS = (".com", ".com.vn", ".vn", ".exe", ".sh", ".example", ".ck", ".kawasaki.jp", ".", "")


def _made(rng: random.Random) -> str:
    if rng.random() < 0.4:
        parts = [str(rng.choice((0, 1, 7, 10, 127, 192, 203, 224, 255, 256, 300))) for _ in "1234"]
        return ".".join(parts[: rng.choice((3, 4, 4, 4))]) + rng.choice(("", "", ":80", "0", " "))
    if rng.random() < 0.2:
        return "".join(
            rng.choice("0123456789abcdefABCDEF") for _ in range(rng.choice((31, 32, 40)))
        )
    word = "".join(rng.choice(LETTERS) for _ in range(rng.randint(1, 12)))
    return word + rng.choice(ENDINGS)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_told_is_what_reading_the_value_gives(seed: int) -> None:
    rng = random.Random(seed)
    own = parse_network("203.7.0.0/16")
    assert own is not None
    options = ListOptions(own=(own[0],) if rng.random() < 0.5 else ())
    values = [_made(rng) for _ in range(400)]
    simple = simple_values(pa.array(values), options)
    for value, key, number in zip(values, *(one.to_pylist() for one in simple), strict=True):
        if number is not None:
            (found,) = parse_value(value, options).values
            assert (found.key, found.shown, found.kind) == (key, key, SIMPLE_KINDS[number]), value
            assert found.port is None
            assert found.rule in (MatchRule.BELOW, MatchRule.EXACT, MatchRule.HASH)


def test_the_common_forms_are_told_and_traps_are_not() -> None:
    told = ["bad.example", "A.B-c.example", "203.0.113.7", "0" * 32, "F" * 40, "a" * 64]
    left = ["com.vn", "loader.exe", "10.0.0.1", "1.2.3", "xn--abc.com", "203.0.113.7:80"]
    left.append("d41d8cd98f00b204e9800998ecf8427e")
    assert simple_values(pa.array(told), ListOptions()).kinds.to_pylist() == [0, 0, 1, 2, 2, 2]
    assert simple_values(pa.array(left), ListOptions()).kinds.null_count == len(left)


def test_no_line_of_the_public_suffix_list_is_told_as_a_name() -> None:
    rules = [one.removeprefix("*.") for one in suffix_rules() if one.isascii() and "!" not in one]
    kinds = simple_values(pa.array(rules), ListOptions()).kinds.to_pylist()
    assert kinds.count(None) == len(rules)


def test_addresses_become_their_numbers() -> None:
    assert numbers(pa.array(["0.0.0.1", "255.255.255.255"])).to_pylist() == [1, 2**32 - 1]
    assert numbers(pa.array([], pa.string())).to_pylist() == []


def test_letters_beyond_ascii_never_turn_one_name_into_another() -> None:
    # Arrow lowers "İ" to "i": the name of an innocent.
    simple = simple_values(pa.array(["m\u0130crosoft.example", "ban\u212a.example"]), ListOptions())
    assert simple.kinds.null_count == 2

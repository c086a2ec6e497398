"""What a later list asks by keys is found exactly where its sieve would have met a line."""

import random

import pytest

from quetsach.sieve.contract import OutsideTokens, SieveKeys, TokenWants
from quetsach.sieve.kernel import build_sieve
from quetsach.sieve.outside_tokens import tokens_of
from quetsach.sieve.token_keys import keys_of_hash, keys_of_name, keys_of_network, token_keys
from tests.sieve import lines
from tests.whole import daily

SECRET = b"s" * 32
NOWHERE = b"nowhere.test"
WIRE = frozenset([NOWHERE])
NAMES = [
    b"bad.example",
    b"example",
    b"evil.com.vn",
    b"com.vn",
    b"er.worse.example",
    b"under_score.example",
]
NETWORKS = [
    (0xC0000201, 32),
    (0xC0000200, 24),
    (0xC6336440, 26),
    (0xC6330000, 16),
    (0x01020000, 20),
]
NETWORKS6 = [
    (0x20010DB8 << 96 | 1, 128),
    (0x20010DB8_00FF << 80, 48),
    (0x20010D << 104, 40),
    (0, 64),
]
HASHES = [b"0123456789abcdef" * 2, b"0123456789" * 4]
ASKED = [
    *((SieveKeys(frozenset([name])), keys_of_name(name, SECRET)) for name in NAMES),
    *(
        (SieveKeys(WIRE, networks=frozenset([one])), keys_of_network(*one, 32, SECRET))
        for one in NETWORKS
    ),
    *(
        (SieveKeys(WIRE, networks6=frozenset([one])), keys_of_network(*one, 128, SECRET))
        for one in NETWORKS6
    ),
    *((SieveKeys(hashes=frozenset([text])), keys_of_hash(text, SECRET)) for text in HASHES),
]
SIEVES = [(build_sieve(keys), asked) for keys, asked in ASKED]


def _held(line: bytes) -> set[int]:
    tokens = tokens_of(build_sieve(SieveKeys()), line, TokenWants(hashes=True))
    return set(token_keys(tokens, SECRET))


def _assert_found(line: bytes) -> int:
    held, count = _held(line), 0
    for sieve, asked in SIEVES:
        assert asked is not None
        is_met = bool(sieve.scan(line, None, None).candidates)
        assert is_met == (not held.isdisjoint(asked)), line
        count += is_met
    return count


@pytest.mark.parametrize("seed", range(daily(2, whole=40)))
def test_a_key_is_found_exactly_where_a_sieve_would_have_met_it(seed: int) -> None:
    rng, count = random.Random(seed), 0
    for _ in range(30):
        line = lines.line(rng)
        for text in (line, lines.damaged(rng, line)):
            count += _assert_found(text.replace(b"\n", b" "))
    assert count > 30


def test_each_hard_token_is_found_and_no_other() -> None:
    for token in (*lines.TOKENS, *lines.RARE_TOKENS):
        _assert_found(token.encode())


def test_a_name_in_letters_is_found_by_its_canonical_form() -> None:
    asked = keys_of_name(b"xn--tiliu-rqa2074c.example", SECRET)
    assert set(asked) <= _held("x www.tàiliệu.example".encode())
    assert set(asked) <= _held("x www.TÀILIỆU.example".encode())
    assert token_keys(OutsideTokens(b"\xff.example\n"), SECRET)


def test_keys_have_48_bits_and_change_with_the_secret() -> None:
    tokens = OutsideTokens(b"a.b\n")
    one, other = token_keys(tokens, SECRET), token_keys(tokens, b"other")
    assert len(one) == 2
    assert list(one) == sorted(one)
    assert max(one) < 1 << 48
    assert set(one).isdisjoint(other)


def test_what_is_too_wide_cannot_be_told() -> None:
    assert keys_of_network(0, 15, 32, SECRET) is None
    assert keys_of_network(0, 39, 128, SECRET) is None
    assert keys_of_network(0, 65, 128, SECRET) is None
    assert len(keys_of_network(0xC0000200, 25, 32, SECRET) or ()) == 128
    assert len(keys_of_network(0xC0000000, 16, 32, SECRET) or ()) == 256
    assert len(keys_of_network(1, 120, 128, SECRET) or ()) == 256

"""Tokens are listed alike by both sieves, and cover exactly what a later sieve would meet."""

import random
from dataclasses import dataclass

import pytest

from quetsach.sieve.address_sets import packed, unpacked
from quetsach.sieve.contract import OutsideTokens, SieveKeys, TokenWants
from quetsach.sieve.kernel import RustSieve, build_sieve, rust_available
from quetsach.sieve.outside_tokens import joined, tokens_of, unpacked6
from quetsach.sieve.twin import PythonSieve
from tests.oracles import sieve as oracle
from tests.sieve import lines
from tests.whole import daily

WANTS = TokenWants(hashes=True)
# What is listed does not hang on what is looked for.
PLAIN = PythonSieve(SieveKeys(inside=lines.KEYS.inside))
KERNELS = (
    [
        RustSieve(SieveKeys(inside=lines.KEYS.inside)),
        RustSieve(SieveKeys(inside=lines.KEYS.inside), portable=True),
        RustSieve(lines.KEYS),
    ]
    if rust_available()
    else []
)
NOWHERE = b"nowhere.test"
"""A name that stands in no line: with it, names as they go over the wire are read."""


def _tokens(block: bytes, wants: TokenWants = WANTS) -> OutsideTokens:
    """Return the tokens of `block`, listed alike by both sieves."""
    tokens = tokens_of(PLAIN, block, wants)
    for kernel in KERNELS:
        assert tokens_of(kernel, block, wants) == tokens, block
    return tokens


def test_names_addresses_and_hashes_are_listed_each_once() -> None:
    block = b"1.5 10.0.0.1 WWW.bad.example. 192.0.2.1:53 www.bad.example\n[2001:DB8::1]:53 %61.b "
    block += b"0123456789ABCDEF" * 2 + b" 00000003626164076578616d706c6500"
    tokens = _tokens(block)
    assert tokens.names == b"61.b\na.b\nbad.example\nwww.bad.example\n"
    assert tokens.addresses == packed([0xC0000201])
    assert unpacked6(tokens.addresses6) == [0x20010DB8 << 96 | 1]
    wire, digits = b"00000003626164076578616d706c6500", b"0123456789abcdef" * 2
    assert tokens.hashes == wire + b"\n" + digits + b"\n"
    assert _tokens(block, TokenWants()).hashes == b""
    assert _tokens(b"") == OutsideTokens()


def test_a_name_longer_than_any_is_kept_from_a_dot_on() -> None:
    label = b"a" * 63
    tail = b".".join([label] * 4)
    assert _tokens(b"x." * 40 + tail).names == tail + b"\n"
    assert _tokens(b"x" * 300 + b"..b.c").names == b"b.c\n"
    assert _tokens(b"a." + b"x" * 300).names == b""
    assert _tokens(b"x." * 40_000 + b"9").names == b"x." * 127 + b"9\n"


def test_too_many_are_incomplete_and_said_so() -> None:
    block = b"a.b 192.0.2.1 ::1 " + b"0" * 32
    assert _tokens(block, TokenWants(hashes=True, most=4)).is_complete
    for most in range(4):
        for sieve in (PLAIN, *KERNELS):
            tokens = tokens_of(sieve, block, TokenWants(hashes=True, most=most))
            assert not tokens.is_complete
            assert _count(tokens) == most
    long = b"a" * 63 + b".bb"
    assert not tokens_of(PLAIN, long, TokenWants(most=1)).is_complete
    assert all(not tokens_of(one, long, TokenWants(most=1)).is_complete for one in KERNELS)


def _count(tokens: OutsideTokens) -> int:
    texts = tokens.names.count(b"\n") + tokens.hashes.count(b"\n")
    return texts + len(tokens.addresses) // 4 + len(tokens.addresses6) // 16


def test_tokens_of_several_texts_are_joined() -> None:
    one, other = _tokens(b"b.c 192.0.2.1 ::1"), _tokens(b"a.b b.c 192.0.2.0 ::")
    assert joined((one, other), WANTS) == _tokens(b"a.b b.c 192.0.2.1 192.0.2.0 ::1 ::")
    assert not joined((one, other), TokenWants(most=5)).is_complete
    assert not joined((OutsideTokens(is_complete=False),), WANTS).is_complete


@dataclass
class _Covered:
    """Says of any key whether tokens cover it."""

    tokens: OutsideTokens

    def __post_init__(self) -> None:
        self.names = self.tokens.names.split(b"\n")
        self.addresses = unpacked(self.tokens.addresses)
        self.addresses6 = unpacked6(self.tokens.addresses6)

    def has(self, keys: SieveKeys) -> bool:
        """Return whether a token is one of `keys` or lies in it."""
        names = [name for name in self.names if name]
        if any(
            b"." + key == (b"." + name)[-len(key) - 1 :] for key in keys.names for name in names
        ):
            return True
        if keys.any_unicode_name and not all(name.isascii() for name in names):
            return True
        return (
            _meets(self.addresses, keys.addresses, keys.networks, 32)
            or _meets(self.addresses6, keys.addresses6, keys.networks6, 128)
            or not set(self.tokens.hashes.split(b"\n")).isdisjoint(keys.hashes)
        )


def _meets(addresses: object, listed: object, networks: object, bits: int) -> bool:
    return any(
        address in listed  # type: ignore[operator]
        or any(address >> bits - size == first >> bits - size for first, size in networks)  # type: ignore[attr-defined]
        for address in addresses  # type: ignore[attr-defined]
    )


KEYS_ALONE = [
    *(SieveKeys(frozenset([name, NOWHERE])) for name in lines.KEYS.names | lines.WIDE_KEYS.names),
    *(
        SieveKeys(frozenset([name]))
        for name in (b"example", b"com.vn", b"2.1", b"a", b"er.worse.example")
    ),
    *(
        SieveKeys(frozenset([NOWHERE]), addresses=frozenset([one]))
        for one in lines.KEYS.addresses | {0xC6336407}
    ),
    *(
        SieveKeys(frozenset([NOWHERE]), networks=frozenset([one]))
        for one in lines.KEYS.networks | {(0, 2), (0xC0000000, 16)}
    ),
    *(
        SieveKeys(frozenset([NOWHERE]), addresses6=frozenset([one]))
        for one in lines.RARE_KEYS.addresses6
    ),
    *(
        SieveKeys(frozenset([NOWHERE]), networks6=frozenset([one]))
        for one in lines.RARE_KEYS.networks6 | {(0, 64)}
    ),
    *(SieveKeys(hashes=frozenset([one])) for one in lines.RARE_KEYS.hashes),
    SieveKeys(any_unicode_name=True),
]
EACH_ALONE = [build_sieve(keys) for keys in KEYS_ALONE]


def _assert_covered(line: bytes) -> int:
    """Hold the tokens of a line against sieves of one key each; return how many met it.

    Nothing is inside here, so that each address counts.
    """
    covered, count = _Covered(tokens_of(build_sieve(SieveKeys()), line, WANTS)), 0
    for keys, sieve in zip(KEYS_ALONE, EACH_ALONE, strict=True):
        is_met = bool(sieve.scan(line, None, None).candidates)
        # One with an empty label or in upper case is never met.
        is_key = all(b".." not in name and name == name.lower() for name in keys.names)
        assert is_met == (covered.has(keys) and is_key), (line, keys)
        count += is_met
    return count


@pytest.mark.parametrize("seed", range(daily(2, whole=40)))
def test_a_line_is_a_candidate_exactly_where_a_token_covers_the_key(seed: int) -> None:
    rng, count = random.Random(seed), 0
    for _ in range(25):
        line = lines.line(rng)
        for text in (line, lines.damaged(rng, line)):
            count += _assert_covered(text.replace(b"\n", b" "))
    assert count > 50


def test_each_hard_token_is_covered_and_no_other() -> None:
    for token in (*lines.TOKENS, *lines.RARE_TOKENS):
        _assert_covered(token.encode())


def _keys_of(tokens: OutsideTokens) -> list[SieveKeys]:
    """Return each token as the only key beside a name that is nowhere."""
    wire = frozenset([NOWHERE])
    names = [name.rsplit(b"..", 1)[-1] for name in tokens.names.split(b"\n")[:-1]]
    return [
        *(SieveKeys(frozenset([name])) for name in names),
        *(SieveKeys(wire, addresses=frozenset([one])) for one in unpacked(tokens.addresses)),
        *(SieveKeys(wire, addresses6=frozenset([one])) for one in unpacked6(tokens.addresses6)),
        *(SieveKeys(wire, hashes=frozenset([one])) for one in tokens.hashes.split(b"\n")[:-1]),
    ]


@pytest.mark.parametrize("seed", range(daily(2, whole=40)))
def test_each_token_as_a_key_is_met_by_the_oracle(seed: int) -> None:
    rng, count = random.Random(seed), 0
    for _ in range(8):
        line = lines.damaged(rng, lines.line(rng)).replace(b"\n", b" ")
        for keys in _keys_of(_tokens(line)):
            assert oracle.is_candidate(line.decode("latin-1"), keys), (line, keys)
            count += 1
    assert count > 10


@pytest.mark.parametrize("seed", range(daily(3, whole=40)))
def test_true_and_damaged_blocks_have_the_same_tokens(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(20):
        block = lines.block(rng, rng.randint(1, 30))
        _tokens(block)
        _tokens(lines.damaged(rng, block))


def test_each_hard_token_is_listed_alike_at_every_place() -> None:
    for place in (0, 1, 31, 62, 63, 64):
        for token in (*lines.TOKENS, *lines.RARE_TOKENS, "1.2.3.4." * 20, "a." * 70, "." * 130):
            _tokens(b"," * place + token.encode() + b".")

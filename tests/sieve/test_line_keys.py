"""Which keys a line holds is told alike by both sieves, and is what a sieve of each alone says."""

import random

import pytest

from quetsach.sieve.contract import KeyKind, Sieve, SieveKeys
from quetsach.sieve.kernel import RustSieve, build_sieve, rust_available
from quetsach.sieve.line_keys import line_keys
from quetsach.sieve.twin import PythonSieve
from tests.oracles import sieve as oracle
from tests.sieve import lines
from tests.whole import daily

JA4 = b"t13d1516h2_8daaf6152771_e5627efa2ab1"
MIXED = SieveKeys(
    names=frozenset(
        [b"bad.example", b"www.bad.example", b"example", b"a..b", b"UPPER.example", b""]
    ),
    addresses=frozenset([0xC0000201, 0x01020304]),
    networks=frozenset([(0xC0000200, 24), (0xC0000201, 16), (0, 0), (0xC0000201, 32)]),
    addresses6=frozenset([0x20010DB8 << 96 | 1, 0]),
    networks6=frozenset([(0x20010DB8 << 96, 32), (0x20010DB8 << 96 | 1, 128), (0, 1)]),
    hashes=frozenset([b"0123456789abcdef" * 2, b"0123456789" * 4, b"f" * 64, b"0" * 31, b"F" * 32]),
    prints=frozenset([JA4, b"00" * 16]),
    any_unicode_name=True,
)
ALL_KEYS = (MIXED, lines.KEYS, lines.WIDE_KEYS, lines.RARE_KEYS, SieveKeys(hashes=MIXED.hashes))
PLAIN = [line_keys(PythonSieve(keys)) for keys in ALL_KEYS]
KERNEL = (
    [(RustSieve(keys), RustSieve(keys, portable=True)) for keys in ALL_KEYS]
    if rust_available()
    else [() for _ in ALL_KEYS]
)


def _numbers(line: bytes, keys: SieveKeys) -> list[tuple[KeyKind, int]]:
    """Return the keys of `line`, told alike by both sieves."""
    told = [line_keys(build_sieve(keys, "python")), line_keys(build_sieve(keys))]
    (one,), (other,) = (keys_of(line, [(0, len(line))]) for keys_of in told)
    assert one == other
    return [(KeyKind(number >> 32), number & 0xFFFFFFFF) for number in one]


def test_each_key_is_told_by_its_kind_and_place() -> None:
    line = b"www.bad.example 192.0.2.1 2001:db8::1 \xc3\xa9.x " + b"0123456789ABCDEF" * 2
    assert _numbers(line + b" " + JA4.upper(), MIXED) == [
        *((KeyKind.NAME, place) for place in (2, 3, 4)),
        (KeyKind.ADDRESS, 1),
        *((KeyKind.NETWORK, place) for place in range(4)),
        (KeyKind.ADDRESS6, 1),
        *((KeyKind.NETWORK6, place) for place in range(3)),
        (KeyKind.HASH, 1),
        (KeyKind.PRINT, 1),
        (KeyKind.UNICODE_NAME, 0),
    ]


def test_a_quiet_line_holds_none_and_a_sieve_without_keys_knows_none() -> None:
    assert _numbers(b"10.0.0.1 good.test", SieveKeys(names=MIXED.names)) == []
    assert _numbers(b"192.0.2.1 bad.example", SieveKeys()) == []
    assert _numbers(b"", MIXED) == []


def test_a_key_in_codes_or_as_it_goes_over_the_wire_is_told() -> None:
    keys = SieveKeys(names=frozenset([b"bad.example", b"c.d"]))
    assert _numbers(b"A (3)bad(7)example(0)", keys) == [(KeyKind.NAME, 0)]
    assert _numbers(b"x 00000003626164076578616d706c6500 %63.d", keys) == [
        (KeyKind.NAME, 0),
        (KeyKind.NAME, 1),
    ]


def _alone(keys: SieveKeys) -> list[tuple[int, SieveKeys]]:
    """Return each key by itself with its number, in the order of the numbers."""
    # A name beside each, so that names as they go over the wire are read with all.
    names = frozenset([b"nowhere.test"])
    hashes = {text for text in keys.hashes if len(text) in (32, 40, 64) and text.islower()}
    hashes |= {text for text in keys.hashes if text.isdigit() and len(text) in (32, 40, 64)}
    by_kind: dict[KeyKind, list[SieveKeys]] = {
        KeyKind.NAME: [SieveKeys(names=frozenset([name])) for name in sorted(keys.names) if name],
        KeyKind.ADDRESS: [
            SieveKeys(names, addresses=frozenset([one])) for one in sorted(keys.addresses)
        ],
        KeyKind.ADDRESS6: [
            SieveKeys(names, addresses6=frozenset([one])) for one in sorted(keys.addresses6)
        ],
        KeyKind.HASH: [
            SieveKeys(names, hashes=frozenset([text]))
            for text in sorted(hashes, key=lambda text: (bytes.fromhex(text.decode()), len(text)))
        ],
    }
    return [
        (kind << 32 | place, one)
        for kind, each in by_kind.items()
        for place, one in enumerate(each)
    ]


@pytest.mark.parametrize("number", range(3), ids=["mixed", "usual", "wide"])
def test_the_keys_of_a_line_are_those_that_the_oracle_finds_one_by_one(number: int) -> None:
    rng, keys = random.Random(3), ALL_KEYS[number]
    alone = [(place, one) for place, one in _alone(keys) if place >> 32 not in {2, 4}]
    for _ in range(15):
        line = lines.damaged(rng, lines.line(rng)).replace(b"\n", b" ")
        (told,) = PLAIN[number](line, [(0, len(line))])
        single = [key for key in told if KeyKind(key >> 32) in {0, 1, 3, 5}]
        text = line.decode("latin-1")
        assert single == [place for place, one in alone if oracle.is_candidate(text, one)], line


def _ends(block: bytes) -> list[tuple[int, int]]:
    start, spans = 0, []
    for line in block.split(b"\n"):
        spans.append((start, start + len(line)))
        start += len(line) + 1
    return spans


def _assert_agreed(block: bytes) -> int:
    """Hold the sieves against each other; return how many keys were told."""
    spans, count = _ends(block), 0
    for keys_of, kernels, keys in zip(PLAIN, KERNEL, ALL_KEYS, strict=True):
        told = keys_of(block, spans)
        count += sum(map(len, told))
        candidates = set(build_sieve(keys).scan(block, None, None).candidates)
        assert {span for span, one in zip(spans, told, strict=True) if one} == candidates
        for kernel in kernels:
            assert kernel.keys_of(block, spans) == told, block
    return count


@pytest.mark.parametrize("seed", range(daily(3, whole=40)))
def test_true_and_damaged_lines_have_the_same_keys(seed: int) -> None:
    rng, count = random.Random(seed), 0
    for _ in range(12):
        block = lines.block(rng, rng.randint(1, 12))
        count += _assert_agreed(block) + _assert_agreed(lines.damaged(rng, block))
    assert count > 100


def test_each_hard_token_has_the_same_keys() -> None:
    for token in (*lines.TOKENS, *lines.RARE_TOKENS):
        _assert_agreed(token.encode())


@pytest.mark.skipif(not rust_available(), reason="NOT TESTED: no kernel here")
def test_a_line_that_is_not_within_the_block_is_refused() -> None:
    sieve = RustSieve(lines.KEYS)
    for span in ((0, 2), (1, 0), (2, 2)):
        with pytest.raises(ValueError, match="not within"):
            sieve.keys_of(b"x", [span])


def test_another_sieve_is_refused() -> None:
    class Other:
        name = "other"

    other: Sieve = Other()  # type: ignore[assignment]
    with pytest.raises(TypeError, match="other"):
        line_keys(other)

"""The compiled sieve finds exactly what the plain one finds, on each of its paths."""

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quetsach.sieve.contract import LineClock, Sieve, SieveKeys
from quetsach.sieve.kernel import build_sieve, literals_held, rust_available
from quetsach.sieve.twin import PythonSieve, plain_literals_held
from tests.sieve import lines
from tests.whole import daily

pytestmark = pytest.mark.skipif(
    not rust_available(), reason="the kernel is NOT installed: the compiled sieve goes untested"
)
ALL_KEYS = (
    lines.KEYS,
    lines.WIDE_KEYS,
    lines.RARE_KEYS,
    SieveKeys(),
    SieveKeys(names=lines.KEYS.names),
)
MARKERS = (None, b"", b"example", b"\n", b"a")


def sieves(keys: SieveKeys) -> tuple[PythonSieve, list[Sieve]]:
    from quetsach.sieve.kernel import RustSieve

    return PythonSieve(keys), [RustSieve(keys), RustSieve(keys, portable=True)]


PAIRS = [sieves(keys) for keys in ALL_KEYS] if rust_available() else []


def assert_agreed(block: bytes, clock: LineClock | None, marker: bytes | None) -> None:
    for twin, kernels in PAIRS:
        expected = twin.scan(block, clock, marker)
        for kernel in kernels:
            assert kernel.scan(block, clock, marker) == expected, block


@pytest.mark.parametrize("seed", range(daily(10, whole=40)))
def test_true_and_damaged_lines_are_seen_alike(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(20):
        block = lines.block(rng, rng.randint(1, 30))
        clock, marker = rng.choice(lines.CLOCKS), rng.choice(MARKERS)
        assert_agreed(block, clock, marker)
        assert_agreed(lines.damaged(rng, block), clock, marker)


@pytest.mark.parametrize(
    "token", [*lines.TOKENS, *lines.RARE_TOKENS, "1.2.3.4." * 20, "a." * 70, "." * 130]
)
def test_a_token_is_seen_alike_at_every_place(token: str) -> None:
    for place in range(66):
        for before, after in ((b" ", b" "), (b"x", b"\n"), (b".", b"."), (b"\n", b"")):
            assert_agreed(b"," * place + before + token.encode() + after, None, None)


@settings(max_examples=daily(75, whole=300), deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*lines.TOKENS, ".", " ", "\n", "-", "é", "1", "bad", "example", "\0", "\r"]
        ),
        max_size=60,
    ),
    st.sampled_from(lines.CLOCKS),
)
def test_pieces_in_any_order_are_seen_alike(pieces: list[str], clock: LineClock | None) -> None:
    assert_agreed("".join(pieces).encode(), clock, b"bad")


@settings(max_examples=daily(75, whole=300), deadline=None)
@given(st.text(alphabet="a1.-_ \né", max_size=200), st.sampled_from(lines.CLOCKS))
def test_few_kinds_of_bytes_are_seen_alike(text: str, clock: LineClock | None) -> None:
    assert_agreed(text.encode(), clock, None)


@settings(max_examples=daily(75, whole=300), deadline=None)
@given(st.text(alphabet="a1:.-g\n", max_size=120))
@example("11111-")
def test_colons_and_hex_digits_are_seen_alike(text: str) -> None:
    assert_agreed(text.replace("1", "2001:db8::1").encode(), None, None)
    assert_agreed(text.replace("1", "0123456789abcdef").encode(), None, None)
    assert_agreed(text.encode(), None, None)


@settings(max_examples=daily(50, whole=200), deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_seen_alike(block: bytes) -> None:
    assert_agreed(block, LineClock(epoch=True), b"a")


@pytest.mark.parametrize(
    "piece",
    [
        b"a",
        b".",
        b"a.",
        b"1.",
        b"1.1.1.1-",
        b"a..",
        b"\n",
        b"\xff",
        b"\xff.",
        b"bad.example ",
        b"1",
    ],
)
def test_a_long_run_takes_linear_time(piece: bytes) -> None:
    block = piece * (2_000_000 // len(piece))
    for keys in (lines.KEYS, lines.WIDE_KEYS, lines.RARE_KEYS):
        assert build_sieve(keys, "rust").scan(block, None, None).lines >= 1
    assert_agreed(piece * (20_000 // len(piece)), LineClock(epoch=True), None)


def test_the_code_for_any_processor_is_among_those_tested() -> None:
    from quetsach.sieve.kernel import RustSieve

    assert RustSieve(lines.KEYS, portable=True).path == "portable"
    assert RustSieve(lines.KEYS).path in {"avx512", "avx2", "portable"}


def test_the_kind_of_buffer_makes_no_difference() -> None:
    block = lines.block(random.Random(3), 200)
    kernel = build_sieve(lines.KEYS, "rust")
    expected = kernel.scan(block, None, None)
    padded = memoryview(b"x" + block + b"x")[1:-1]
    assert kernel.scan(bytearray(block), None, None) == expected
    assert kernel.scan(padded, None, None) == expected


def test_a_buffer_with_gaps_is_refused() -> None:
    with pytest.raises(BufferError):
        build_sieve(lines.KEYS, "rust").scan(memoryview(b"abcdef")[::2], None, None)


def test_threads_share_one_sieve() -> None:
    rng = random.Random(5)
    blocks = [lines.block(rng, 300) for _ in range(16)]
    kernel = build_sieve(lines.KEYS, "rust")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda block: kernel.scan(block, None, b"example"), blocks))
    assert found == [kernel.scan(block, None, b"example") for block in blocks]


def test_many_names_are_each_found_and_their_neighbours_are_not() -> None:
    names = [
        f"{'x.' * (number % 4)}n{number}.{'com.vn' if number % 3 else 'example'}"
        for number in range(5000)
    ]
    keys = SieveKeys(names=frozenset(name.encode() for name in names))
    block = "".join(f"{name}\nq.{name.upper()}.\nq{name}\n{name}q\n" for name in names).encode()
    twin, kernels = sieves(keys)
    expected = twin.scan(block, None, None)
    assert len(expected.candidates) >= 10_000
    for kernel in kernels:
        assert kernel.scan(block, None, None) == expected


def test_a_key_out_of_range_is_refused() -> None:
    for keys in (
        SieveKeys(addresses=frozenset([1 << 32])),
        SieveKeys(networks=frozenset([(0, 33)])),
        SieveKeys(networks=frozenset([(0, 256)])),
        SieveKeys(inside=((-1, 8),)),
        SieveKeys(addresses6=frozenset([1 << 128])),
        SieveKeys(networks6=frozenset([(0, 129)])),
    ):
        with pytest.raises(ValueError, match=r"out of range|prefix"):
            build_sieve(keys, "rust")


def test_keys_that_are_mapped_find_the_same(tmp_path: Path) -> None:
    from quetsach.sieve.kernel import RustSieve

    rng = random.Random(7)
    for number, keys in enumerate((*ALL_KEYS, SieveKeys(prints=frozenset([b"ab:" * 15 + b"ab"])))):
        path = tmp_path / f"{number}.keys"
        RustSieve(keys).dump(path)
        block = lines.block(rng, 60) + b"ab:" * 15 + b"ab\n"
        mapped = RustSieve.opened(path, keys.inside)
        assert mapped.scan(block, lines.CLOCKS[-1], None) == PythonSieve(keys).scan(
            block, lines.CLOCKS[-1], None
        )


def test_a_damaged_file_of_keys_is_refused(tmp_path: Path) -> None:
    from quetsach.sieve.kernel import RustSieve

    path = tmp_path / "keys"
    RustSieve(lines.KEYS).dump(path)
    whole = path.read_bytes()
    rng = random.Random(8)
    for _ in range(100):
        place = rng.randrange(len(whole))
        changed = bytes([whole[place] ^ 1 << rng.randrange(8)])
        path.write_bytes(rng.choice((whole[:place], whole[:place] + changed + whole[place + 1 :])))
        with pytest.raises(ValueError, match="keys: it"):
            RustSieve.opened(path)
    with pytest.raises(FileNotFoundError):
        RustSieve.opened(tmp_path / "absent")
    with pytest.raises(ValueError, match="prefix"):
        RustSieve.opened(path, ((0, 33),))


# What codes are made of, what they may write, and what stands around them.
SPELLED = (
    *(b"(3)", b"(7)", b"(12)", b"(0)", b"(", b")", b"%2e", b"%2E", b"%00", b"%0a", b"%31", b"%3a"),
    *(b"%", b"\\x2e", b"\\x00", b"\\u002e", b"\\.", b"\\\\.", b"\\", b"\0", b" ", b"\n", b","),
    *(b"bad", b".", b"example", b"evil.com.vn", b"192.0.2.1", b"198.51.100.7", b"2001:db8::1"),
    *(b"a", b"_", b"-", b"/", b"+", b":", b"\xc3\xa9", b"%c3", b'"', b"0123456789abcdef" * 2),
    *(b"\x03bad\x07example\x00", b"\\x03bad\\x07example\\x00"),
    *(b"AAABAAABAAAAAAAAA2JhZAdleGFtcGxlAAABAAE", b"00000003626164076578616d706c6500"),
)


@pytest.mark.parametrize("seed", range(daily(4, whole=40)))
def test_codes_in_any_mixture_are_undone_alike(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(50):
        few = rng.sample(SPELLED, rng.randrange(2, len(SPELLED)))
        block = b"".join(rng.choice(few) for _ in range(rng.choice((3, 8, 20, 60))))
        assert_agreed(block, None, None)


@pytest.mark.parametrize("text", [b"", b"FW-DROP IN=br0 \xff", b"aaab", b"b\na"])
def test_literals_are_found_as_python_finds_them(text: bytes) -> None:
    literals = [b"", b"a", b"aab", b"IN=", b"\xff", b"DROP IN=br0 \xff", b"\n", b"bb"]
    expected = {literal for literal in literals if literal in text}
    assert literals_held(text, literals) == plain_literals_held(text, literals) == expected

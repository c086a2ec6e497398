"""The kernel's entries for bytes, each held against its twin in Python where it has one."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bench.fuzz.as_file import by_path, fresh_folder
from bench.fuzz.mutation import mutated_bytes, mutated_text
from bench.fuzz.target import BrokenPromiseError, FuzzTarget
from quetsach.compiled import kernel_module
from quetsach.evidence import blake3_twin, digests
from quetsach.formats.alike_keys import ALIKE
from quetsach.scanning import line_rests
from quetsach.sieve import kernel, outside_tokens, twin
from quetsach.sieve.contract import TokenWants
from quetsach.sieve.kernel import RustSieve
from quetsach.sieve.twin import PythonSieve
from tests.formats.golden import SAMPLES
from tests.scanning.test_plain_reader import assert_read_alike
from tests.sieve import lines, test_line_keys
from tests.sieve.test_kernel import MARKERS, assert_agreed

ENTRIES = {
    "Capture": "capture.pcap",
    "Kernel": "kernel.scan",
    "Reader": "kernel.splits",
    "TextDigest": "kernel.digests",
    "alike_lines": "kernel.alike",
    "blake3_each": "kernel.digests",
    "joined_pieces": "kernel.digests",
    "lines_without": "kernel.rests",
    "literals_held": "kernel.literals",
    "read_files": "kernel.splits",
    "sighting_numbers": "kernel.numbers",
}
"""A target that reaches each class and function of the kernel."""


def kernel_targets() -> list[FuzzTarget]:
    """Return a target for each entry of the kernel; none where it is not built."""
    if kernel_module() is None:
        return []
    return [
        FuzzTarget("kernel.scan", _scan, _blocks, (twin, kernel), mutated_text),
        FuzzTarget("kernel.keys", _keys, _blocks, (kernel,), mutated_text),
        FuzzTarget("kernel.tokens", _tokens, _blocks, (outside_tokens,), mutated_text),
        FuzzTarget("kernel.splits", _split, _blocks, (kernel,), mutated_text),
        FuzzTarget(
            "kernel.keys-file", by_path(_open_keys, "a.qskeys"), _dumped, (kernel,), mutated_bytes
        ),
        FuzzTarget("kernel.alike", _alike, _logs, (kernel,), mutated_text),
        FuzzTarget("kernel.rests", _rests, _blocks, (line_rests,), mutated_text),
        FuzzTarget("kernel.literals", _literals, _logs, (kernel,), mutated_bytes),
        FuzzTarget(
            "kernel.digests",
            _digests,
            lambda: [_logs()[0][:3000], bytes(1500)],
            (digests, blake3_twin),
            mutated_bytes,
        ),
        FuzzTarget("kernel.numbers", _numbers, _marks, (digests,), mutated_text),
    ]


@cache
def _blocks() -> tuple[bytes, ...]:
    chance = Random(1)
    tokens = "\n".join((*lines.WIRE_TOKENS, *lines.TOKENS, *lines.RARE_TOKENS)).encode()
    return tokens[:4000], *(lines.block(chance, 12) for _ in range(12))


@cache
def _logs() -> tuple[bytes, ...]:
    return tuple(path.read_bytes()[:6000] for path in sorted(SAMPLES.rglob("*.log")))


def _scan(content: bytes) -> None:
    chance = Random(content)
    assert_agreed(content, chance.choice(lines.CLOCKS), chance.choice(MARKERS))


def _keys(content: bytes) -> None:
    place, spans = 0, []
    for line in content.split(b"\n")[:50]:
        spans.append((place, place + len(line)))
        place += len(line) + 1
    pairs = zip(test_line_keys.PLAIN, test_line_keys.KERNEL, strict=True)
    for keys_of, kernels in pairs:
        plain = keys_of(content, spans)
        if any(other.keys_of(content, spans) != plain for other in kernels):
            raise BrokenPromiseError("kernel and twin tell other keys")


@cache
def _sieves() -> tuple[PythonSieve, RustSieve]:
    return PythonSieve(lines.KEYS), RustSieve(lines.KEYS)


def _tokens(content: bytes) -> None:
    plain, compiled = _sieves()
    wants = TokenWants(hashes=True, most=4000)
    told = outside_tokens.tokens_of(plain, content, wants)
    # Which of too many are left out, nobody promised.
    if told.is_complete and outside_tokens.tokens_of(compiled, content, wants) != told:
        raise BrokenPromiseError("kernel and twin tell other tokens")


def _split(content: bytes) -> None:
    assert_read_alike(Random(content), content[:4000], fresh_folder() / "a.log", _sieves())


@cache
def _dumped() -> tuple[bytes, ...]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.qskeys"
        RustSieve(lines.KEYS).dump(path)
        return (path.read_bytes(),)


def _open_keys(path: Path) -> None:
    try:
        sieve = RustSieve.opened(path)
    except (ValueError, OSError):
        return
    sieve.scan(_blocks()[0], None, None)


def _alike(content: bytes) -> None:
    block = content if content.endswith(b"\n") else content + b"\n"
    for keys in _every_keys():
        kinds, _rests_of, _numbers_of, _texts_of = kernel_module().alike_lines(block, keys)  # type: ignore[union-attr]
        if len(kinds) != 4 * block.count(b"\n"):
            raise BrokenPromiseError("not a kind for each line")


@cache
def _every_keys() -> Sequence[list[tuple[bytes, int]]]:
    return [[*keys] for keys in ALIKE.values()][:4]


def _rests(content: bytes) -> None:
    block = content if content.endswith(b"\n") else content + b"\n"
    hosts = [host.encode() for host in ("bad.example", "192.0.2.7", "203.0.113.77")]
    sets = [[(host, b"x")] for host in hosts] + [[]]
    which = [number % len(sets) for number in range(block.count(b"\n"))]
    if line_rests.lines_taken_out(block, which, sets, compiled=True) != line_rests.lines_taken_out(
        block, which, sets, compiled=False
    ):
        raise BrokenPromiseError("kernel and twin take out other hosts")


def _literals(content: bytes) -> None:
    literals = [content[:3], content[5:9], b"a", b"date=", b"", content[-7:], b"\0\xff"]
    if kernel.literals_held(content, literals) != twin.plain_literals_held(content, literals):
        raise BrokenPromiseError("kernel and twin find other literals")


def _digests(content: bytes) -> None:
    ends = [*range(1, len(content), 97)]
    compiled, plain = digests.text_digest(), blake3_twin.TwinDigest(0)
    cut = len(content) // 3
    told = [
        digest.add(content[:cut], [end for end in ends if end <= cut])
        + digest.add(content[cut:], [end - cut for end in ends if end > cut])
        for digest in (compiled, plain)
    ]
    if told[0] != told[1] or compiled.pieces() != plain.pieces():
        raise BrokenPromiseError("kernel and twin give other digests")
    if digests.blake3_each([content, content[:7]]) != blake3_twin.digests([content, content[:7]]):
        raise BrokenPromiseError("kernel and twin give other digests of messages")


def _marks() -> list[bytes]:
    return [digests.mark(40, bytes(32)).encode(), digests.record_mark(7).encode(), b"0:00ff"]


def _numbers(content: bytes) -> None:
    """Number sightings by marks of a stranger: the kernel refuses those that are none."""
    marks = [content.decode("utf-8", "replace")]
    try:
        kernel_module().sighting_numbers([bytes(32)] * 2, marks, ["a"])  # type: ignore[union-attr]
    except (ValueError, TypeError, IndexError, OverflowError):
        return

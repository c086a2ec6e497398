"""The compiled sieve, used where it is installed."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from quetsach.compiled import kernel_module
from quetsach.sieve.contract import (
    HourCounts,
    LineChoice,
    LineClock,
    LineSigns,
    OutsideTokens,
    Sieve,
    SieveKeys,
    SieveResult,
    TokenWants,
)
from quetsach.sieve.key_columns import KeyLines, KeyNumbers
from quetsach.sieve.split import Extent, RustSplit, clock_parts
from quetsach.sieve.twin import PythonSieve, plain_literals_held

if TYPE_CHECKING:
    from quetsach.sieve.files import FileRead

IMAGE_ENDING = ".qskeys"
"""The ending of a file of compiled keys."""


class RustSieve:
    """The sieve as the compiled kernel; see `Sieve` in contract.py for what it promises.

    Several threads may scan with one of them at once; no other Python waits meanwhile.
    """

    name = "rust"

    def __init__(self, keys: SieveKeys, *, portable: bool = False) -> None:
        """Compile `keys`; `portable` keeps to the code for any processor, to test it."""
        try:
            self._kernel = _module().Kernel(
                names=_as_lines(keys.names),
                addresses=_as_numbers(keys.addresses),
                networks=list(keys.networks),
                inside=list(keys.inside),
                any_unicode_name=keys.any_unicode_name,
                addresses6=list(keys.addresses6),
                networks6=list(keys.networks6),
                hashes=_as_lines(keys.hashes),
                prints=_as_lines(keys.prints),
                portable=portable,
            )
        except OverflowError as err:
            raise ValueError("an address or prefix length is out of range") from err

    @classmethod
    def opened(
        cls, path: Path, inside: tuple[tuple[int, int], ...] = (), *, portable: bool = False
    ) -> "RustSieve":
        """Return the sieve whose keys `dump` wrote to `path`: they are mapped, not read.

        `inside` is not part of the file; see `SieveKeys`. All that open the file share its memory;
        it must not be changed in place while one has it open. Errors: OSError; ValueError for a
        file that is damaged, cut, or of another version or kind of machine, as for a range.
        """
        sieve = cls.__new__(cls)
        try:
            sieve._kernel = _module().Kernel.open(path, inside=list(inside), portable=portable)
        except OverflowError as err:
            raise ValueError("an address or prefix length is out of range") from err
        return sieve

    def dump(self, path: Path) -> None:
        """Write the compiled keys, but for `inside`, to `path`; a file there is replaced at once.

        The file is for this machine and version: a cache, not an exchange. Errors: OSError.
        """
        self._kernel.dump(path)

    @property
    def path(self) -> str:
        """Return which code runs: "avx512" or "avx2", "portable" on any other processor."""
        return str(self._kernel.path)

    def scan(
        self, block: bytes | bytearray | memoryview, clock: LineClock | None, marker: bytes | None
    ) -> SieveResult:
        """Return the tally of `block`, which must not be written to meanwhile; see contract.py."""
        lines, candidates, marked, hours = self._kernel.scan(block, clock_parts(clock), marker)
        tallies = [HourCounts(*hour) for hour in hours]
        return SieveResult(lines, candidates, marked, tallies)

    def keys_of(self, block: bytes, lines: list[tuple[int, int]]) -> list[tuple[int, ...]]:
        """Return the numbers of the keys that each of `lines` holds; see line_keys.py.

        Errors: ValueError for a line that is not within the block.
        """
        keys: list[tuple[int, ...]] = self._kernel.keys_of(block, lines)
        return keys

    def tokens_of(self, block: bytes, wants: TokenWants) -> OutsideTokens:
        """Return the outside tokens of `block`; see outside_tokens.py."""
        return OutsideTokens(*self._kernel.tokens_of(block, wants.hashes, wants.most))

    def open_reader(
        self, extent: Extent, ends: str, choice: LineChoice, bounds: tuple[int, int]
    ) -> RustSplit:
        """Return the reader of a split; `ends` is a value of `LineEnds`.

        Units: `bounds` are the bytes of a block and of the longest line.
        """
        reader = _module().Reader(
            self._kernel,
            split=tuple(extent),
            ends=ends,
            choice=(choice.head_lines, choice.sample_bytes),
            bounds=bounds,
        )
        return RustSplit(reader)

    def read_files(
        self,
        files: Sequence[tuple[Path, int, LineChoice]],
        ends: str,
        signs: LineSigns,
        bounds: tuple[int, int],
    ) -> list["FileRead | None"]:
        """Return what each file gave, read by `signs` whatever headers it has, in order.

        None stands for one that needs a reader of its own, as it cannot be read, has shrunk, or
        holds too long a line or too many hours. `ends` and `bounds` are as for `open_reader`.
        Shapes: `files` are where each lies, its size in bytes, and what is chosen of it.
        """
        from quetsach.sieve.files import file_read  # Few sweeps have so many files.

        each = _module().read_files(
            self._kernel,
            files=[(location, size) for location, size, _ in files],
            ends=ends,
            choice=[(choice.head_lines, choice.sample_bytes) for _, _, choice in files],
            bounds=bounds,
            clock=clock_parts(signs.clock),
            header=signs.header,
            marker=signs.marker,
        )
        return [None if one is None else file_read(*one) for one in each]


def _as_lines(keys: Collection[bytes]) -> bytes:
    if isinstance(keys, KeyLines):
        return keys.text
    # A key that holds a newline is never met, as no line holds one.
    return b"\n".join(key for key in keys if b"\n" not in key)


def _as_numbers(keys: Collection[int]) -> Sequence[int]:
    return keys.column if isinstance(keys, KeyNumbers) else list(keys)


def rust_available() -> bool:
    """Return whether a compiled kernel is installed that fits."""
    return kernel_module() is not None


def _module() -> Any:
    if (module := kernel_module()) is None:
        raise ModuleNotFoundError("no quetsach_kernel of this version", name="quetsach_kernel")
    return module


def mapped_sieve(
    image: Path, keys: Callable[[], SieveKeys], inside: tuple[tuple[int, int], ...]
) -> Sieve:
    """Return a compiled sieve for `keys`, whose image is kept at `image` and mapped from there.

    An image that is missing or not sound is made again; where that fails, the keys stay in memory.
    """
    with suppress(OSError, ValueError):
        return RustSieve.opened(image, inside)
    built = RustSieve(keys())
    with suppress(OSError, ValueError):
        built.dump(image)
        return RustSieve.opened(image, inside)
    return built


def build_sieve(keys: SieveKeys, prefer: Literal["auto", "rust", "python"] = "auto") -> Sieve:
    """Return a sieve for `keys`; what it finds does not depend on which one it is.

    Errors: ModuleNotFoundError when `prefer` is "rust" and the kernel is not installed.
    """
    if prefer == "python" or (prefer == "auto" and not rust_available()):
        return PythonSieve(keys)

    return RustSieve(keys)


def lines_without(
    block: bytes, which: bytes, sets: Sequence[Sequence[tuple[bytes, bytes]]]
) -> bytes:
    """Return the lines of `block` with the hosts taken out; see `lines_taken_out` of line_rests."""
    return bytes(_module().lines_without(block, which, sets))


def literals_held(text: bytes, literals: Sequence[bytes]) -> frozenset[bytes]:
    """Return those of `literals` that `text` holds; a kernel looks through it once for all."""
    flags_of = getattr(kernel_module(), "literals_held", None)
    if flags_of is None:
        return plain_literals_held(text, literals)
    return frozenset(compress(literals, flags_of(text, literals)))

"""The compiled sieve, used where it is installed; the only file that imports it."""

from collections.abc import Collection, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import quetsach_kernel

from quetsach.sieve.contract import HourCounts, LineClock, Sieve, SieveKeys, SieveResult
from quetsach.sieve.key_columns import KeyLines, KeyNumbers
from quetsach.sieve.twin import PythonSieve, lines_with_prints


class RustSieve:
    """The sieve as the compiled kernel; see `Sieve` in contract.py for what it promises.

    Several threads may scan with one of them at once; no other Python waits meanwhile.
    """

    name = "rust"

    def __init__(self, keys: SieveKeys, *, portable: bool = False) -> None:
        """Compile `keys`; `portable` keeps to the code for any processor, to test it."""
        self._prints = keys.prints
        try:
            self._kernel = quetsach_kernel.Kernel(
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
            sieve._kernel = quetsach_kernel.Kernel.open(
                path, inside=list(inside), portable=portable
            )
        except OverflowError as err:
            raise ValueError("an address or prefix length is out of range") from err
        sieve._prints = frozenset(sieve._kernel.prints.split())
        return sieve

    def dump(self, path: Path) -> None:
        """Write the compiled keys, but for `inside`, to `path`; a file there is replaced at once.

        The file is for this machine and version: a cache, not an exchange. Errors: OSError.
        """
        self._kernel.dump(path)

    @property
    def path(self) -> str:
        """Return which code runs: "avx2", or "portable" on any other processor."""
        return str(self._kernel.path)

    def scan(
        self, block: bytes | bytearray | memoryview, clock: LineClock | None, marker: bytes | None
    ) -> SieveResult:
        """Return the tally of `block`, which must not be written to meanwhile; see contract.py."""
        where = None if clock is None else (clock.needle, clock.epoch, clock.length, clock.client)
        lines, candidates, marked, hours = self._kernel.scan(block, where, marker)
        if self._prints:
            # Few lists hold any: the plain code looks for them, and only then.
            candidates = lines_with_prints(bytes(block), self._prints, candidates)
        tallies = [HourCounts(*hour) for hour in hours]
        return SieveResult(lines, candidates, marked, tallies)


def _as_lines(keys: Collection[bytes]) -> bytes:
    if isinstance(keys, KeyLines):
        return keys.text
    # A key that holds a newline is never met, as no line holds one.
    return b"\n".join(key for key in keys if b"\n" not in key)


def _as_numbers(keys: Collection[int]) -> Sequence[int]:
    return keys.column if isinstance(keys, KeyNumbers) else list(keys)


def rust_available() -> bool:
    """Return whether the compiled kernel is installed."""
    return find_spec("quetsach_kernel") is not None


def build_sieve(keys: SieveKeys, prefer: Literal["auto", "rust", "python"] = "auto") -> Sieve:
    """Return a sieve for `keys`; what it finds does not depend on which one it is.

    Errors: ModuleNotFoundError when `prefer` is "rust" and the kernel is not installed.
    """
    if prefer == "python" or (prefer == "auto" and not rust_available()):
        return PythonSieve(keys)

    return RustSieve(keys)

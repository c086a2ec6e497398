"""How far a container may unpack, and the files in it as all readers hand them on."""

from collections.abc import Iterator
from dataclasses import dataclass

from quetsach.containers.refusal import ContainerRefused, RefusalCode

MIB, GIB = 1 << 20, 1 << 30


@dataclass(frozen=True)
class UnpackBounds:
    """How many files a container may hold, to how many bytes they may unpack, and by what factor.

    What unpacks to no more than `small` bytes may be packed as well as it likes. `any_name` accepts
    names that lead elsewhere: only for a reader that shows names and never writes under them.
    `fold_case` holds names for equal that differ in case alone, as Windows and office programs do.
    """

    entries: int
    unpacked: int
    ratio: int
    small: int
    any_name: bool = False
    fold_case: bool = True

    def most_from(self, packed: int) -> int:
        """Return how many bytes `packed` bytes may become."""
        return min(self.unpacked, max(self.small, self.ratio * packed))

    def budget(self, packed: int) -> "ByteBudget":
        """Return a budget for unpacking a container of `packed` bytes."""
        return ByteBudget(self.most_from(packed))


IN_OFFICE_FILES = UnpackBounds(entries=2_000, unpacked=100 * MIB, ratio=200, small=8 * MIB)
IN_ARCHIVES = UnpackBounds(
    # Logs of Linux machines may have names that differ in case alone (log.PC01, log.pc01).
    entries=5_000,
    unpacked=64 * GIB,
    ratio=200,
    small=64 * MIB,
    fold_case=False,
)


@dataclass
class ByteBudget:
    """How many bytes a container may still unpack to, in all its layers together."""

    limit: int
    spent: int = 0

    def spend(self, count: int) -> None:
        """Take `count` bytes from the budget.

        Errors: ContainerRefused SWELLS when fewer are left.
        """
        self.spent += count
        if self.spent > self.limit:
            raise ContainerRefused(RefusalCode.SWELLS, limit=self.limit)


@dataclass(frozen=True)
class Member:
    """A file of an archive: its name as written there, its time, its bytes, or its refusal.

    Units: `when` in seconds since 1970, 0 where unknown. Errors: `content` raises
    ContainerRefused after the last good piece, DamagedDataError for damage, and OSError.
    """

    name: str
    when: float
    content: Iterator[bytes]
    refusal: ContainerRefused | None = None

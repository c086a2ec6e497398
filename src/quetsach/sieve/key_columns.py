"""Keys for a sieve as columns: one text with a key a line, or numbers; none is an object.

A list of a million indicators would need a hundred megabytes as a set of bytes objects, and half a
second to be one; the kernel takes the text and the numbers as they are.
"""

from collections.abc import Collection, Iterator


class KeyLines(Collection[bytes]):
    """Names or hashes that stand one a line, each with its newline; it reads as them all."""

    def __init__(self, text: bytes) -> None:
        """Take the text; a key that it holds twice counts once for a sieve, and twice here."""
        self.text = text

    def __len__(self) -> int:
        return self.text.count(b"\n")

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.text.split(b"\n")[:-1])

    def __contains__(self, key: object) -> bool:
        return isinstance(key, bytes) and b"\n" + key + b"\n" in b"\n" + self.text


class KeyNumbers(Collection[int]):
    """IPv4 addresses as a column of unsigned numbers of 32 bits; it reads as them all."""

    def __init__(self, column: memoryview) -> None:
        """Take the column, which may be that of a mapped file."""
        self.column = column

    def __len__(self) -> int:
        return len(self.column)

    def __iter__(self) -> Iterator[int]:
        return iter(self.column)

    def __contains__(self, number: object) -> bool:
        return any(number == listed for listed in self.column)

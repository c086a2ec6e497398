"""Whether the first lines of a file are of a form: most of them must be, for files are mixed."""

from collections.abc import Callable, Iterator

_LOOK_AT = 50


def first_lines(head: bytes) -> Iterator[bytes]:
    """Yield the first lines of `head` that are not blank, without their line ends."""
    for line in head.split(b"\n", _LOOK_AT)[:_LOOK_AT]:
        if line.strip():
            yield line.rstrip(b"\r")


def mostly(head: bytes, is_ours: Callable[[bytes], object]) -> bool:
    """Return whether `is_ours` takes more than half of the first lines of `head`."""
    lines = list(first_lines(head))
    return 2 * sum(bool(is_ours(line)) for line in lines) > len(lines)


def first_of(head: bytes, is_ours: Callable[[bytes], object]) -> bytes:
    """Return the first line of `head` that `is_ours` takes, b"" where there is none."""
    return next((line for line in first_lines(head) if is_ours(line)), b"")

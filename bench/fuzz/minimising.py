"""From an input that shows a flaw to a small one that shows the same."""

import time
from collections.abc import Callable

MOST_TRIES = 1_500
MOST_SECONDS = 20.0


def minimised(content: bytes, shows: Callable[[bytes], bool]) -> bytes:
    """Return the smallest copy of `content` met for which `shows` is still true.

    Lines are left out first, then pieces of bytes, each time half as long.
    """
    until, tries = time.process_time() + MOST_SECONDS, 0

    def may_go_on() -> bool:
        nonlocal tries
        tries += 1
        return tries < MOST_TRIES and time.process_time() < until

    lines = content.split(b"\n")
    length = len(lines) // 2
    while length and len(lines) > 1:
        place = 0
        while place < len(lines) and may_go_on():
            shorter = lines[:place] + lines[place + length :]
            if shorter and shows(b"\n".join(shorter)):
                lines = shorter
            else:
                place += length
        length //= 2
    smallest = b"\n".join(lines)
    length = len(smallest) // 2
    while length:
        place = 0
        while place < len(smallest) and may_go_on():
            shorter_text = smallest[:place] + smallest[place + length :]
            if shows(shorter_text):
                smallest = shorter_text
            else:
                place += length
        length //= 2
    return smallest

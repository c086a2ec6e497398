"""Long answers for a person at a terminal, a page at a time."""

import io
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

UNPAGED = frozenset(
    (
        *("watch", "serve", "manage", "demo", "demo-live", "selftest", "planted", "fingerprints"),
        "completion",
    )
)
"""Commands whose words come while they work, or which only say that they are done; scripts."""

SUDO = "SUDO_UID"
"""The variable by which sudo says who may do this one thing as another user.

Source: systemd, pager_open: SYSTEMD_PAGERSECURE; CVE-2023-26604.
"""

_NONE = frozenset(("", "none", "cat", "off"))


def pager_words(wish: str | None, environ: Mapping[str, str]) -> list[str]:
    """Return the command of the pager, [] for none; `wish` goes before PAGER."""
    text = environ.get("PAGER", "less") if wish is None else wish
    try:
        words = shlex.split(text)
    except ValueError:
        return []
    if text.strip() in _NONE or environ.get("TERM") == "dumb":
        return []
    program = Path(shutil.which(words[0]) or "/").absolute()
    # On Windows a name is looked for in the current folder first, where the evidence may lie.
    if not program.name or (program.parent == Path.cwd() and words[0] == Path(words[0]).name):
        return []
    if SUDO in environ and program.name != "less":
        # A pager may start anything, and here it would be as root: less alone can be kept from it.
        return []
    return [str(program), *words[1:]]


class _KeptAnswer(io.TextIOWrapper):
    """Standard output that is kept until the end, and is a terminal all the same."""

    def isatty(self) -> bool:
        """Return True: colours are for a person."""
        return True


@contextmanager
def paged(words: Sequence[str]) -> Iterator[None]:
    """Keep what is printed within, and show it with the pager `words` where it is too long."""
    shown_on, kept = sys.stdout, _KeptAnswer(io.BytesIO(), encoding="utf-8", newline="")
    sys.stdout = kept
    try:
        yield
    finally:
        sys.stdout = shown_on
        kept.flush()
        content = kept.buffer.getvalue()  # type: ignore[attr-defined]  # it is a BytesIO
        if content.count(b"\n") < shutil.get_terminal_size().lines or not _page(words, content):
            shown_on.write(content.decode("utf-8", "backslashreplace"))
            shown_on.flush()


def _page(words: Sequence[str], content: bytes) -> bool:
    """Show `content` with the pager; False where that could not be started."""
    # Colours pass, a short text ends at once, and it stays on the screen.
    environment = {"LESS": "FRX", "LESSCHARSET": "utf-8", **os.environ}
    if SUDO in environment:
        environment["LESSSECURE"] = "1"
    try:
        subprocess.run(words, input=content, env=environment, check=False)
    except OSError:
        return False
    return True

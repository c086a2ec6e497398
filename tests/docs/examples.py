"""The examples of a page: fenced blocks of commands, with the output that the page shows.

A block of `console` is run; each command begins with `$ `, and what follows is its output, where
`...` stands for any text, or for any number of lines. A block of `sh` is not run, and a comment
before it says why: `<!-- not run: reason -->`.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_FENCE = re.compile(
    r"(?:^<!-- not run: (?P<reason>[^\n]+?) -->\n+)?"
    r"^```(?P<language>[a-z]*)\n(?P<text>.*?)^```",
    re.MULTILINE | re.DOTALL,
)
_SECONDS = re.compile(r"\b\d+(?:[.,]\d+)? (s|giây)\b")
_MARK = "=-=-="


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    line: int
    language: str
    text: str
    reason: str | None


@dataclass(frozen=True)
class Example:
    """A command and the output that the page shows."""

    line: int
    command: str
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What a command did: exit code, and its output and messages together."""

    code: int
    text: str


def pages_with_examples() -> list[str]:
    """Return the pages, from the root of the source, that have a block of `console`."""
    pages = [*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(
        page.relative_to(ROOT).as_posix()
        for page in pages
        if any(block.language == "console" for block in blocks(page.read_text("utf-8")))
    )


def blocks(text: str) -> list[Block]:
    """Return the fenced blocks of a page that begin at the margin."""
    return [
        Block(
            text.count("\n", 0, match.start("text")) + 1,
            match["language"],
            match["text"],
            match["reason"],
        )
        for match in _FENCE.finditer(text)
    ]


def examples(text: str) -> list[Example]:
    """Return the commands of all blocks of `console`, in order."""
    rows: list[Example] = []
    for block in blocks(text):
        if block.language != "console":
            continue
        lines = block.text.splitlines()
        for number, line in enumerate(lines):
            if line.startswith("$ "):
                command, shown, unfinished = line[2:], [], line.endswith("\\")
                for follower in lines[number + 1 :]:
                    if unfinished:
                        command += "\n" + follower
                        unfinished = follower.endswith("\\")
                    elif follower.startswith("$ "):
                        break
                    else:
                        shown.append(follower)
                rows.append(Example(block.line + number, command, tuple(shown)))
    return rows


def run(page: str, folder: Path, before: tuple[str, ...] = ()) -> list[tuple[Example, Outcome]]:
    """Run the examples of `page` one after the other in `folder`, in one shell as a reader would.

    `before` starts the shell, such as a script that brings a database.
    """
    rows = examples((ROOT / page).read_text("utf-8"))
    script = [f"{row.command}\necho; echo '{_MARK}' $?" for row in rows]
    bash = shutil.which("bash")
    assert bash is not None
    ended = subprocess.run(
        [*before, bash, "-c", "\n".join(script)],
        cwd=folder,
        env=_environment(page, folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=540,
        check=False,
    )
    parts = re.split(rf"\n?^{_MARK} (\d+)\n", ended.stdout, flags=re.MULTILINE)
    assert len(parts) == 2 * len(rows) + 1, ended.stdout[-2000:]
    return [
        (row, Outcome(int(parts[2 * index + 1]), parts[2 * index].removesuffix("\n")))
        for index, row in enumerate(rows)
    ]


def _environment(page: str, folder: Path) -> Mapping[str, str]:
    """Return the environment of a reader of `page`: its language, and a home in `folder`."""
    vietnamese = "/vi/" in page or page.endswith(".vi.md")
    kept = {name: value for name, value in os.environ.items() if name in ("HOME", "TMPDIR")}
    return {
        **kept,
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin:/usr/sbin:/sbin",
        "LANG": "vi_VN.UTF-8" if vietnamese else "en_US.UTF-8",
        "PYTHONUTF8": "1",
        "COLUMNS": "100",
        "QUETSACH_HOME": str(folder / "portal-home"),
        "QUETSACH_URL": "https://sach.example",
    }


def agrees(example: Example, text: str) -> bool:
    """Tell whether `text` is what the page shows; seconds may differ, `...` stands for anything."""
    pattern = ""
    for line in example.shown:
        if line == "...":
            pattern += r"(?:.*\n)*?"
        else:
            parts = [re.escape(part) for part in _SECONDS.sub(r"N \1", line).split("...")]
            pattern += ".*".join(parts) + r"[ ]*\n"
    came = _SECONDS.sub(r"N \1", text) + "\n" if text else ""
    return re.fullmatch(pattern, came) is not None

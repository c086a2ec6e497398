"""Record a first sweep in a terminal: `python -m tools.recording` writes the cast and its picture.

The cast is asciicast version 2 (docs.asciinema.org), which asciinema plays; the picture is an SVG
that moves by itself, without a script, for pages that show neither casts nor scripts.
"""

import fcntl
import html
import json
import os
import pty
import re
import select
import struct
import sys
import tempfile
import termios
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
CAST = ROOT / "docs/pictures/first-sweep.cast"
PICTURE = ROOT / "docs/pictures/first-sweep.svg"
COLUMNS, ROWS = 100, 28

COMMANDS = (
    "quetsach demo --out demo | head -n 1",
    "ls demo",
    "quetsach indicators check demo/indicators | head -n 4",
    "quetsach sweep demo/evidence -i demo/indicators --allow demo/allow --plan demo/units.csv"
    " --inventory demo/machines.csv --sources demo/sources.toml -o findings > result.txt",
    "head -n 11 result.txt; tail -n 2 result.txt",
    "quetsach why findings 97a65f5db3b92e27 | cut -c 1-100 | head -n 16",
    "quetsach report findings --form phu-luc-2022 --unit 'UBND huyện Trà Cú'",
)
PROMPT = "\x1b[32m$\x1b[0m "
KEY_S, READ_S, END_S = 0.035, 2.2, 4.0
"""How long a key takes, how long one looks at an answer, and at the last one."""

_MOST_WAIT_S = 1.0
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True)
class Event:
    """What came onto the screen at a second of the recording."""

    at: float
    text: str


def record(folder: Path) -> list[Event]:
    """Run the commands in `folder`, each in a terminal, and return what came onto the screen.

    The seconds are those of a reader: waiting is cut short, and each answer stays to be read.
    """
    events: list[Event] = []
    clock = 0.5
    for command in COMMANDS:
        events.append(Event(clock, PROMPT))
        clock += 0.6
        for key in command:
            events.append(Event(clock, key))
            clock += KEY_S
        events.append(Event(clock, "\r\n"))
        clock += 0.2
        for text in _output(command, folder):
            events.append(Event(clock, text))
            clock += 0.05
        clock += READ_S
    events.append(Event(clock, PROMPT))
    return events


def _output(command: str, folder: Path) -> Iterator[str]:
    """Yield what a command writes to a terminal, whole characters at a time."""
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(folder)
        path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
        environment = {"PATH": path, "LANG": "en_US.UTF-8", "TERM": "xterm-256color"}
        environment |= {"HOME": str(folder), "PYTHONUTF8": "1"}
        os.execve("/bin/sh", ["sh", "-c", command], environment)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    rest = b""
    while True:
        select.select([terminal], [], [], _MOST_WAIT_S)
        try:
            read = os.read(terminal, 65536)
        except OSError:  # The terminal is closed when the command ends.
            break
        if not read:
            break
        rest += read
        whole, _newline, rest = rest.rpartition(b"\n")
        if whole:
            yield from map(_last_written, whole.decode().split("\n"))
    if rest:
        yield _last_written(rest.decode())
    os.close(terminal)
    os.waitpid(process, 0)


def _last_written(line: str) -> str:
    """Return what a line shows in the end: a bar of progress is written over many times."""
    return line.rstrip("\r").rpartition("\r")[2] + "\r\n"


def cast_of(events: Sequence[Event]) -> str:
    """Return the recording as asciicast version 2."""
    header = {
        "version": 2,
        "width": COLUMNS,
        "height": ROWS,
        "title": "quetsach: a first sweep",
        "env": {"TERM": "xterm-256color", "SHELL": "/bin/sh"},
    }
    rows = [json.dumps(header), *(json.dumps([round(e.at, 3), "o", e.text]) for e in events)]
    return "\n".join(rows) + "\n"


def picture_of(events: Sequence[Event]) -> str:
    """Return the recording as an SVG: each line of output once, shown from its second on.

    The text stands on one long sheet that is drawn up as the terminal scrolls.
    """
    sheet = _Sheet()
    for event in events:
        sheet.write(event)
    whole = events[-1].at + END_S
    return sheet.picture(whole)


class _Sheet:
    """All lines that ever stood on the screen, with the second at which each part came."""

    def __init__(self) -> None:
        self.parts: list[tuple[int, int, float, str]] = []
        self.scrolls: list[tuple[float, int]] = [(0.0, 0)]
        self.line = self.column = 0

    def write(self, event: Event) -> None:
        """Add what came: its line, its column, its second, its text."""
        for piece in re.split(r"(\r?\n)", _ESCAPE.sub("", event.text)):
            if piece.endswith("\n"):
                self._next(event.at)
                continue
            text = piece.replace("\r", "")
            while text:
                room = COLUMNS - self.column
                if room == 0:
                    self._next(event.at)
                    continue
                self.parts.append((self.line, self.column, event.at, text[:room]))
                self.column += len(text[:room])
                text = text[room:]

    def _next(self, at: float) -> None:
        self.line, self.column = self.line + 1, 0
        top = max(0, self.line - ROWS + 1)
        if top > self.scrolls[-1][1]:
            self.scrolls.append((at, top))

    def picture(self, whole: float) -> str:
        """Return the SVG that takes `whole` seconds and begins anew."""
        wide, high, margin = 8.4, 18, 14
        width, height = COLUMNS * wide + 2 * margin, ROWS * high + 2 * margin
        steps = "".join(
            f"{100 * at / whole:.2f}%{{transform:translateY({-top * high}px)}}"
            for at, top in self.scrolls
        )
        last = self.scrolls[-1][1]
        rows = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}">',
            "<title>quetsach: a first sweep, as a recording of a terminal</title>",
            "<style>text{font:14px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;"
            "fill:#e6e6e6;white-space:pre}",
            f"@keyframes s{{{steps}to{{transform:translateY({-last * high}px)}}}}",
            f"#s{{animation:s {whole:.1f}s step-end infinite}}",
            "</style>",
            f'<rect width="{width:.0f}" height="{height}" rx="8" fill="#1d2430"/>',
            f'<svg x="{margin}" y="{margin}" width="{COLUMNS * wide}" height="{ROWS * high}">',
            '<g id="s">',
        ]
        rows += [
            self._text(part, whole, (wide, high)) for part in _joined(self.parts, seconds=0.12)
        ]
        return "\n".join([*rows, "</g></svg></svg>"]) + "\n"

    def _text(
        self, part: tuple[int, int, float, str], whole: float, size: tuple[float, int]
    ) -> str:
        line, column, at, text = part
        wide, high = size
        show = (
            f'<animate attributeName="visibility" values="hidden;visible" calcMode="discrete" '
            f'keyTimes="0;{at / whole:.4f}" dur="{whole:.1f}s" repeatCount="indefinite"/>'
        )
        return (
            f'<text x="{column * wide:.1f}" y="{line * high + 13}" '
            f'textLength="{len(text) * wide:.1f}">{html.escape(text)}{show}</text>'
        )


def _joined(
    parts: Sequence[tuple[int, int, float, str]], *, seconds: float
) -> list[tuple[int, int, float, str]]:
    """Return the parts with neighbours of a line that came within `seconds` as one."""
    rows: list[tuple[int, int, float, str]] = []
    for line, column, at, text in parts:
        if rows:
            before_line, before_column, before_at, before = rows[-1]
            follows = before_line == line and before_column + len(before) == column
            if follows and at - before_at < seconds:
                rows[-1] = (line, before_column, before_at, before + text)
                continue
        rows.append((line, column, at, text))
    return rows


def main() -> int:
    """Write the cast and the picture; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        events = record(Path(folder))
    CAST.write_text(cast_of(events), encoding="utf-8")
    PICTURE.write_text(picture_of(events), encoding="utf-8")
    for file in (CAST, PICTURE):
        print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1024} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

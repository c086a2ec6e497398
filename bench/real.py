"""Real files of others, swept as they are and grown: what a line of each form costs.

    python -m bench.real FOLDER [--size 50] [--write]

FOLDER holds a folder for each form (zeek-tsv, suricata-eve, firewall ...). The greatest
file of each is unpacked, repeated to SIZE MB (its head only once) and swept with the usual list;
beside it ripgrep reads the same file. A binary file is swept as it is.
"""

import argparse
import gzip
import shutil
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bench import machine, page
from bench.alone import MEGABYTE
from bench.lists import make_lists
from bench.match import FOUND, sweep
from bench.measure import Contestant, FailedError, Run, by_turns, ratios

BEGIN, END = "<!-- real: begin -->\n", "<!-- real: end -->\n"
NOT_LOGS = (".md", ".tsv")
OURS, RIPGREP = "quetsach", "ripgrep"


@dataclass(frozen=True)
class Real:
    """One form's file: `size` in bytes as it was swept, `grown` if it was repeated."""

    form: str
    name: str
    size: int
    grown: bool
    runs: dict[str, list[Run]]
    lines: int
    without_hour: int


def greatest(folder: Path) -> Path | None:
    """Return the greatest file of a form's folder that may be a log."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix not in NOT_LOGS]
    return max(files, key=lambda path: (path.stat().st_size, path.name), default=None)


def grown(source: Path, target: Path, size: int) -> bool:
    """Write `source` to `target`, unpacked and repeated to `size` bytes.

    Returns False if it is no text of lines, and was only copied.
    """
    text = source.read_bytes()
    if source.suffix == ".gz":
        text = gzip.decompress(text)
    if b"\0" in text[:65536] or text[:1] == b"[" or text[:2] in (b"PK", b"\x1f\x8b"):
        shutil.copyfile(source, target)
        return False
    lines = text.splitlines(keepends=True)
    head = 0
    while head < len(lines) and lines[head].startswith(b"#"):
        head += 1
    body = b"".join(line for line in lines[head:] if not line.startswith(b"#close"))
    if body and not body.endswith(b"\n"):
        body += b"\n"
    with target.open("wb") as file:
        file.writelines(lines[:head])
        file.writelines([body] * max(1, size // max(1, len(body))))
    return True


def measured(folder: Path, out: Path, size: int, rounds: int) -> Iterator[Real]:
    """Sweep the greatest file of each form."""
    listed = out / "list.txt"
    listed.write_text(make_lists(100_000, 20_000).text())
    for form in sorted(path for path in folder.iterdir() if path.is_dir()):
        source = greatest(form)
        if source is None:
            continue
        log = out / source.name.removesuffix(".gz")
        again = grown(source, log, size)
        findings = out / "findings"
        search = ["rg", "-F", "-f", str(listed), str(log)]
        rivals = [Contestant(RIPGREP, search, good=FOUND)] if shutil.which("rg") else []
        ours = sweep(log, listed, findings, OURS)
        ours = Contestant(OURS, ours.command, ours.before, (0, 1, 3))
        try:
            runs = by_turns([ours, *rivals], rounds)
        except FailedError as error:
            print(f"{form.name}: {error}", file=sys.stderr)
            continue
        lines, timeless = _read(findings)
        yield Real(form.name, source.name, log.stat().st_size, again, runs, lines, timeless)
        log.unlink()


def _read(findings: Path) -> tuple[int, int]:
    """Return how many lines were read, and how many of them have no hour."""
    sources = msgspec.json.decode((findings / "coverage.json").read_bytes())["sources"]
    lines = sum(source["lines"] or 0 for source in sources)
    return lines, sum(source["lines_without_hour"] or 0 for source in sources)


def table(rows: list[Real]) -> str:
    """Return the figures as Markdown."""
    lines = [
        "| form | its greatest file | swept, MB | seconds, processor, peak MB | MB/s of processor "
        "| lines, without an hour | faster than ripgrep |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in rows:
        ours = one.runs[OURS]
        seconds = statistics.median(run.seconds for run in ours)
        processor = statistics.median(run.processor for run in ours)
        faster = "–"
        if RIPGREP in one.runs and one.grown:
            faster = f"{statistics.median(ratios(one.runs[RIPGREP], ours)):.1f}x"
        size = one.size / MEGABYTE
        lines.append(
            f"| {one.form} | {one.name} | {size:,.1f} | {seconds:.2f}, {processor:.2f}, "
            f"{max(run.peak_mb for run in ours):,.0f} | {size / processor:,.0f} "
            f"| {one.lines:,}, {one.without_hour:,} | {faster} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write the table where asked."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.real",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=int, default=50, help="grown to so many MB")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("out/real"))
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    shutil.rmtree(options.out, ignore_errors=True)
    options.out.mkdir(parents=True)
    described = machine.described()
    try:
        size = options.size * MEGABYTE
        rows = list(measured(options.folder, options.out, size, options.rounds))
    finally:
        shutil.rmtree(options.out)
    text = f"{described}\n\n{table(rows)}"
    print(text)
    if options.write:
        page.PAGE.write_text(page.written(page.PAGE.read_text(), text, BEGIN, END))


if __name__ == "__main__":
    main()

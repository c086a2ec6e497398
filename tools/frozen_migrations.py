"""Migrations that have landed never change: their digests, and the check that holds them.

`python -m tools.frozen_migrations` adds the digests of new migrations to migrations.lock; with
`--check` it writes nothing, and names each migration that was changed, lost or not yet listed.
"""

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = Path("tools/migrations.lock")
MIGRATIONS = "src/quetsach_portal/*/migrations/0*.py"


def digests(root: Path) -> dict[str, str]:
    """Return the SHA-256 of each migration file under `root`, by path."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.glob(MIGRATIONS))
    }


def read_lock(text: str) -> dict[str, str]:
    """Return the digests of a lock file, by path."""
    rows = (line.split("  ", 1) for line in text.splitlines() if line)
    return {path: digest for digest, path in rows}


def flaws(locked: Mapping[str, str], present: Mapping[str, str]) -> Iterator[str]:
    """Return a sentence for each migration that is not as it landed."""
    for path, digest in locked.items():
        if path not in present:
            yield f"{path} is gone: a migration that landed stays; add a new one instead"
        elif present[path] != digest:
            yield f"{path} was changed: undo it, and add a new migration instead"
    for path in present.keys() - locked.keys():
        yield f"{path} is not in {LOCK}: python -m tools.frozen_migrations adds it"


def rows_taken_out(root: Path) -> list[str]:
    """Return the rows that a commit took out of the lock file, which nobody may do.

    Empty, too, where `root` is no Git checkout: an unpacked archive has no history to ask.
    """
    if not (root / ".git").exists():
        return []
    words = ["git", "log", "--format=", "--patch", "--no-color", "--unified=0", "--", str(LOCK)]
    history = subprocess.run(words, cwd=root, capture_output=True, text=True, check=True).stdout
    return re.findall(r"^-([0-9a-f]{64}  .+)$", history, re.MULTILINE)


def main(arguments: Sequence[str]) -> int:
    """Add what is new, or check; return the exit code."""
    lock = ROOT / LOCK
    locked = read_lock(lock.read_text()) if lock.exists() else {}
    present = digests(ROOT)
    if "--check" not in arguments:
        added = present.keys() - locked.keys()
        rows = {**locked, **{path: present[path] for path in added}}
        lock.write_text("".join(f"{rows[path]}  {path}\n" for path in sorted(rows)))
        locked = rows
    problems = [*flaws(locked, present), *rows_taken_out(ROOT)]
    for problem in problems:
        print(problem, file=sys.stderr)
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

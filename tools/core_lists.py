"""Write the warning lists that quetsach brings itself: `python -m tools.core_lists [--check]`.

They are those of MISP (CC0-1.0 or BSD-2-Clause, as one chooses) as the package of the lock has
them, without the lists of a million sites and of the hashes of harmless files, which are seven
eighths of all: resolvers, content delivery networks, top sites and their like accuse nobody then,
also where that package is not installed.
"""

import json
import lzma
import sys
from pathlib import Path

from quetsach.indicators.allow.classes import class_of
from quetsach.indicators.allow.lists import is_read
from quetsach.indicators.allow.warning_lists import CORE_LISTS, NOT_IN_CORE, misp_lists
from quetsach.indicators.read import files_of


def rows_of(folder: Path) -> bytes:
    """Return the lists of a folder as JSON lines."""
    rows = []
    for file in files_of(folder):
        warning = json.loads(file.read_bytes())
        if is_read(warning.get("type", "string")) and class_of(warning["name"]) not in NOT_IN_CORE:
            kept = {key: warning[key] for key in ("name", "type", "list") if key in warning}
            rows.append(json.dumps(kept, ensure_ascii=False, separators=(",", ":")))
    return "\n".join(rows).encode()


def main(words: list[str]) -> int:
    """Write the file, or say with `--check` that it is stale."""
    rows = rows_of(misp_lists())
    if words != ["--check"]:
        # The same bytes from all versions of lzma: no check sum that only some know.
        CORE_LISTS.write_bytes(lzma.compress(rows, preset=9, check=lzma.CHECK_CRC32))
        return 0
    if lzma.decompress(CORE_LISTS.read_bytes()) == rows:
        return 0
    print("The warning lists of the core are stale: python -m tools.core_lists", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`python -m tools.supply sbom FOLDER | notice | check`: bills of materials, NOTICE, licences.

`check` ends with 1 where a licence is not allowed or NOTICE is stale. Without cargo, or before the
kernel was built once, crates are left out and that is said.
"""

import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from quetsach import __version__
from tools.supply.checking import faults
from tools.supply.licences import LicenceTable, read_table
from tools.supply.notice import notice
from tools.supply.parts import (
    BUILDS,
    ROOT,
    BuildPart,
    cargo_metadata,
    crate_parts,
    for_this_system,
    kernel_of,
    lock_of,
    needs_of_project,
    python_parts,
)
from tools.supply.sbom import bill

_NOTICE = ROOT / "NOTICE"
_CRATE_LOCK = ROOT / "kernel/Cargo.lock"


def main(arguments: Sequence[str]) -> int:
    """Do one of the three; return the exit code."""
    table = read_table()
    packages = python_parts(table)
    match list(arguments):
        case ["sbom", folder]:
            return _write_bills(Path(folder), table)
        case ["notice"]:
            _NOTICE.write_text(notice(table, _noted(table), _crates()), "utf-8")
            return 0
        case ["check"]:
            return _check(table, packages)
    print(__doc__, file=sys.stderr)
    return 2


def _noted(table: LicenceTable) -> list[BuildPart]:
    # Spark is not installed everywhere, and NOTICE must be the same from every place.
    return python_parts(table, lock_of("portal"))


def _crates() -> list[BuildPart]:
    return crate_parts(cargo_metadata(), _checksums())


def _checksums() -> dict[str, str]:
    rows = tomllib.loads(_CRATE_LOCK.read_text("utf-8"))["package"]
    return {f"{row['name']}@{row['version']}": row.get("checksum", "") for row in rows}


def _write_bills(folder: Path, table: LicenceTable) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for build in BUILDS:
        name = "quetsach" if build == "core" else f"quetsach-{build}"
        parts = for_this_system(python_parts(table, lock_of(build)), build)
        text = bill("quetsach", __version__, parts, needs_of_project(build))
        (folder / f"{name}.cdx.json").write_text(text, "utf-8")
        print(f"{folder / name}.cdx.json: {len(parts)} packages")
    try:
        said = cargo_metadata()
    except (OSError, subprocess.CalledProcessError):
        print("No bill of the kernel: cargo or its crates are not here.", file=sys.stderr)
        return 0
    crates = crate_parts(said, _checksums())
    version, needs = kernel_of(said)
    text = bill("quetsach-kernel", version, crates, needs)
    (folder / "quetsach-kernel.cdx.json").write_text(text, "utf-8")
    running = sum(part.runs for part in crates)
    print(
        f"{folder / 'quetsach-kernel.cdx.json'}: {running} crates, {len(crates) - running} to build"
    )
    return 0


def _check(table: LicenceTable, packages: Sequence[BuildPart]) -> int:
    try:
        crates = _crates()
    except (OSError, subprocess.CalledProcessError):
        print("   No cargo, or no crates yet: the kernel's licences are not checked.")
        crates = []
    problems = list(faults(table, packages, crates, ROOT))
    if crates and _NOTICE.read_text("utf-8") != notice(table, _noted(table), crates):
        problems.append("NOTICE is stale; to put it right: python -m tools.supply notice")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

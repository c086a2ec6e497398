"""Whether two folders hold the same wheels, byte for byte; else which files in them differ."""

import hashlib
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path


def differences(first: Path, second: Path) -> Iterator[str]:
    """Yield a line for each wheel of two folders that only one has or that differs."""
    names = {path.name for folder in (first, second) for path in folder.glob("*.whl")}
    for name in sorted(names):
        pair = (first / name, second / name)
        if not all(path.exists() for path in pair):
            yield f"{name}: only one build made it"
        elif pair[0].read_bytes() != pair[1].read_bytes():
            yield f"{name}: differs in {', '.join(_members(*pair)) or 'its ZIP alone'}"


def _members(first: Path, second: Path) -> list[str]:
    contents = []
    for path in (first, second):
        with zipfile.ZipFile(path) as wheel:
            contents.append({name: wheel.read(name) for name in wheel.namelist()})
    names = sorted(contents[0].keys() | contents[1].keys())
    return [name for name in names if contents[0].get(name) != contents[1].get(name)]


def main(arguments: Sequence[str]) -> int:
    """Compare two folders; print the digest of each wheel that is the same in both."""
    first, second = (Path(argument) for argument in arguments)
    wheels = sorted(first.glob("*.whl"))
    problems = list(differences(first, second))
    for problem in problems:
        print(problem, file=sys.stderr)
    for path in wheels:
        if not any(problem.startswith(path.name) for problem in problems):
            print(f"same: {path.name} sha256 {hashlib.sha256(path.read_bytes()).hexdigest()}")
    return 1 if problems or not wheels else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""True samples: what the repository's own tests give to a reader, and what its writers make."""

import ast
import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_SHORTEST = 24


@cache
def texts_in(*tests: str, least: int = _SHORTEST) -> tuple[bytes, ...]:
    """Return the texts, bytes and documents of JSON that stand in these test files, each once.

    Shapes: `tests` are paths below the folder of the tests, files or folders.
    """
    paths: list[Path] = []
    for name in tests:
        path = ROOT / "tests" / name
        paths += sorted(path.rglob("test_*.py")) if path.is_dir() else [path]
    found: dict[bytes, None] = {}
    for path in paths:
        for content in _literals(ast.parse(path.read_bytes())):
            if len(content) >= least:
                found[content] = None
    return tuple(found)


def _literals(tree: ast.AST) -> Iterator[bytes]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            yield (
                node.value.encode("utf-8", "surrogatepass")
                if isinstance(node.value, str)
                else node.value
            )
        elif isinstance(node, ast.Dict | ast.List) and isinstance(
            getattr(node, "ctx", ast.Load()), ast.Load
        ):
            try:
                yield json.dumps(ast.literal_eval(node), ensure_ascii=False).encode()
            except (ValueError, TypeError, UnicodeEncodeError, MemoryError, RecursionError):
                continue


def files_in(*folders: str, suffixes: Sequence[str] = ()) -> list[bytes]:
    """Return the files below these folders of the repository, sorted, with one of `suffixes`."""
    paths = (path for folder in folders for path in sorted((ROOT / folder).rglob("*")))
    return [
        path.read_bytes()
        for path in paths
        if path.is_file() and (not suffixes or path.suffix in suffixes)
    ]

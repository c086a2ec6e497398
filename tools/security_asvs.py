"""The page of security requirements: which test proves which requirement of OWASP ASVS 5.0.

The requirements stand in security_asvs.toml, by ids and in words of our own. A test names what
it proves: `@pytest.mark.asvs("V7.3.1")`, or a list in its file's `pytestmark`.
"""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

_ROOT = Path(__file__).parents[1]
REQUIREMENTS = Path(__file__).with_name("security_asvs.toml")
_TESTS = _ROOT / "tests"
_ID = re.compile(r"V\d{1,2}\.\d{1,2}\.\d{1,2}")


class BadMarkError(ValueError):
    """A mark or a row of the table that cannot be."""


def read_requirements(text: str) -> dict[str, dict[str, str]]:
    """Return the rows by id: `level`, `is`, and `reason` where no test can prove it.

    Errors: BadMarkError for a row without words or with an id that is none.
    """
    rows: dict[str, dict[str, str]] = {}
    for asvs_id, row in tomllib.loads(text).items():
        if not _ID.fullmatch(asvs_id) or not row.get("is") or row.get("level") not in (1, 2, 3):
            raise BadMarkError(f"{asvs_id}: an id of three numbers, a level from 1 to 3, and words")
        rows[asvs_id] = {key: str(words) for key, words in row.items()}
    return rows


def marks_of(source: str) -> Iterator[tuple[str, str]]:
    """Yield id and name of test for each mark in a file; "" for one of the whole file."""
    tree = ast.parse(source)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for asvs_id in _ids_in(node.decorator_list):
                yield asvs_id, node.name
        elif isinstance(node, ast.Assign) and _names(node) == ["pytestmark"]:
            for asvs_id in _ids_in([node.value]):
                yield asvs_id, ""


def _names(node: ast.Assign) -> list[str]:
    return [target.id for target in node.targets if isinstance(target, ast.Name)]


def _ids_in(nodes: list[ast.expr]) -> Iterator[str]:
    for call in (inner for node in nodes for inner in ast.walk(node)):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.asvs":
            for argument in call.args:
                yield str(ast.literal_eval(argument))


def proofs(folder: Path = _TESTS) -> dict[str, list[str]]:
    """Return the tests by the id that they prove, as `path::name` below the repository."""
    proved: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("test_*.py")):
        source = path.read_text(encoding="utf-8")
        if "mark.asvs" not in source:
            continue
        place = path.relative_to(folder.parent).as_posix()
        for asvs_id, name in marks_of(source):
            proved.setdefault(asvs_id, []).append(f"{place}::{name}" if name else place)
    return proved


def asvs_page(rows: Mapping[str, Mapping[str, str]], proved: Mapping[str, list[str]]) -> str:
    """Return the table and what it says in all. Errors: BadMarkError for a mark without a row."""
    if unknown := sorted(set(proved) - set(rows)):
        raise BadMarkError(f"no such row in {REQUIREMENTS.name}: {', '.join(unknown)}")
    wanted = {asvs_id: row for asvs_id, row in rows.items() if "reason" not in row}
    tested = [asvs_id for asvs_id in wanted if asvs_id in proved]
    lines = [
        f"{len(rows)} requirements stand here so far: {len(tested)} of {len(wanted)} that apply "
        f"have a test that names them, {len(rows) - len(wanted)} do not apply or are proved "
        "otherwise. Requirements that do not stand here have not been gone through yet.",
        "",
        "| id | level | what is asked, in our words | proved by |",
        "|---|---|---|---|",
    ]
    for asvs_id, row in sorted(rows.items(), key=lambda item: _order(item[0])):
        tests = "<br>".join(f"`{test}`" for test in dict.fromkeys(proved.get(asvs_id, [])))
        proof = tests or row.get("reason", "**no test yet**")
        lines.append(f"| {asvs_id} | {row['level']} | {row['is']} | {proof} |")
    return "\n".join(lines)


def _order(asvs_id: str) -> list[int]:
    return [int(number) for number in asvs_id[1:].split(".")]

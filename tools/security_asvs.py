"""The page of security requirements: which test proves which requirement of OWASP ASVS 5.0.

The requirements stand in security_asvs.toml, by ids and in words of our own; ids and levels of the
published file in security_asvs_ids.txt. A test names what it proves:
`@pytest.mark.asvs("V7.3.1")`, or a list in its file's `pytestmark`.
`python -m tools.security_asvs` prints how many are proved.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

_ROOT = Path(__file__).parents[1]
REQUIREMENTS = Path(__file__).with_name("security_asvs.toml")
PUBLISHED = Path(__file__).with_name("security_asvs_ids.txt")
_TESTS = _ROOT / "tests"
_SECTION = re.compile(r"(V\d{1,2}\.\d{1,2}) ([123]+)")
_KEYS = {"is", "out", "why"}
WHOLE_LEVELS = (1, 2)
"""All requirements of these levels stand in the table; those of level 3 where they are met."""


class BadMarkError(ValueError):
    """A mark or a row of the table that cannot be."""


def read_levels(text: str) -> dict[str, int]:
    """Return the level of each published requirement by its id, in the published order."""
    levels: dict[str, int] = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        match = _SECTION.fullmatch(line)
        if match is None:
            raise BadMarkError(f"{PUBLISHED.name}: {line!r} is no section with its levels")
        for number, level in enumerate(match[2], 1):
            levels[f"{match[1]}.{number}"] = int(level)
    return levels


def read_requirements(text: str, levels: Mapping[str, int]) -> dict[str, dict[str, str]]:
    """Return the rows by id: `is`; `out` where it does not apply, `why` where no test proves it.

    Errors: BadMarkError for a row without words, or whose id was not published; and for each
    published requirement of WHOLE_LEVELS that has no row.
    """
    rows: dict[str, dict[str, str]] = {}
    for asvs_id, row in tomllib.loads(text).items():
        if asvs_id not in levels:
            raise BadMarkError(f"{asvs_id}: ASVS 5.0.0 has no such id")
        if not row.get("is") or not set(row) <= _KEYS or len(row) > 2 or not all(row.values()):
            raise BadMarkError(f"{asvs_id}: `is` in words, and `out` or `why` or neither")
        rows[asvs_id] = {key: str(words) for key, words in row.items()}
    missing = [asvs_id for asvs_id in levels if asvs_id not in rows]
    if missing := [asvs_id for asvs_id in missing if levels[asvs_id] in WHOLE_LEVELS]:
        raise BadMarkError(f"without a row: {', '.join(missing)}")
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


def refuse_contradictions(
    rows: Mapping[str, Mapping[str, str]], proved: Mapping[str, list[str]]
) -> None:
    """Accept rows and marks that agree.

    Errors: BadMarkError for a mark without a row, and for a row that says it has no test and has.
    """
    if unknown := sorted(set(proved) - set(rows), key=order):
        raise BadMarkError(f"no such row in {REQUIREMENTS.name}: {', '.join(unknown)}")
    if tested := [asvs_id for asvs_id in proved if len(rows[asvs_id]) > 1]:
        raise BadMarkError(f"`out` or `why`, and a test as well: {', '.join(tested)}")


def share(rows: Mapping[str, Mapping[str, str]], proved: Mapping[str, list[str]]) -> str:
    """Return in one line how many of the requirements that apply are proved by tests."""
    wanted = [asvs_id for asvs_id, row in rows.items() if "out" not in row]
    tested = sum(asvs_id in proved for asvs_id in wanted)
    named = sum("why" in rows[asvs_id] for asvs_id in wanted)
    return (
        f"{len(rows)} requirements: {len(rows) - len(wanted)} do not apply. Of {len(wanted)} that "
        f"apply, {tested} ({100 * tested // len(wanted)} %) have a test that names them, {named} a "
        f"reason why none does, {len(wanted) - tested - named} neither."
    )


def asvs_page(
    rows: Mapping[str, Mapping[str, str]],
    proved: Mapping[str, list[str]],
    levels: Mapping[str, int],
) -> str:
    """Return the table and what it says in all. Errors: as `refuse_contradictions`."""
    refuse_contradictions(rows, proved)
    lines = [
        f"{share(rows, proved)} All requirements of levels 1 and 2 stand here; of level 3 those "
        "that are met.",
        "",
        "| id | level | what is asked, in our words | proved by |",
        "|---|---|---|---|",
    ]
    for asvs_id, row in sorted(rows.items(), key=lambda item: order(item[0])):
        tests = "<br>".join(f"`{test}`" for test in dict.fromkeys(proved.get(asvs_id, [])))
        lines.append(f"| {asvs_id} | {levels[asvs_id]} | {row['is']} | {tests or _without(row)} |")
    return "\n".join(lines)


def _without(row: Mapping[str, str]) -> str:
    if "out" in row:
        return f"does not apply: {row['out']}"
    return f"no test: {row['why']}" if "why" in row else "**no test yet**"


def order(asvs_id: str) -> list[int]:
    """Return by what ids are put in order."""
    return [int(number) for number in asvs_id[1:].split(".")]


def main() -> int:
    """Print the share, and what has neither test nor reason; return the exit code."""
    rows = read_requirements(
        REQUIREMENTS.read_text("utf-8"), read_levels(PUBLISHED.read_text("utf-8"))
    )
    proved = proofs()
    try:
        refuse_contradictions(rows, proved)
    except BadMarkError as error:
        print(error, file=sys.stderr)
        return 1
    print(share(rows, proved))
    for asvs_id, row in rows.items():
        if len(row) == 1 and asvs_id not in proved:
            print(f"{asvs_id}: no test and no reason: {row['is']}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())

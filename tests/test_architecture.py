"""The index of ARCHITECTURE.md: each path is there, and holds the function that it names."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([^|]+) \| `(src/[^`]+)` \| `(\w+)` \|$", TEXT, re.MULTILINE)


def test_the_index_answers_what_a_newcomer_asks() -> None:
    questions = " ".join(question for question, _path, _name in ROWS)
    for words in (
        "log format",
        "device is named",
        "total is added up",
        "letter is released",
        "judged clean",
        "mail is sent",
        "stranger's file",
    ):
        assert words in questions


@pytest.mark.parametrize(("question", "path", "name"), ROWS)
def test_each_path_holds_what_it_is_named_for(question: str, path: str, name: str) -> None:
    module = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    defined = {
        target
        for node in module.body
        for target in (
            [node.name]
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
            else [ast.unparse(node.target)]
            if isinstance(node, ast.AnnAssign)
            else []
        )
    }
    assert name in defined, question


def test_the_page_stays_short_and_names_no_file_that_is_not_there() -> None:
    assert len(TEXT.splitlines()) <= 250
    packages = ("src/quetsach", "src/quetsach_portal", "src/quetsach_public", "")
    for path in set(re.findall(r"`([a-z_]+(?:/[a-z_0-9]+)+\.py)`", TEXT)):
        assert any((ROOT / package / path).exists() for package in packages), path

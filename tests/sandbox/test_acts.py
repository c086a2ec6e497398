"""Each act is a string, "module:function"; each one in the tree can be imported and takes two.

What is loaded ahead (`load_ahead`) is named the same way and takes nothing.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
SHAPE = re.compile(r"quetsach\w*(?:\.\w+)+:\w+")
USES_SANDBOX = re.compile(r"^from quetsach\.sandbox\b", re.MULTILINE)


def acts() -> Iterator[str]:
    """Yield each string of the shape of an act in the modules that use the sandbox."""
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if not USES_SANDBOX.search(text):
            continue
        constants = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
        for node in constants:
            if isinstance(node.value, str) and SHAPE.fullmatch(node.value):
                yield node.value


NAMED = tuple(acts())
ACTS = tuple(one for one in NAMED if not one.endswith(":load_ahead"))


def test_the_walk_finds_those_of_engine_and_portal() -> None:
    assert len(ACTS) == len(set(ACTS)) >= 8
    assert {act.partition(".")[0] for act in ACTS} == {"quetsach", "quetsach_portal"}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_takes_bytes_and_a_report_of_progress_and_returns_bytes(act: str) -> None:
    module, _colon, name = act.partition(":")
    signature = inspect.signature(getattr(import_module(module), name))
    given, report = signature.parameters.values()
    assert (given.annotation, signature.return_annotation) in ((bytes, bytes), ("bytes", "bytes"))
    assert "ReportProgress" in str(report.annotation) or "Callable" in str(report.annotation)


@pytest.mark.parametrize("name", sorted(set(NAMED) - set(ACTS)))
def test_what_is_loaded_ahead_takes_nothing(name: str) -> None:
    module, _colon, function = name.partition(":")
    assert not inspect.signature(getattr(import_module(module), function)).parameters

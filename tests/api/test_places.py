"""The front of the API: what it names is there, and nothing is loaded before it is asked for."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from quetsach import api
from quetsach.api.places import PLACES

HEAVY = ("pyarrow", "numpy", "quetsach.formats", "quetsach.indicators", "quetsach.documents")
FRONT = Path(api.__path__[0])


def typed() -> dict[str, str]:
    """Return what the type checker sees of the front, as PLACES has it."""
    tree = ast.parse((FRONT / "__init__.py").read_text(encoding="utf-8"))
    blocks = [node for node in tree.body if isinstance(node, ast.If)]
    return {
        one.asname or one.name: f"{node.module}:{one.name}" if one.asname else str(node.module)
        for node in blocks[0].body
        if isinstance(node, ast.ImportFrom)
        for one in node.names
    }


def test_type_checkers_programs_and_readers_see_the_same_names() -> None:
    assert typed() == PLACES
    assert sorted(api.__all__) == sorted([*PLACES, "__version__"])
    assert set(api.__all__) <= set(dir(api))


@pytest.mark.parametrize("name", sorted(PLACES))
def test_each_name_is_what_its_place_holds(name: str) -> None:
    module, _colon, its_name = PLACES[name].partition(":")
    assert getattr(api, name) is getattr(import_module(module), its_name or name)


def test_no_module_of_the_package_hides_a_name() -> None:
    assert not {path.stem for path in FRONT.glob("*.py")} & set(api.__all__)


def test_a_name_that_is_not_there_is_told_as_any_other() -> None:
    with pytest.raises(AttributeError, match=r"quetsach\.api.*nothing_like_it"):
        _ = api.nothing_like_it  # type: ignore[attr-defined]  # it is what is asked


@pytest.mark.parametrize("script", ["import quetsach.api", "from quetsach.api import in_language"])
def test_nothing_heavy_is_loaded_before_it_is_asked_for(script: str) -> None:
    script = f"import sys; {script}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert not set(HEAVY) & set(run.stdout.decode().split())

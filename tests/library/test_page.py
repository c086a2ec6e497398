"""docs/python.md names every public name, every argument and every member of what calls give."""

import inspect
import re
from pathlib import Path

import pytest

import quetsach

PAGE = (Path(__file__).parents[2] / "docs/python.md").read_text("utf-8")
_INLINE = re.sub(r"^```.*?^```", "", PAGE, flags=re.MULTILINE | re.DOTALL)
CODE = {word for text in re.findall(r"`([^`]+)`", _INLINE) for word in re.findall(r"\w+", text)}
CALLS = [name for name in quetsach.__all__ if inspect.isfunction(getattr(quetsach, name))]
RESULTS = (quetsach.FindingsFolder, quetsach.IndicatorList, quetsach.ParsedText)
INTERNAL = {"findings", "temporary", "indicators"}
"""Values of the engine that a result is made from."""


def test_every_public_name_is_on_the_page() -> None:
    assert set(quetsach.__all__) - {"__version__"} <= CODE


@pytest.mark.parametrize("name", sorted(set(CALLS) - {"who_each"}))
def test_every_argument_of_a_call_is_in_its_row(name: str) -> None:
    row = re.search(rf"^\| `{name}\(([^)]*)\)`", PAGE, re.MULTILINE)
    assert row is not None
    arguments = [word.strip() for word in row[1].split(",")]
    assert [word for word in arguments if word != "*"] == list(
        inspect.signature(getattr(quetsach, name)).parameters
    )


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: result.__name__)
def test_every_member_of_a_result_is_on_the_page(result: type) -> None:
    fields = getattr(result, "__dataclass_fields__", {})
    members = {name for name in (*vars(result), *fields) if not name.startswith("_")}
    assert members - INTERNAL <= CODE


def test_every_call_says_its_errors() -> None:
    silent = [name for name in CALLS if "Errors:" not in (getattr(quetsach, name).__doc__ or "")]
    assert silent == []

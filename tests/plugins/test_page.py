"""The pages of plugins show the example package as it is, and name what a package may use."""

import re
from pathlib import Path

import pytest

import quetsach.plugins
from tests.plugins.test_example_package import EXAMPLE

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("plugins.md", "vi/plugins.md")


def text_of(page: str) -> str:
    return (DOCS / page).read_text("utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_the_blocks_of_the_page_stand_in_the_example_package(page: str) -> None:
    files = [path for path in EXAMPLE.rglob("*") if path.suffix in (".py", ".toml")]
    texts = [path.read_text("utf-8") for path in files]
    blocks = re.findall(r"^```(?:toml|python)\n(.*?)^```", text_of(page), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 6
    assert [block for block in blocks if not any(block in text for text in texts)] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_page_has_each_group_and_kind(page: str) -> None:
    for name in ("formats", "dialects", "list_forms", "outputs", "exports"):
        assert f"`quetsach.{name}`" in text_of(page)
    for kind in ("Format", "ListFormat", "Output", "Export"):
        assert hasattr(quetsach.plugins, kind)
        assert f"`{kind}`" in text_of(page)

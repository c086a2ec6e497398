"""docs/plugins.md shows the example package as it is, and names what a package may use."""

import re
from pathlib import Path

import quetsach.plugins
from tests.plugins.test_example_package import EXAMPLE

PAGE = (Path(__file__).parents[2] / "docs/plugins.md").read_text("utf-8")


def test_the_blocks_of_the_page_stand_in_the_example_package() -> None:
    files = [path for path in EXAMPLE.rglob("*") if path.suffix in (".py", ".toml")]
    texts = [path.read_text("utf-8") for path in files]
    blocks = re.findall(r"^```(?:toml|python)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 6
    assert [block for block in blocks if not any(block in text for text in texts)] == []


def test_the_page_has_each_group_and_kind() -> None:
    for name in ("formats", "dialects", "list_forms", "outputs", "exports"):
        assert f"`quetsach.{name}`" in PAGE
    for kind in ("Format", "ListFormat", "Output", "Export"):
        assert hasattr(quetsach.plugins, kind)
        assert f"`{kind}`" in PAGE

"""Links of the pages lead to a file that is there, and to a heading of it."""

import re
from pathlib import Path

import pytest

from tests.test_repository import ROOT, pages

_FENCED = re.compile(r"^[ >]*```.*?^[ >]*```[^\n]*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)


def anchor_of(heading: str) -> str:
    """Return the anchor of a heading, as GitHub and the site make it."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower().strip()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page; of equal headings the later ones are numbered."""
    text = page.read_text("utf-8")
    counts: dict[str, int] = {}
    anchors = set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text))
    for heading in _HEADING.findall(_FENCED.sub("", text)):
        anchor = anchor_of(heading)
        number = counts[anchor] = counts.get(anchor, -1) + 1
        anchors.add(f"{anchor}-{number}" if number else anchor)
    return anchors


def broken_links(page: Path) -> list[str]:
    """Return the links of `page` that lead nowhere."""
    broken = []
    text = _CODE.sub("", _FENCED.sub("", page.read_text("utf-8")))
    for target in _LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _hash, anchor = target.partition("#")
        aim = (page.parent / path) if path else page
        if not aim.exists():
            broken.append(f"{target}: no such file")
        elif anchor and aim.suffix == ".md" and anchor not in anchors(aim):
            broken.append(f"{target}: no such heading")
    return broken


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_a_file_and_its_heading(page: Path) -> None:
    assert broken_links(page) == []


def test_a_link_that_leads_nowhere_is_seen(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("# Một tiêu đề: `x`\n\n# Same\n\n# Same\n", "utf-8")
    page = tmp_path / "a.md"
    page.write_text(
        "[a](b.md#một-tiêu-đề-x) [b](b.md#same-1) [c](no.md) [d](b.md#none) `[e](no)`\n"
        "```\n[f](no)\n```\n[g](https://x.example/y) [h](#none)\n",
        "utf-8",
    )
    assert broken_links(page) == [
        "no.md: no such file",
        "b.md#none: no such heading",
        "#none: no such heading",
    ]

"""Pages come into the site with links that lead to where the site has what they mean."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.docs_site.staging import Place, places, stage, with_links

ROOT = Path(__file__).parents[3]
WHERE = {
    "README.md": Place("", "index.md"),
    "docs/a.md": Place("", "a.md"),
    "docs/decisions/README.md": Place("", "decisions/index.md"),
    "docs/pictures/p.png": Place("", "pictures/p.png"),
    "docs/vi/a.md": Place("vi", "a.md"),
    "docs/vi/how-to/b.md": Place("vi", "how-to/b.md"),
}


@pytest.mark.parametrize(
    ("source", "link", "turned"),
    [
        ("README.md", "[x](docs/a.md#h)", "[x](a.md#h)"),
        ("README.md", "![p](docs/pictures/p.png)", "![p](pictures/p.png)"),
        ("docs/a.md", "[up](../README.md)", "[up](index.md)"),
        ("docs/a.md", "[d](decisions)", "[d](decisions/index.md)"),
        ("docs/a.md", "[code](../src/x.py)", "code"),
        ("docs/a.md", "[`code`](../src/x.py)", "`code`"),
        ("docs/a.md", "[out](https://x.example/a.md)", "[out](https://x.example/a.md)"),
        ("docs/a.md", "[here](#h)", "[here](#h)"),
        ("docs/a.md", "[vi](vi/how-to/b.md)", "[vi](vi/how-to/b.html)"),
        ("docs/vi/how-to/b.md", "[en](../../a.md#h)", "[en](../../a.html#h)"),
        ("docs/vi/how-to/b.md", "[vi](../a.md)", "[vi](../a.md)"),
        ("docs/a.md", "`[x](no.md)`", "`[x](no.md)`"),
        ("docs/a.md", "```\n[x](no.md)\n```", "```\n[x](no.md)\n```"),
    ],
)
def test_a_link_leads_to_where_the_site_has_it(source: str, link: str, turned: str) -> None:
    assert with_links(link, source, WHERE) == turned


def test_every_page_of_docs_is_staged(tmp_path: Path) -> None:
    stage(ROOT, tmp_path / "pages")
    staged = list((tmp_path / "pages").rglob("*.md"))
    written = list((ROOT / "docs").rglob("*.md"))
    assert len(staged) >= len(written)
    assert (tmp_path / "pages/en/index.md").is_file()
    assert (tmp_path / "pages/vi/index.md").is_file()
    assert not (tmp_path / "pages/en/vi").exists()


def _named(rows: list[str | dict[str, object]]) -> Iterator[str]:
    for row in rows:
        if isinstance(row, str):
            yield row
            continue
        for aim in row.values():
            if isinstance(aim, list):
                yield from _named(aim)
            else:
                yield str(aim)


@pytest.mark.parametrize(("name", "folder"), [("zensical.toml", ""), ("zensical.vi.toml", "vi")])
def test_the_menu_has_every_page_once(name: str, folder: str) -> None:
    nav = tomllib.loads((ROOT / name).read_text("utf-8"))["project"]["nav"]
    listed = sorted(_named(nav))
    # Decisions are listed on their own page.
    wanted = sorted(
        place.path
        for place in places(ROOT).values()
        if place.path.endswith(".md")
        and place.folder == folder
        and not place.path.startswith("decisions/0")
    )
    assert listed == wanted, f"name the page in the menu of {name}"

"""What a tutorial or a how-to page says to type works, and prints what the page shows."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.docs.examples import (
    ROOT,
    Example,
    agrees,
    blocks,
    examples,
    pages_with_examples,
    run,
)
from tests.whole import WHOLE

PAGES = pages_with_examples()
DAILY = ("README.md", "README.vi.md")
"""Some seconds each; the other pages take up to two minutes: make try-docs, make check-whole."""

ON_POSTGRESQL = "province-on-postgresql.md"
REASONED = [page for page in PAGES if "tutorials/" in page or "how-to/" in page]

FOUND_OR_NOT = {0, 1, 3}


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_print_what_it_shows(page: str, tmp_path: Path) -> None:
    if page not in DAILY and not WHOLE:
        pytest.skip("a long page: make try-docs")
    before: tuple[str, ...] = ()
    if page.endswith(ON_POSTGRESQL):
        if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
            pytest.skip("no PostgreSQL here")
        before = ("sh", str(ROOT / "tools/with_postgres.sh"))
    wrong = []
    for example, outcome in run(page, tmp_path, before):
        allowed = FOUND_OR_NOT if "quetsach" in example.command else {0}
        if outcome.code not in allowed or not agrees(example, outcome.text):
            wrong.append(f"{page}:{example.line}: $ {example.command}\n{outcome.text}")
            wrong.append(f"exit code {outcome.code}")
    assert not wrong, "\n".join(wrong)


def test_the_pages_that_teach_have_examples_that_are_run() -> None:
    names = {Path(page).name for page in PAGES if page.startswith("docs/tutorials/")}
    assert names == {path.name for path in (ROOT / "docs/tutorials").glob("*.md")}
    assert DAILY[0] in PAGES


@pytest.mark.parametrize("folder", ["docs/tutorials", "docs/vi/tutorials"])
def test_the_campaign_can_follow_the_first_sweep_in_the_same_folder(folder: str) -> None:
    # What is there is not written over (E301): the second tutorial would stop at its first command.
    first, second = (
        set(re.findall(r" (?:-o|--out) (\S+)", (ROOT / folder / page).read_text("utf-8")))
        for page in ("first-sweep.md", "first-campaign.md")
    )
    assert first
    assert second
    assert not first & second


@pytest.mark.parametrize("page", REASONED)
def test_what_is_not_run_has_its_reason_and_is_a_script(page: str) -> None:
    bash = shutil.which("bash")
    assert bash is not None
    for block in blocks((ROOT / page).read_text("utf-8")):
        if block.language == "sh":
            assert block.reason, f"{page}:{block.line}: no reason why this is not run"
            parsed = subprocess.run(
                [bash, "-n"], input=block.text, text=True, capture_output=True, check=False
            )
            assert parsed.returncode == 0, f"{page}:{block.line}: {parsed.stderr}"


def test_examples_are_read_with_their_output() -> None:
    text = (
        "a\n```console\n$ one \\\n   more\nfirst\n...\n$ two\n```\n"
        "<!-- not run: r -->\n```sh\nx\n```\n"
    )
    assert examples(text) == [
        Example(3, "one \\\n   more", ("first", "...")),
        Example(7, "two", ()),
    ]
    assert [(block.language, block.reason) for block in blocks(text)] == [
        ("console", None),
        ("sh", "r"),
    ]


@pytest.mark.parametrize(
    ("shown", "text", "agreed"),
    [
        (("a", "..."), "a\nb\nc", True),
        (("a", "..."), "b\na", False),
        (("took 1.2 s",), "took 34 s", True),
        (("took 1.2 s",), "took 1.2 h", False),
        (("...", "z"), "a\nz", True),
        (("x ... z",), "x y z", True),
        (("a",), "a\nb", False),
        (("...",), "", True),
    ],
)
def test_what_is_shown_is_held_against_what_came(
    shown: tuple[str, ...], text: str, agreed: bool
) -> None:
    assert agrees(Example(1, "c", shown), text) is agreed

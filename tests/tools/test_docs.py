"""The generated pages: they say all that the code says, and stale ones are named."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from quetsach import schema
from quetsach.blocklists.outputs.registry import OUTPUTS
from quetsach.captures.registry import capture_readers
from quetsach.errors.catalogue import ProblemEntry
from quetsach.errors.exceptions import CATALOGUE
from quetsach.letters.model import DueDate, LetterTask, ReadLetter
from tools.docs import stale
from tools.glossary import Area, Glossary, Term
from tools.pages.formats import formats_page, lists_page, outputs_page
from tools.pages.markdown import table
from tools.pages.portal import glossary_page, life_page
from tools.pages.reference import ERROR_GROUPS, cli_page, errors_page, letter_page, schema_page


@dataclass(frozen=True)
class Step:
    act: str
    function: Callable[..., object]
    meaning: str


@dataclass(frozen=True)
class Described:
    name: str
    title: str
    reads: str


def test_formats_stand_in_the_order_in_which_they_are_tried() -> None:
    forms = [Described("zeek", "Zeek", "dns"), Described("eve", "Suricata", "alerts")]
    page = formats_page(forms, capture_readers())
    assert "| `json` | JSON documents |" in page
    assert "| `zeek` | Zeek | dns |\n| `eve` | Suricata | alerts |\n" in page


def test_forms_of_lists_stand_in_the_order_in_which_they_are_tried() -> None:
    page = lists_page([Described("rpz", "Zone", "names"), Described("plain", "Plain", "values")])
    assert "| `rpz` | Zone | names |\n| `plain` | Plain | values |\n" in page


def test_every_problem_has_its_row_under_its_heading() -> None:
    page = errors_page(CATALOGUE)
    for code, entry in CATALOGUE.items():
        assert f"| `{code}` | {entry.what} | {entry.todo} |" in page
        assert page.index(f"## {ERROR_GROUPS[code[:2]]}") < page.index(f"`{code}`")


def test_a_heading_without_problems_is_left_out() -> None:
    page = errors_page({"E101": ProblemEntry("gone", "Look.")})
    assert "## Evidence" in page
    assert "## Usage" not in page


def test_terms_stand_under_their_area_with_their_names_and_forbidden_words() -> None:
    phase = Term("phase", "Phase", "đợt", "one round", ("stage", "round"))
    report = Term("expected report", "ExpectedReport", "báo cáo phải nộp", "owed", to_come=True)
    page = glossary_page(Glossary((Area("Campaigns", (phase, report)),), ("told", "item")))
    assert page.index("## Campaigns\n") < page.index("| phase |")
    assert "| phase | `Phase` | đợt | one round | stage, round |\n" in page
    assert "| expected report | *`ExpectedReport`* | báo cáo phải nộp | owed |  |\n" in page
    assert "\n`told`, `item`.\n" in page


def test_every_output_is_told_with_what_it_can_say_and_how_it_is_undone() -> None:
    page = outputs_page(OUTPUTS)
    for one in OUTPUTS:
        assert page.count(f"\n| `{one.name}` | {one.title} |") == 1
        assert one.use.replace("|", "\\|") in page
        assert one.undo_by in page
    assert "| `hosts` | Hosts file | name | itself and `www.` |  | block |" in page


def test_every_field_of_both_tables_is_described_once() -> None:
    page = schema_page()
    for field in schema.SIGHTING_FIELDS:
        assert page.count(f"\n| `{field.name}` |") == 1
        assert field.doc in page


def test_the_help_of_every_command_is_shown_but_of_hidden_ones() -> None:
    @click.group()
    def tree() -> None:
        """Sweeps clean."""

    @tree.group()
    def indicators() -> None:
        """Looks after lists."""

    @indicators.command()
    @click.option("--strict", is_flag=True, help="Refuse more.")
    def check(strict: bool) -> None:
        """Reads a list."""

    @tree.command(hidden=True)
    def inner() -> None:
        """Nobody needs this."""

    page = cli_page(tree, "quetsach")
    assert "## quetsach indicators check" in page
    assert "Usage: quetsach indicators check [OPTIONS]" in page
    assert "Refuse more." in page
    assert "inner" not in page


def test_every_field_of_a_letter_and_of_what_it_holds_is_described() -> None:
    page = letter_page(ReadLetter)
    for name in (
        *ReadLetter.__struct_fields__,
        *LetterTask.__struct_fields__,
        *DueDate.__struct_fields__,
    ):
        assert f"\n| `{name}` |" in page
    assert "| `issuer` | found string | the body that issues it |" in page
    assert "| `value` | T or null |" in page
    for link in re.findall(r"\]\(#([a-z]+)\)", page):
        assert f"\n## {link}\n" in page.lower()


def test_the_steps_of_an_act_stand_below_it_in_their_order() -> None:
    steps = [Step("start", called_first, "One."), Step("start", table, "Two.")]
    page = life_page([*steps, Step("close", table, "Three.")], {})
    start, close = page.split("## `")[1:]
    rows = re.findall(r"^\| (\d) \| `(\S+)` \| (.+) \|$", start, re.MULTILINE)
    assert [(number, name.rpartition(".")[2], does) for number, name, does in rows] == [
        ("1", "called_first", "One."),
        ("2", "table", "Two."),
    ]
    assert close.startswith("close`")
    assert "| 1 | `tools.pages.markdown.table` | Three. |" in close


def called_first() -> None: ...


def test_a_pipe_or_a_line_break_does_not_break_a_table() -> None:
    assert table(("a",), [("x|y\nz",)]) == "| a |\n| --- |\n| x\\|y z |"


def test_a_page_that_is_absent_or_differs_is_stale(tmp_path: Path) -> None:
    (tmp_path / "same.md").write_text("same")
    (tmp_path / "other.md").write_text("old")
    wanted = {"same.md": "same", "other.md": "new", "absent.md": "new"}
    assert stale(wanted, tmp_path) == ["other.md", "absent.md"]

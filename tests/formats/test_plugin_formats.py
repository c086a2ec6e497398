"""Formats and dialects of others: asked behind ours, held against the schema."""

from datetime import UTC
from pathlib import Path

import pytest

from quetsach.entry_points import PluginGroup
from quetsach.errors.exceptions import QuetsachError
from quetsach.formats.line_forms import read_line
from quetsach.formats.plugin_formats import built_in_names, fields_of
from quetsach.formats.registry import all_formats, by_name, recognise
from tests.plugin_packages import Install, codes, gate, install_package  # noqa: F401

ZEEK = b"#separator \\x09\n#fields\tts\tid.orig_h\tid.resp_h\n"
LINE = b"%%gate 1 203.0.113.77\n"

DIALECT = """
name = "{name}"
title = "One"
reads = "lines"
source = "made up"
dataset = "pl.{name}"
kind = "pairs"
[signature]
all = ["{sign}"]
[fields]
"source.ip" = ["{client}"]
"destination.ip" = ["dst"]
"""


def test_the_names_of_ours_are_all_formats() -> None:
    assert built_in_names() == {form.name for form in all_formats()}


def test_a_file_of_ours_is_never_shown_to_a_package(install: Install) -> None:
    code = gate("return ParsedLines()").replace('head.startswith(b"%%gate")', "1/0")
    install("pl_one", code, {"quetsach.formats": {"gate": "pl_one:Gate"}})
    assert recognise(ZEEK).name == "zeek-tsv"
    assert codes(PluginGroup.FORMATS) == []
    assert recognise(LINE).name == "text"
    assert codes(PluginGroup.FORMATS) == [("E651", "pl_one 2.5 (quetsach.formats gate)")]
    assert codes(PluginGroup.FORMATS) == []


def test_no_package_writes_in_words_that_are_ours() -> None:
    assert fields_of({"event.dataset": "x", "source.ip": "010.1.1.1"}) is None
    assert fields_of({"event.dataset": "x", "quetsach.grade": "moved"}) is None
    assert fields_of({"event.dataset": "x", "@timestamp": "2026-09-01"}) is None
    assert fields_of({"event.dataset": "x", "event.type": "malware"}) is None
    assert fields_of({"source.ip": "10.1.1.1"}) is None
    assert fields_of({"event.dataset": "x", "destination.domain": "Bad.Example."}) == {
        "event.dataset": "x",
        "destination.domain": "Bad.Example",
    }


def test_a_dialect_reads_what_none_of_ours_takes_and_nothing_else(install: Install) -> None:
    samples = Path(__file__).parents[1] / "formats" / "samples" / "fortigate"
    ours = (samples / "old-and-clients.log").read_bytes().split(b"\n")[0]
    theirs = b"mygate who=10.20.3.42 dst=203.0.113.77"
    before = read_line(ours, UTC, 0)
    assert before is not None
    assert read_line(theirs, UTC, 0) is None
    toml = DIALECT.format(name="pl-all", sign="=", client="who")
    install(
        "pl_one",
        "",
        {"quetsach.dialects": {"pl-all": "pl_one", "pl-gone": "pl_one", "pl-bad": "pl_one"}},
        {"pl-all.toml": toml, "pl-bad.toml": "name = 3"},
    )
    assert read_line(ours, UTC, 0) == before
    record = read_line(theirs, UTC, 0)
    assert record is not None
    assert (record["event.dataset"], record["source.ip"]) == ("pl.pl-all", "10.20.3.42")
    assert [code for code, _where in codes(PluginGroup.DIALECTS)] == ["E650", "E650"]
    assert "pl-all" not in {form.name for form in all_formats()}


def test_a_format_that_is_not_installed_is_named_with_its_code() -> None:
    with pytest.raises(QuetsachError, match="E653 pl-gone"):
        by_name("pl-gone")
    # Who asks for a name that may be wrong needs no words of ours.
    with pytest.raises(KeyError):
        by_name("pl-gone")


def test_a_layout_that_changes_its_mind_ends_no_sweep(install: Install) -> None:
    code = gate("return ParsedLines()").replace(
        'return LogLayout("pl.gate")',
        'self.turn = getattr(self, "turn", 2) - 1; 1 / self.turn; return LogLayout("pl.gate")',
    )
    install("pl_one", code, {"quetsach.formats": {"gate": "pl_one:Gate"}})
    form = recognise(LINE)
    assert (form.name, form.layout(LINE).dataset) == ("gate", "text")
    assert [code for code, _where in codes(PluginGroup.FORMATS)] == ["E651"]

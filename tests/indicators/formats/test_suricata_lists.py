"""Suricata's data sets of strings."""

import base64
from pathlib import Path

from tests.indicators.formats.told import form, read, refused, rules


def _coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_names_in_base64_are_met_exactly_and_dotted_ones_with_all_below(tmp_path: Path) -> None:
    values = ("bad.example", ".c2.example", "bad.example/gate.php", "203.0.113.7")
    found = read(tmp_path, "dns.lst", "".join(f"{_coded(one)}\n" for one in values))
    assert form(found) == "suricata-dataset"
    assert rules(found) == [
        ("203.0.113.7", "exact"),
        ("bad.example", "exact"),
        ("bad.example/gate.php", "url-prefix"),
        ("c2.example", "below"),
    ]
    assert found.indicators[1].origins[0].text.startswith("bad.example = ")


def test_a_line_end_inside_the_code_and_a_score_behind_it_are_understood(tmp_path: Path) -> None:
    with_end, scored = _coded("bad.example\n"), _coded("c2.example")
    found = read(tmp_path, "dns.lst", f"{with_end}\n{scored},20\n")
    assert [(one.key, one.label) for one in found.indicators] == [
        ("bad.example", ""), ("c2.example", "score 20"),
    ]  # fmt: skip


def test_garbage_between_is_refused_with_its_row(tmp_path: Path) -> None:
    good = f"{_coded('bad.example')}\n" * 8
    found = read(tmp_path, "dns.lst", f"{good}AAAA\n{_coded(chr(0) * 9)}\n")
    assert refused(found) == [(9, "unparsable"), (10, "unparsable")]


def test_lists_of_hashes_and_of_names_are_not_taken_for_base64(tmp_path: Path) -> None:
    assert form(read(tmp_path, "a.lst", "0" * 64 + "\n")) == "plain"
    assert form(read(tmp_path, "b.lst", "bad.example\n")) == "plain"

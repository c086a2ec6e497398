"""Suricata's data sets of strings."""

import base64
from pathlib import Path

from tests.indicators.formats.lists import form, read, refused, rules


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


def test_address_category_and_score_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, "ip.list", "#198.51.100.1,1,1\n203.0.113.7,2,100\n2001:db8::/32,1,127\n")
    assert form(found) == "suricata-iprep"
    assert rules(found) == [("2001:db8::/32", "cidr"), ("203.0.113.7", "exact")]
    assert [(one.claim.confidence, one.label) for one in found.indicators] == [
        (100, "category 1, score 127"),
        (100, "category 2, score 100"),
    ]


def test_categories_are_named_only_by_the_same_file(tmp_path: Path) -> None:
    found = read(tmp_path, "ip.list", "# 1,BotCC,Known C2 server\n203.0.113.7,1,40\n")
    (one,) = found.indicators
    assert (one.label, one.claim.of_class, one.claim.confidence) == (
        "Known C2 server, score 40", "c2", 40,
    )  # fmt: skip


def test_the_file_of_categories_is_no_list(tmp_path: Path) -> None:
    found = read(tmp_path, "cat.txt", "1,2520000,ET TOR Exit\n2,CnC,Known C2 server\n")
    assert refused(found) == [(1, "other-kind"), (2, "other-kind")]


def test_a_numbered_table_is_no_file_of_categories(tmp_path: Path) -> None:
    found = read(tmp_path, "ds.csv", "1,bad.example,Emotet\n2,c2.example,Qakbot\n")
    assert [key for key, _rule in rules(found)] == ["bad.example", "c2.example"]


def test_a_damaged_line_is_refused_alone(tmp_path: Path) -> None:
    text = "203.0.113.7,2,100\n" * 9 + "203.0.113.9;2;100\n"
    assert refused(read(tmp_path, "ip.list", text)) == [(10, "unparsable")]

"""Suricata's reputation of addresses, and its categories."""

from pathlib import Path

from tests.indicators.formats.told import form, read, refused, rules


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

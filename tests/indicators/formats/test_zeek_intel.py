"""Zeek's intelligence files: what Zeek would look for, and why each other row is none."""

from pathlib import Path

from tests.indicators.formats.lists import form, read, refused, rules

HEAD = "#fields\tindicator\tindicator_type\tmeta.source\tmeta.desc\tmeta.url\n"
ROWS = """203.0.113.7\tIntel::ADDR\tcert\tEmotet controller\t-
203.0.113.0/24\tIntel::SUBNET\tcert\t-\t-
bad.example\tIntel::DOMAIN\tcert\t-\t-
bad.example/gate.php\tIntel::URL\tcert\t-\t-
c2.example\tIntel::URL\tcert\t-\t-
d41d8cd98f00b204e9800998ecf8427f\tIntel::FILE_HASH\tcert\t-\t-
"""


def test_each_kind_is_met_as_zeek_meets_it(tmp_path: Path) -> None:
    found = read(tmp_path, "intel.dat", HEAD + ROWS)
    assert form(found) == "zeek-intel"
    assert rules(found) == [
        ("203.0.113.0/24", "cidr"),
        ("203.0.113.7", "exact"),
        ("bad.example", "exact"),
        ("bad.example/gate.php", "url-prefix"),
        ("c2.example/", "url-prefix"),
        ("d41d8cd98f00b204e9800998ecf8427f", "hash"),
    ]
    by_key = {one.key: one for one in found.indicators}
    assert by_key["203.0.113.7"].label == "Emotet controller; cert"


def test_kinds_that_no_log_of_ours_names_are_told(tmp_path: Path) -> None:
    kinds = ("EMAIL", "FILE_NAME", "CERT_HASH", "SOFTWARE", "USER_NAME", "PUBKEY_HASH")
    rows = "".join(f"putty.example\tIntel::{kind}\tcert\t-\t-\n" for kind in kinds)
    found = read(tmp_path, "intel.dat", HEAD + rows)
    assert found.indicators == ()
    assert {reason for _row, reason in refused(found)} == {"other-kind"}
    assert len(found.refusals) == len(kinds)


def test_a_line_that_zeek_cannot_read_is_refused_alone(tmp_path: Path) -> None:
    text = HEAD + (
        "203.0.113.0/xx\tIntel::SUBNET\tcert\t-\t-\n"
        "203.0.113.9 Intel::ADDR cert - -\n"
        "203.0.113.8:80\tIntel::ADDR\tcert\t-\t-\n"
        "bad.example\tIntel::WHAT\tcert\t-\t-\n"
        "short.example\tIntel::DOMAIN\n"
        "good.example\tIntel::DOMAIN\tcert\t-\t-\n"
    )
    found = read(tmp_path, "intel.dat", text)
    assert rules(found) == [("good.example", "exact")]
    assert refused(found) == [(row, "unparsable") for row in (2, 3, 4, 5, 6)]


def test_a_header_parted_by_blanks_names_no_column(tmp_path: Path) -> None:
    found = read(tmp_path, "intel.dat", "#fields indicator indicator_type\na.example Intel::DOMAIN")
    assert found.indicators == ()
    assert refused(found) == [(2, "unparsable")]


def test_columns_are_taken_by_their_names_and_escapes_are_read(tmp_path: Path) -> None:
    text = (
        "#fields\tmeta.desc\tindicator_type\tindicator\tmeta.whitelist\tmeta.confidence\n"
        "a\\x09b\tIntel::DOMAIN\tbad.example\tF\t80\n"
        "-\tIntel::DOMAIN\twww.example\tT\t-\n"
    )
    found = read(tmp_path, "intel.dat", text)
    (one,) = found.indicators
    assert (one.key, one.claim.label, one.claim.confidence) == ("bad.example", "a\tb", 80)
    assert refused(found) == [(3, "exception")]


def test_a_log_of_zeek_is_no_intelligence_file(tmp_path: Path) -> None:
    found = read(tmp_path, "conn.log", "#fields\tts\tuid\tid.orig_h\n1\tC\t203.0.113.7\n")
    assert form(found) != "zeek-intel"


def test_a_row_that_takes_a_value_back_lists_nothing(tmp_path: Path) -> None:
    text = (
        "#fields\tindicator\tindicator_type\tmeta.source\tmeta.remove\n"
        "bad.example\tIntel::DOMAIN\toffice\tF\n"
        "old.example\tIntel::DOMAIN\toffice\tT\n"
    )
    found = read(tmp_path, "intel.dat", text)
    assert [one.key for one in found.indicators] == ["bad.example"]
    assert refused(found) == [(3, "exception")]

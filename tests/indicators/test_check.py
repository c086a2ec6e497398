"""The check of a list tells every row's fate and what to look at twice."""

from dataclasses import replace
from pathlib import Path

import pytest

from quetsach.indicators.allow.lists import read_allow
from quetsach.indicators.check import check, reason_text
from quetsach.indicators.formats.contract import FEWEST_BYTES
from quetsach.indicators.indicator_set import indicator_table
from quetsach.indicators.model import (
    AllowDecision,
    Decision,
    IndicatorKind,
)
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.read import read_lists
from quetsach.indicators.releases.decisions import Decisions
from quetsach.texts import use_language


def test_check_tells_fates_kinds_parents_and_doubts(tmp_path: Path) -> None:
    path = tmp_path / "ds.txt"
    path.write_text(
        "bad.example\na.bad.example\nbad[.]example\n203.0.113.77/24 ; dải\n10.0.0.1\n"
        "com.vn\nduckdns[.]org # động\nhttp://c2.example\nhttp://c2.example/a\n2001:db8::1\n"
    )
    report = check(read_lists([path], ListOptions()))
    (one,) = report.lists
    assert (one.reading.rows, one.reading.taken, one.reading.refused) == (10, 7, 3)
    assert one.by_reason == {"private": 1, "public-suffix": 2}
    assert [refusal.origin.row for refusal in one.refusals] == [5, 6, 7]
    assert report.kinds == {"address": 1, "name": 2, "network": 1, "url": 2}
    assert [found.key for found in report.duplicates] == ["bad.example"]
    assert [(found.key, count) for found, count in report.parents] == [("bad.example", 1)]
    assert [(origin.row, network) for origin, network in report.masked] == [(4, "203.0.113.0/24")]
    assert [section for _, section in report.suffixes] == ["icann", "private"]
    assert [found.key for found in report.whole_sites] == ["c2.example/"]


@pytest.mark.parametrize("reason", list(RefusalReason))
def test_every_reason_has_a_sentence(reason: RefusalReason) -> None:
    use_language("en")
    assert len(reason_text(reason)) > 10


def test_rows_with_dots_taken_out_that_nobody_reads_are_named(tmp_path: Path) -> None:
    path = tmp_path / "ds.txt"
    rows = ("ba[.]d example x", "hxxp:/bad", "bad[.]example", "chỉ là chữ", "xxhxxpo.example")
    path.write_text("\n".join(rows))
    report = check(read_lists([path], ListOptions()))
    assert [one.row for one in report.dead] == [1, 2]


def test_what_stands_on_allow_lists_is_a_question_until_a_person_decided(tmp_path: Path) -> None:
    path = tmp_path / "ds.txt"
    path.write_text("big.example\nme.dyn.example\nold.big.example\nbad.example\n")
    (tmp_path / "top.json").write_text(
        '{"name": "Top 500 domains", "type": "hostname", "list": ["big.example"]}'
    )
    (tmp_path / "dyn.json").write_text(
        '{"name": "dynamic DNS", "type": "hostname", "list": ["dyn.example"]}'
    )
    allow = read_allow([tmp_path / "top.json", tmp_path / "dyn.json"])
    kept = Decision("big.example", AllowDecision.KEEP, "x", "2027-01-01", "2026-01-01")
    past = Decision("bad.example", AllowDecision.WATCH, "x", "2026-01-01", "2025-01-01")
    found = read_lists([path], ListOptions())
    report = check(found, allow)
    assert [(one.indicator.key, one.proposal, one.asked) for one in report.questions] == [
        ("big.example", AllowDecision.DROP, True),
        ("old.big.example", AllowDecision.WATCH, True),
        ("me.dyn.example", AllowDecision.KEEP, False),
    ]
    assert report.open_questions == 2
    made = Decisions({"big.example": kept}, {"bad.example": past})
    report = check(found, allow, made)
    assert [(one.indicator.key, one.decision, one.asked) for one in report.questions] == [
        ("old.big.example", None, True),
        ("bad.example", past, True),
        ("big.example", kept, False),
        ("me.dyn.example", None, False),
    ]
    assert list(report.allow) == ["dynamic-dns", "top-sites"]
    assert [one.key for one in report.allow["top-sites"]] == ["old.big.example"]


def test_a_set_in_columns_is_checked_as_one_of_objects(tmp_path: Path) -> None:
    rows = [f"h{n}.sub.bad.example" for n in range(40)]
    rows += ["bad.example", "sub.bad.example", "google.com", "www.google.com", "8.8.8.8", "hxx.com"]
    rows += [
        "http://google.com/",
        "203.0.113.0/24",
        "203.0.113.9",
        "a" * 64,
        "bad.example",
        "x[.]y",
    ]
    rows += [f"203.0.113.{n}" for n in range(1, 60)]
    rows += ["# " + "-" * 80] * (FEWEST_BYTES // 80)
    (tmp_path / "list.txt").write_text("\n".join(rows))
    (tmp_path / "usual.txt").write_text(
        "\n".join([".google.com", "8.8.8.8", "w.hxx.com", "a" * 64])
    )
    in_columns = read_lists([tmp_path / "list.txt"], ListOptions())
    assert indicator_table(in_columns).simple_keys(IndicatorKind.NAME)
    of_objects = replace(in_columns, indicators=tuple(in_columns.indicators))
    allow = read_allow([tmp_path / "usual.txt"])
    assert check(in_columns, allow) == check(of_objects, allow)

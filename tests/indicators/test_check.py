"""The check of a list tells every row's fate and what to look at twice."""

from pathlib import Path

import pytest

from quetsach.indicators.check import check, reason_text
from quetsach.indicators.options import ListOptions, Reason
from quetsach.indicators.read import read_lists
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


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_a_sentence(reason: Reason) -> None:
    use_language("en")
    assert len(reason_text(reason)) > 10

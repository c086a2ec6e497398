"""The answer of a trace is believed only where each item ended once and the account agrees."""

import json
from typing import Any

import pytest

from quetsach_portal.cases.models.notice import NoticeOutcome
from quetsach_portal.intake.tracing import UnreadableTrace, answer_of, decoded, item_of

ENDS = dict.fromkeys([end.value for end in NoticeOutcome], 0)


def trace(**changed: Any) -> dict[str, Any]:
    notice = {"path": "a.csv", "number": 4, "time": "2022-09-12T07:00:00+07:00", "port": 443}
    item = {"notice": notice, "outcome": "device", "because": "vì", "device": "PC-01", **changed}
    return {"notices": [item], "ledger": {**ENDS, "items": 1, "device": 1}}


def test_an_item_becomes_a_row_and_its_texts_are_cut() -> None:
    answer = answer_of(trace(device="P\x00" + "C" * 300, grade="likely"))
    row = item_of(answer.notices[0], batch_id=1, place=3)
    assert (row.place, row.number, row.port, row.grade) == (3, 4, 443, "likely")
    assert len(row.device_key) == 255
    assert "\x00" not in row.device_key


def test_a_time_without_a_zone_is_no_time() -> None:
    answer = trace()
    answer["notices"][0]["notice"]["time"] = "2022-09-12T07:00:00"
    assert item_of(answer_of(answer).notices[0], batch_id=1, place=1).at is None


@pytest.mark.parametrize(
    "damaged",
    [
        {},
        [],
        {"notices": []},
        trace(outcome="guilty"),
        trace() | {"ledger": {**ENDS, "items": 2, "device": 1}},
        trace() | {"ledger": {**ENDS, "items": 1, "device": 1, "candidates": 1}},
        trace() | {"notices": []},
        trace(notice={"path": "a.csv", "number": -1}),
    ],
    ids=str,
)
def test_F10_an_answer_of_another_shape_or_sum_is_refused(damaged: Any) -> None:
    with pytest.raises(UnreadableTrace):
        answer_of(decoded(json.dumps(damaged).encode()))


@pytest.mark.parametrize("raw", [b"", b"\xff", b"not JSON", b"[" * 100_000])
def test_F10_what_is_no_json_is_refused_in_words(raw: bytes) -> None:
    with pytest.raises(UnreadableTrace):
        decoded(raw)

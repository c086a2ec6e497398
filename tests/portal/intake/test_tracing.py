"""The answer of a trace is believed only where each item ended once and the account agrees."""

import json
from typing import Any
from unittest.mock import MagicMock

import msgspec
import pytest

from quetsach_portal.cases.models.notice import NoticeOutcome
from quetsach_portal.intake import tracing
from quetsach_portal.intake.tracing import (
    TracedNotice,
    TraceOutput,
    UnreadableTrace,
    answer_of,
    decoded,
    item_of,
)
from tests.portal.ranges.asked import allotted_to
from tests.portal.world import World

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


# What a unit's own logs do not tell is looked for in those of the offices above.

OWN, ABOVE = {"evidence": ("own",)}, {"evidence": ("above",)}


def _item(number: int, outcome: str, *kinds: str, device: str = "PC-01") -> dict[str, Any]:
    return {
        "notice": {"path": "a.csv", "number": number},
        "outcome": outcome,
        "because": "vì PC-01",
        "device": device if outcome == "device" else None,
        "addresses": ["192.168.1.10"],
        "steps": [{"kind": kind} for kind in kinds],
    }


def _trace_of(*items: dict[str, Any]) -> TraceOutput:
    counts = {**ENDS, "items": len(items)}
    for item in items:
        counts[item["outcome"]] += 1
    return answer_of({"notices": list(items), "ledger": counts})


def _searched(
    monkeypatch: pytest.MonkeyPatch, own: TraceOutput, above: TraceOutput, *, shared: int = 0
) -> list[TracedNotice]:
    asked: list[list[int]] = []

    def answer(_work: Any, _batch: Any, _evidence: Any, only: list[int]) -> Any:
        asked.append(only)
        return msgspec.to_builtins(above)

    monkeypatch.setattr(tracing, "_answer", answer)
    monkeypatch.setattr(tracing, "evidence_of", lambda _nodes: ABOVE)
    monkeypatch.setattr(tracing, "_nodes_above", lambda _node: [])
    monkeypatch.setattr(tracing, "shared_numbers", lambda _batch: frozenset({shared}))
    evidence, found = tracing._searched_above(MagicMock(), MagicMock(), OWN, own)
    assert evidence["evidence"] == ("own", "above")
    assert asked == [[one["notice"]["number"] for one in msgspec.to_builtins(above)["notices"]]]
    return list(found.notices)


def test_a_translation_of_an_office_above_names_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = _trace_of(_item(1, "no-data"), _item(2, "device", "lease"))
    above = _trace_of(_item(1, "device", "translation", "lease"))
    assert [one.outcome for one in _searched(monkeypatch, own, above)] == ["device", "device"]


def test_an_offices_own_machine_that_reached_the_same_destination_is_not_the_units(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = _trace_of(_item(1, "no-data"))
    above = _trace_of(_item(1, "device", "direct", "lease"))
    (found,) = _searched(monkeypatch, own, above)
    assert (found.outcome, found.device) == ("no-data", None)


def test_behind_a_shared_address_an_office_names_addresses_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = _trace_of(_item(1, "device", "lease"))
    above = _trace_of(_item(1, "device", "translation", "lease"))
    (found,) = _searched(monkeypatch, own, above, shared=1)
    assert (found.outcome, found.device) == ("candidates", "")
    assert [one.device for one in found.rivals] == ["192.168.1.10"]
    assert "PC-01" not in found.because


def test_behind_a_shared_address_the_units_own_translation_is_proof(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = _trace_of(_item(1, "device", "translation"), _item(2, "no-data"))
    above = _trace_of(_item(2, "cannot-tell"))
    found = _searched(monkeypatch, own, above, shared=1)
    assert [one.outcome for one in found] == ["device", "no-data"]


@pytest.mark.django_db
def test_a_machine_that_was_named_stays_named_when_its_logs_are_gone(world: World) -> None:
    forwarding = allotted_to(world, "TC01")
    row = item_of(_trace_of(_item(1, "device")).notices[0], batch_id=forwarding.part_id, place=1)
    row.save()
    now = _trace_of(_item(1, "no-data"), _item(2, "no-data")).notices
    first, second = tracing._with_those_named_before(forwarding.part, now)
    assert (first.outcome, first.device, first.because) == ("device", "PC-01", "vì PC-01")
    assert second.outcome == "no-data"
    other = _trace_of(_item(1, "cannot-tell")).notices
    assert tracing._with_those_named_before(forwarding.part, other) == other

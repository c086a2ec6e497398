"""Requests for the holder of an address, answered from real logs: right, or "cannot tell"."""

import json
from pathlib import Path
from typing import Any

import pytest

from quetsach.api.holders import (
    HolderAnswer,
    answer_holders,
    holders_exit_code,
)
from quetsach.api.letters import read_letter
from quetsach.api.traces import trace_request
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import use_language
from tests.api.test_carriers import AUGUST, END, LEASE_HEAD, NOW, leased, translated
from tests.letters.test_holder import PROSE, SAMPLES, UNCLEAR

DEVICE = "PC-VP-41 (02-00-00-00-03-41)"
UNIT = "Ủy ban nhân dân xã Hàm Yên"


@pytest.fixture(autouse=True)
def in_english() -> Any:
    use_language("en")


def at_the_requests_ends(log: str) -> str:
    return log.replace("198.51.100.5", "203.0.113.5").replace("203.0.113.77", "198.51.100.7")


def answered(folder: Path, text: str, *, nat: str = "", zone: str = "") -> HolderAnswer:
    """Answer a request with a translation log: 40112 was 10.0.0.41 at 08:15:20 (+07:00)."""
    path = folder / "request.txt"
    path.write_text(text)
    log = nat or translated("10.0.0.41", 40112, NOW)
    (folder / "nat.log").write_text(at_the_requests_ends(log))
    (folder / "leases.csv").write_text(
        LEASE_HEAD + leased("10.0.0.41", "PC-VP-41", AUGUST, END, "02:00:00:00:03:41")
    )
    request = trace_request(
        notices=(),
        evidence=[str(folder / "nat.log"), str(folder / "leases.csv")],
        public=["203.0.113.0/24"],
        workers=1,
    )
    return answer_holders(read_letter(path), request, zone=zone)


def test_each_row_is_answered_by_the_logs(tmp_path: Path) -> None:
    answer = answered(tmp_path, PROSE)
    first, second, third = answer.rows
    assert (first["outcome"], first["device"], first["grade"]) == ("device", DEVICE, "certain")
    assert {Path(path).name for path in first["logs"]} == {"nat.log", "leases.csv"}
    assert second["outcome"] == "no-data"
    assert [missing["log"] for missing in second["missing"]] == ["translation"]
    assert third["outcome"] in ("not-ours", "no-data")
    assert holders_exit_code(answer) == 1
    assert json.loads(json.dumps(answer.as_json()))["counts"]["device"] == 1


def test_another_minute_or_port_names_nobody(tmp_path: Path) -> None:
    for text in (
        PROSE.replace("08 giờ 15 phút 22 giây", "18 giờ 15 phút 22 giây"),
        PROSE.replace("cổng nguồn 40112", "cổng nguồn 40113"),
    ):
        first = answered(tmp_path, text).rows[0]
        assert first["device"] is None
        assert first["rivals"] == []
        assert first["outcome"] in ("no-data", "cannot-tell")


def test_without_a_port_a_machine_is_never_certain(tmp_path: Path) -> None:
    first = answered(tmp_path, PROSE.replace("cổng nguồn 40112, ", "")).rows[0]
    assert (first["device"], first["port"], first["grade"]) == (DEVICE, None, "likely")
    assert first["questions"] == [
        "Which source port had 203.0.113.5? Many machines share a public address; without the "
        "port it may be any of them."
    ]


def test_an_unclear_row_is_not_looked_up_until_its_zone_is_confirmed(tmp_path: Path) -> None:
    text = UNCLEAR.replace("203.0.113.5 vào", "203.0.113.5 cổng 40112 vào")
    answer = answered(tmp_path, text)
    assert [row["outcome"] for row in answer.rows] == ["unclear-request", "unclear-request"]
    assert answer.rows[0]["questions"] == [
        "In which time zone is the time of 203.0.113.5? The request states none."
    ]
    assert holders_exit_code(answer) == 3
    confirmed = answered(tmp_path, text, zone="Asia/Ho_Chi_Minh")
    assert confirmed.rows[0]["device"] == DEVICE
    assert confirmed.rows[1]["outcome"] == "unclear-request"
    in_utc = answered(tmp_path, text, zone="UTC")
    assert in_utc.rows[0]["device"] is None


def test_the_declared_zone_says_where_the_request_names_another(tmp_path: Path) -> None:
    text = UNCLEAR.replace("203.0.113.5 vào", "203.0.113.5 cổng 40112 vào")
    unknown = text.replace("ngày 01/9/2026", "ngày 01/9/2026 (giờ Nhật Bản)", 1)
    assert "giờ Nhật Bản" in unknown
    asked = answered(tmp_path, unknown).rows[0]
    assert (asked["outcome"], asked["zone_note"]) == ("unclear-request", "")
    assert "“giờ Nhật Bản”" in asked["questions"][0]
    declared = answered(tmp_path, unknown, zone="Asia/Ho_Chi_Minh").rows[0]
    assert (declared["device"], declared["open"]) == (DEVICE, [])
    assert declared["zone_note"] == (
        "The request says “giờ Nhật Bản”; the time was looked up in the declared zone "
        "Asia/Ho_Chi_Minh."
    )


def test_a_zone_that_the_request_states_is_not_overridden(tmp_path: Path) -> None:
    first = answered(tmp_path, PROSE, zone="UTC").rows[0]
    assert (first["device"], first["zone"]) == (DEVICE, "+07:00")
    assert first["zone_note"].endswith("the declared zone UTC was not used.")
    assert answered(tmp_path, PROSE, zone="Asia/Ho_Chi_Minh").rows[0]["zone_note"] == ""


def test_another_letter_is_refused_with_its_code(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError, match="E431"):
        answered(tmp_path, (SAMPLES / "district-letter.txt").read_text("utf-8"))

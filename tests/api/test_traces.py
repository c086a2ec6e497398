"""A trace from files to the answer, in a world of plain lists."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from quetsach.api.traces import TRACES, TraceRequest, trace, trace_exit_code, trace_request
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.notices.model import NoticeFile, RecordKind
from quetsach.sweeping.sweep import Progress
from quetsach.sweeping.world import GatheredTraceContext
from quetsach.texts import use_language
from tests.oracles.notice_world import Held, ListWorld, Nat, met

NOTICES = (
    "timestamp,ip,port,dst_ip,dst_port\n"
    "2022-09-12 05:00:00,203.0.113.5,40112,198.51.100.77,443\n"
    "2022-09-12 05:00:00,203.0.113.5,,198.51.100.78,443\n"
    "2022-09-12 05:00:00,192.0.2.9,1,198.51.100.77,443\n"
    "yesterday,203.0.113.5,1,198.51.100.77,443\n"
)
WORLD = ListWorld(
    (Nat(("10.0.0.5", 51_544), ("203.0.113.5", 40_112), ("198.51.100.77", 443)),),
    (Held("PC-VT-07", "10.0.0.5"),),
    public=("203.0.113.0/24",),
    covered=frozenset({RecordKind.TRANSLATION}),
)


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")


def answer_of(
    tmp_path: Path, text: str = NOTICES, world: ListWorld = WORLD, **scene: Any
) -> dict[str, Any]:
    path = tmp_path / "notice.csv"
    path.write_text(text, encoding="utf-8")
    request = trace_request(notices=[str(path)], evidence=["logs"], out=tmp_path / "out")

    def factory(
        _request: TraceRequest, _files: Sequence[NoticeFile], _progress: Progress | None
    ) -> GatheredTraceContext:
        return GatheredTraceContext(world, **scene)

    return trace(request, world_factory=factory)


def test_the_answer_has_a_row_for_each_item_in_the_order_sent(tmp_path: Path) -> None:
    answer = answer_of(tmp_path)
    assert [one["outcome"] for one in answer["notices"]] == [
        "device",
        "cannot-tell",
        "not-ours",
        "rejected",
    ]
    assert [one["notice"]["number"] for one in answer["notices"]] == [1, 2, 3, 4]
    assert answer["ledger"]["items"] == 4
    assert answer["devices"] == [
        {
            "device": "PC-VT-07",
            "addresses": ["10.0.0.5"],
            "grade": "certain",
            "notices": [{"path": str(tmp_path / "notice.csv"), "number": 1}],
        }
    ]


def test_times_stand_with_their_offset_and_steps_with_their_places(tmp_path: Path) -> None:
    first = answer_of(tmp_path)["notices"][0]
    assert first["notice"]["time"] == "2022-09-12T12:00:00+07:00"
    assert first["notice"]["zone_assumed"] is True
    assert [one["kind"] for one in first["steps"]] == ["translation", "lease"]
    assert first["steps"][0]["place"] == {"path": "nat.log", "offset": 0}
    assert first["steps"][0]["start"].endswith("+07:00")
    assert (first["device"], first["grade"], first["addresses"], first["rivals"]) == (
        "PC-VT-07",
        "certain",
        ["10.0.0.5"],
        [],
    )


def test_what_was_missing_comes_with_commands(tmp_path: Path) -> None:
    answer = answer_of(tmp_path, world=ListWorld())
    logs = {one["log"]: one for one in answer["missing"]}
    assert "translation" in logs
    assert any("conntrack -E" in " ".join(one["commands"]) for one in logs["translation"]["how"])
    missing = {one["log"] for one in answer["notices"][0]["missing"]}
    assert missing == {"translation", "contact", "own-addresses"}


def test_candidates_are_ranked_with_reasons_and_places(tmp_path: Path) -> None:
    world = ListWorld((), (), (met("10.0.0.6", 90), met("10.0.0.5", 3)))
    first = answer_of(tmp_path, world=world)["notices"][0]
    assert first["outcome"] == "candidates"
    assert first["device"] is None
    assert [one["address"] for one in first["rivals"]] == ["10.0.0.5", "10.0.0.6"]
    assert first["rivals"][0]["reasons"]
    assert first["rivals"][0]["places"] == [{"path": "conn.log", "offset": 3}]


def test_the_answer_is_plain_json_and_is_written_whole(tmp_path: Path) -> None:
    answer = answer_of(tmp_path)
    written = json.loads((tmp_path / "out" / TRACES).read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(answer))
    assert [path.name for path in (tmp_path / "out").iterdir()] == [TRACES]


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(QuetsachError) as caught:
        answer_of(tmp_path)
    assert caught.value.problem.code == "E254"


def test_exit_codes_are_those_of_a_sweep(tmp_path: Path) -> None:
    head, first, second, _other, _bad = NOTICES.splitlines(keepends=True)
    assert trace_exit_code(answer_of(tmp_path, head + first)) == 1
    assert trace_exit_code(answer_of(tmp_path, head + second)) == 0
    assert trace_exit_code(answer_of(tmp_path)) == 3
    assert trace_exit_code(answer_of(tmp_path, head + first, rejects=1)) == 3
    unread = (Problem("E103", "empty.log"),)
    assert trace_exit_code(answer_of(tmp_path, head + first, problems=unread)) == 3


def test_a_file_named_twice_is_counted_once(tmp_path: Path) -> None:
    path = tmp_path / "notice.csv"
    path.write_text(NOTICES, encoding="utf-8")
    request = trace_request(notices=[str(path), str(path)], evidence=["logs"])
    answer = trace(request, world_factory=lambda *_asked: GatheredTraceContext(WORLD))
    assert answer["ledger"]["items"] == 4


@pytest.mark.parametrize(
    "wrong",
    [{"public": ["x"]}, {"zone": "No/Where"}, {"inside": ["10.0.0.0/99"]}, {"since": "soon"}],
)
def test_wrong_values_are_named(wrong: dict[str, Any]) -> None:
    with pytest.raises(QuetsachError) as caught:
        trace_request(notices=["n.csv"], evidence=["logs"], **wrong)
    assert caught.value.problem.code == "E601"


def test_only_the_items_that_are_asked_for_are_traced(tmp_path: Path) -> None:
    path = tmp_path / "notice.csv"
    path.write_text(NOTICES, encoding="utf-8")
    request = trace_request(notices=[str(path)], evidence=["logs"], only=frozenset({1, 3}))
    answer = trace(request, world_factory=lambda *_asked: GatheredTraceContext(WORLD))
    assert [one["notice"]["number"] for one in answer["notices"]] == [1, 3]
    assert answer["ledger"]["items"] == 2

"""A list that the portal asks is answered from the fingerprints here: days and indicators, once."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from quetsach.watch import pushing
from quetsach.watch.portal import MOST_HEARTBEAT, PortalAccess
from quetsach.watch.pushing import LIST, Pusher
from quetsach.watch.questions import answers_to, fit_answers, note_answered, take_questions
from tests.watch.conftest import Start
from tests.watch.fake_portal import TOKEN, FakePortal, running
from tests.watch.watched import Watched, lines

_DIGEST = "a" * 64
_LONG_AGO_US, _LATER_US = 1, 1 << 60


def _seen(tmp_path: Path, start: Start) -> Watched:
    log = tmp_path / "eve.json"
    watched = start(log)
    watched.tools = replace(watched.tools, job=replace(watched.tools.job, wants_tokens=True))
    watched.stop()
    watched.start()
    watched.write(log, lines(0, 3))
    watched.go(2)
    watched.watch.prints.join(is_last=True)
    (watched.folder / LIST).write_text("bad.example\nnever.example\n", encoding="ascii")
    watched.state.set({"portal_list": _DIGEST})
    return watched


def test_days_and_indicators_are_answered_once(tmp_path: Path, start: Start) -> None:
    watched = _seen(tmp_path, start)
    state, listed = watched.state, watched.folder / LIST
    take_questions(state, [f"7:{_DIGEST}", f"8:{'b' * 64}", 5, "x" * 500], _LONG_AGO_US)
    (answer,) = answers_to(state, listed)
    assert (answer["question"], answer["asked_days"]) == (f"7:{_DIGEST}", 1)
    (hit,) = answer["hits"]
    assert (hit["first"], hit["last"], hit["indicators"]) == (
        "2026-11-30",
        "2026-11-30",
        ["bad.example"],
    )
    note_answered(state, [answer])
    take_questions(state, [f"7:{_DIGEST}"], _LONG_AGO_US)
    assert answers_to(state, listed) == []


def test_what_is_not_joined_yet_is_waited_for(tmp_path: Path, start: Start) -> None:
    watched = _seen(tmp_path, start)
    take_questions(watched.state, [f"7:{_DIGEST}"], _LATER_US)
    take_questions(watched.state, [f"7:{_DIGEST}"], _LATER_US + 5)
    assert answers_to(watched.state, watched.folder / LIST) == []
    watched.state.set({"prints_joined_us": str(_LATER_US)})
    assert len(answers_to(watched.state, watched.folder / LIST)) == 1
    take_questions(watched.state, [], _LATER_US)
    assert answers_to(watched.state, watched.folder / LIST) == [], "it is asked no more"


def test_without_fingerprints_nothing_is_answered(tmp_path: Path, start: Start) -> None:
    watched = start(tmp_path / "eve.json")
    take_questions(watched.state, [f"7:{_DIGEST}"], _LONG_AGO_US)
    assert answers_to(watched.state, watched.folder / LIST) == []


def test_the_answer_goes_with_the_next_heartbeat(tmp_path: Path, start: Start) -> None:
    watched = _seen(tmp_path, start)
    with running(FakePortal(questions=[f"7:{_DIGEST}"])) as portal:
        wishes = PortalAccess(portal.address, TOKEN, name="pc-1")
        pusher = Pusher(watched.state, wishes, [], lambda _problem: None, takes_list=True)
        for minute in range(3):
            pusher.step(1.0 + 61 * minute)
    assert ["answers" in beat for beat in portal.beats] == [False, True, False]
    assert portal.beats[1]["answers"][0]["question"] == f"7:{_DIGEST}"


def test_an_answer_too_large_for_a_heartbeat_says_what_it_leaves_out() -> None:
    hit = {"first": "2026-11-30", "last": "2026-11-30", "is_exact": True, "count": 10}
    hits = [hit | {"indicators": ["ệ" * 100] * 10} for _place in range(150)]
    message: dict[str, Any] = {"watch": "pc-1"}
    fit_answers(message, [{"question": "7:x", "hits": hits, "hits_left_out": 4}])
    (answer,) = message["answers"]
    assert len(msgspec.json.encode(message)) <= MOST_HEARTBEAT
    assert (len(answer["hits"]), answer["hits_left_out"]) == (75, 79)
    # One that fits is left as it is.
    fit_answers(message, [{"question": "7:x", "hits": hits[:5], "hits_left_out": 0}])
    assert [len(one["hits"]) for one in message["answers"]] == [5]


def test_a_watch_is_heard_of_whatever_the_size_of_its_answer(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = _seen(tmp_path, start)
    hit = {"first": None, "last": None, "is_exact": True, "count": 10, "indicators": ["ệ" * 900]}
    answer = {"question": f"7:{_DIGEST}", "hits": [hit] * 150, "hits_left_out": 0}
    monkeypatch.setattr(pushing, "answers_to", lambda *_asked: [answer])
    with running(FakePortal()) as portal:
        wishes = PortalAccess(portal.address, TOKEN, name="pc-1")
        Pusher(watched.state, wishes, [], lambda _problem: None, takes_list=True).step(1.0)
    (beat,) = portal.beats
    assert len(msgspec.json.encode(beat)) <= MOST_HEARTBEAT
    assert beat["answers"][0]["hits_left_out"] == 75

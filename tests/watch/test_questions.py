"""A list that the portal asks is answered from the fingerprints here: days and indicators, once."""

from dataclasses import replace
from pathlib import Path

from quetsach.watch.portal import PortalWishes
from quetsach.watch.pushing import LIST, Pusher
from quetsach.watch.questions import answers_to, note_answered, take_questions
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
        wishes = PortalWishes(portal.address, TOKEN, name="pc-1")
        pusher = Pusher(watched.state, wishes, [], lambda _problem: None, takes_list=True)
        for minute in range(3):
            pusher.step(1.0 + 61 * minute)
    assert ["answers" in beat for beat in portal.beats] == [False, True, False]
    assert portal.beats[1]["answers"][0]["question"] == f"7:{_DIGEST}"

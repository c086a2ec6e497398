"""What a watch tells a portal: heartbeats, each folder exactly once; and the list it takes."""

import io
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.texts import use_language
from quetsach.watch.outbox import FIRST_PUT_OFF_US, KEPT_US, outbox_standing
from quetsach.watch.portal import PortalAccess
from quetsach.watch.pushing import (
    FIRST_WAIT_S,
    LIST,
    LONGEST_WAIT_S,
    NO_CAMPAIGN_S,
    OUTBOX,
    Pusher,
    PushThread,
    first_list,
)
from quetsach.watch.state import WatchState
from tests.watch.fake_portal import TOKEN, FakePortal, running
from tests.watch.releases import write_release

_NOW_S = 1_796_000_000.0
_LIST = b"bad.example\nworse.example\n"


@pytest.fixture
def portal() -> Iterator[FakePortal]:
    with running(FakePortal(listed=_LIST)) as one:
        yield one


@pytest.fixture
def state(tmp_path: Path) -> Iterator[WatchState]:
    state = WatchState(tmp_path / "state")
    yield state
    state.close()


def _pusher(portal: FakePortal, state: WatchState, problems: list[Problem] | None = None) -> Pusher:
    wishes = PortalAccess(portal.address, TOKEN, name="pc-1")
    tell = ([] if problems is None else problems).append
    return Pusher(state, wishes, ["/var/log/eve.json"], tell, takes_list=True)


def _folder(state: WatchState, name: str, made_us: int = int(_NOW_S * 1e6)) -> Path:
    folder = state.folder / OUTBOX / name
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(name)
    state.run(
        "INSERT INTO outbox(kind, folder, digest, day, made_us, sightings) "
        "VALUES('sealed', ?, ?, '2026-11-30', ?, 1)",
        *(str(folder), f"sha256:{name}", made_us),
    )
    return folder


def _drain(pusher: Pusher, now_s: float = _NOW_S) -> None:
    while pusher.step(now_s):
        pass


def test_folders_go_in_order_each_once(portal: FakePortal, state: WatchState) -> None:
    folders = [_folder(state, name) for name in ("a", "b")]
    _drain(_pusher(portal, state))
    assert len(portal.sent) == len(set(portal.sent)) == 2
    packed = zipfile.ZipFile(io.BytesIO(portal.folders[portal.sent[0]]))
    assert packed.read("manifest.json") == b"a"
    assert not any(one.exists() for one in folders)
    _drain(_pusher(portal, state), _NOW_S + 100)
    assert len(portal.sent) == 2


def test_a_heartbeat_each_minute(portal: FakePortal, state: WatchState) -> None:
    pusher = _pusher(portal, state)
    for passed_s in (0, 1, 59, 61, 62):
        _drain(pusher, _NOW_S + passed_s)
    assert [one["name"] for one in portal.beats] == ["pc-1", "pc-1"]
    assert portal.beats[0]["watch"] == state.uuid()
    assert portal.beats[0]["sources"][0]["source"] == "/var/log/eve.json"


def test_a_portal_that_is_away_loses_nothing(portal: FakePortal, state: WatchState) -> None:
    problems: list[Problem] = []
    pusher = _pusher(portal, state, problems)
    folder = _folder(state, "a")
    portal.status = 503
    at_s, waits = _NOW_S, []
    for _ in range(9):
        assert not pusher.step(at_s)
        waits.append(pusher._again_s - at_s)
        at_s = pusher._again_s
    assert waits[:3] == [FIRST_WAIT_S, 2 * FIRST_WAIT_S, 4 * FIRST_WAIT_S]
    assert waits[-1] == LONGEST_WAIT_S <= 120
    assert [one.code for one in problems] == ["E216"]
    assert "E216" in state.setting("portal_problem")
    assert folder.exists()
    portal.status = 0
    # A restart in between: the folder is in the state.
    _drain(_pusher(portal, state), at_s)
    assert len(portal.sent) == 1
    assert not state.setting("portal_problem")


@pytest.mark.parametrize(("status", "code"), [(401, "E215"), (403, "E215"), (500, "E216")])
def test_a_refused_token_is_told(
    portal: FakePortal, state: WatchState, status: int, code: str
) -> None:
    problems: list[Problem] = []
    portal.status = status
    _drain(_pusher(portal, state, problems))
    assert [one.code for one in problems] == [code]


@pytest.mark.parametrize("status", [400, 409, 422, 500])
def test_a_portal_that_refuses_to_say_for_whom_is_asked_again(
    portal: FakePortal, state: WatchState, status: int
) -> None:
    _folder(state, "a")
    problems: list[Problem] = []
    pusher = _pusher(portal, state, problems)
    portal.status = status
    assert not pusher.step(_NOW_S)
    assert [one.code for one in problems] == ["E216"]
    portal.status = 0
    _drain(pusher, _NOW_S + FIRST_WAIT_S)
    assert len(portal.sent) == 1


@pytest.mark.parametrize("nodes", [5, [{"node": 2**70}], [{"node": True, "unit": None}], "no"])
def test_odd_answers_end_nothing(portal: FakePortal, state: WatchState, nodes: object) -> None:
    _folder(state, "a")
    pusher = _pusher(portal, state)
    portal.nodes = nodes
    assert not pusher.step(_NOW_S)
    portal.nodes = None
    _drain(pusher, _NOW_S + NO_CAMPAIGN_S)
    assert len(portal.sent) == 1


def test_a_full_disk_ends_nothing(
    portal: FakePortal, state: WatchState, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_facts: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    _folder(state, "a")
    problems: list[Problem] = []
    pusher = _pusher(portal, state, problems)
    with monkeypatch.context() as patched:
        patched.setattr(state, "set", full)
        patched.setattr(state, "run", full)
        assert not pusher.step(_NOW_S)
    assert [one.code for one in problems] == ["E505"]
    _drain(pusher, _NOW_S + FIRST_WAIT_S)
    assert len(portal.sent) == 1


def test_what_is_on_its_way_is_asked_about_until_it_is_done(
    portal: FakePortal, state: WatchState
) -> None:
    folder = _folder(state, "a")
    pusher = _pusher(portal, state)
    portal.state = "sweeping"
    _drain(pusher)
    _drain(pusher, _NOW_S + 30)
    assert len(portal.sent) == 1
    portal.state = "done"
    _drain(pusher, _NOW_S + 61)
    assert portal.sent == [portal.sent[0]] * 2
    assert not folder.exists()


def test_refused_findings_stay_and_are_told(portal: FakePortal, state: WatchState) -> None:
    folder, problems = _folder(state, "a"), []  # type: tuple[Path, list[Problem]]
    portal.state, portal.code = "refused", "H106"
    _drain(_pusher(portal, state, problems))
    assert [(one.code, one.facts["reason"]) for one in problems] == [("E511", "H106")]
    assert folder.exists()
    portal.state = "done"
    _folder(state, "b")
    _drain(_pusher(portal, state), _NOW_S + 1)
    assert state.run("SELECT refused FROM outbox") == [("H106",), ("",)]


def test_after_thirty_days_it_is_given_up(portal: FakePortal, state: WatchState) -> None:
    _folder(state, "a")
    portal.status = 503
    _drain(_pusher(portal, state))
    portal.status = 0
    state.run("UPDATE outbox SET made_us = made_us - ?, due_us = ?", KEPT_US + 1, 1 << 60)
    _drain(_pusher(portal, state), _NOW_S + 10)
    assert state.run("SELECT refused FROM outbox") == [("expired",)]


def test_the_list_in_force_is_taken(portal: FakePortal, state: WatchState) -> None:
    _drain(_pusher(portal, state))
    assert (state.folder / LIST).read_bytes() == _LIST
    portal.listed = b"other.example\n"
    _drain(_pusher(portal, state), _NOW_S + 100)
    assert (state.folder / LIST).read_bytes() == b"other.example\n"


def test_a_list_that_nobody_signed_is_not_taken(portal: FakePortal, state: WatchState) -> None:
    problems: list[Problem] = []
    wishes = PortalAccess(portal.address, TOKEN, is_signed=lambda _path: False)
    _drain(Pusher(state, wishes, [], problems.append, takes_list=True))
    assert [one.code for one in problems] == ["E506"]
    assert not (state.folder / LIST).exists()


def test_the_first_list_and_that_of_the_last_time(portal: FakePortal, tmp_path: Path) -> None:
    folder, wishes = tmp_path / "new", PortalAccess(portal.address, TOKEN)
    paths = first_list(folder, wishes)
    assert [one.read_bytes() for one in paths] == [_LIST, b"planted.quetsach.example\n"]
    portal.status = 503
    assert first_list(folder, wishes) == paths
    with pytest.raises(QuetsachError, match="E216"):
        first_list(tmp_path / "other", wishes)


def test_it_runs_beside_the_watch(portal: FakePortal, state: WatchState) -> None:
    _folder(state, "a")
    thread = PushThread(lambda: _pusher(portal, WatchState(state.folder, is_beside=True)))
    thread.poke()
    thread.close()
    assert len(portal.sent) == 1


def test_a_refused_list_holds_no_folder_back(
    portal: FakePortal, state: WatchState, tmp_path: Path
) -> None:
    use_language("en")
    path = tmp_path / "release.jsonl"
    first = portal.listed = write_release(path, "abc", 1)
    problems: list[Problem] = []
    pusher = _pusher(portal, state, problems)
    _drain(pusher)
    assert (state.folder / LIST).read_bytes() == first
    portal.listed = write_release(path, "abcd", 2)
    folder = _folder(state, "a")
    for minute in (1, 2):
        _drain(pusher, _NOW_S + 61 * minute)
    assert [(one.code, "no version" in str(one)) for one in problems] == [("E506", True)]
    assert (state.folder / LIST).read_bytes() == first
    assert state.setting("list_problem") == "E506"
    assert not folder.exists()
    second = portal.listed = write_release(path, "abcd", 2, after=first)
    _drain(pusher, _NOW_S + 200)
    assert (state.folder / LIST).read_bytes() == second
    portal.listed = first
    _drain(pusher, _NOW_S + 300)
    assert (state.folder / LIST).read_bytes() == first, "a version may be pulled back"
    assert len(problems) == 1


def test_a_folder_that_is_not_taken_now_is_sent_again_later(
    portal: FakePortal, state: WatchState
) -> None:
    folder = _folder(state, "a")
    problems: list[Problem] = []
    pusher = _pusher(portal, state, problems)
    portal.not_now = "the campaign does not run"
    _drain(pusher)
    standing = outbox_standing(state)
    assert (standing["waiting"], standing["put_off"], standing["refused"]) == (1, 1, 0)
    assert "the campaign does not run" in standing["put_off_for"]
    assert standing["next_us"] == int(_NOW_S * 1e6) + FIRST_PUT_OFF_US
    assert folder.exists()
    assert problems == []
    _drain(pusher, _NOW_S + 301)
    assert outbox_standing(state)["next_us"] == int((_NOW_S + 301) * 1e6) + 2 * FIRST_PUT_OFF_US
    portal.not_now = ""
    _drain(pusher, _NOW_S + 400)
    assert portal.sent == [], "not before its time"
    _drain(pusher, _NOW_S + 1000)
    assert len(portal.sent) == 1
    standing = outbox_standing(state)
    assert (standing["waiting"], standing["put_off"], standing["put_off_for"]) == (0, 0, "")

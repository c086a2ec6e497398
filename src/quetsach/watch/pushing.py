"""What a watch tells a portal beside its work: heartbeats, folders; and the list it is given."""

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from quetsach.atomic_files import replace_whole
from quetsach.clocks import MICROSECONDS
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.texts import _
from quetsach.watch.heartbeat import heartbeat_of
from quetsach.watch.outbox import Outbox, WaitingFolder, zipped
from quetsach.watch.planted import PLANTED, keep_planted
from quetsach.watch.portal import (
    ListAt,
    NotNowError,
    Portal,
    PortalAccess,
    RefusedError,
    TooSoonError,
    list_in,
)
from quetsach.watch.questions import answers_to, fit_answers, note_answered, take_questions
from quetsach.watch.state import WatchState
from quetsach.watch.succession import check_of_portal, identity_of

OUTBOX = "outbox"
LIST = "portal-list.jsonl"
"""The file of the state with the list that the portal gives."""

_IN_FORCE = "portal_lists"
"""Setting: where the portal's list was fetched, and the digests of those that were in force."""

_MOST_DIGESTS = 50

FIRST_WAIT_S, LONGEST_WAIT_S = 5.0, 120.0
"""A portal that comes back is asked again within two minutes, so that all is there within five."""

NO_CAMPAIGN_S = 600.0
BEAT_S = 60.0
SOONEST_S = 5.5
"""A portal takes no two heartbeats of a watch within five seconds."""


class Pusher:
    """Talks with a portal, a step at a time; whoever calls `step` often enough misses nothing.

    What goes wrong is told by `tell`, once until it is well again; it stays in the state for who
    asks. Without an answer it waits longer and longer, and sends all later.
    """

    def __init__(
        self,
        state: WatchState,
        wishes: PortalAccess,
        follow: Sequence[str],
        tell: Callable[[Problem], None],
        *,
        takes_list: bool,
    ) -> None:
        """Take a state of its own. Errors: E214, E601 for `wishes`."""
        self._state, self._wishes, self._follow, self._tell = state, wishes, follow, tell
        self._portal = Portal(wishes)
        self._outbox = Outbox(state, state.folder / OUTBOX)
        self._takes_list = takes_list
        self._node: int | None = None
        self._beat_s = self._again_s = 0.0
        self._wait_s = FIRST_WAIT_S
        self._problem = self._refused_list = self._prints_problem = ""
        self.is_too_soon = False
        """Whether the portal refused the last heartbeat, as it had one a moment before."""

    def step(self, now_s: float) -> bool:
        """Do what is due; return whether there is more to be done at once."""
        if now_s < self._again_s:
            return False
        try:
            is_busy = self._step(now_s)
        except QuetsachError as error:
            self._fail(error.problem, now_s)
            return False
        except TooSoonError:
            self._again_s = now_s + self._wait_s
            return False
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            self._fail(Problem("E505", str(self._state.folder), {"reason": reason}), now_s)
            return False
        except Exception as error:  # noqa: BLE001 - whatever is answered, the next one is asked for
            reason = f"{type(error).__name__}: {error}"[:200]
            self._fail(Problem("E216", self._wishes.address, {"reason": reason}), now_s)
            return False
        self._wait_s = FIRST_WAIT_S
        self._remember({"portal_us": str(_us(now_s)), "portal_problem": ""})
        self._problem = ""
        return is_busy

    def beat_again(self) -> None:
        """Let the next step tell how the watch stands, as before it ends."""
        self._beat_s = 0.0

    def _step(self, now_s: float) -> bool:
        if self._node is None:
            self._node = self._found_node(now_s)
            if self._node is None:
                # No campaign runs yet.
                self._again_s = now_s + NO_CAMPAIGN_S
                return False
        if now_s >= self._beat_s:
            self._beat_s = now_s + BEAT_S
            self._heartbeat(self._node, now_s)
        folder = self._outbox.next_due(_us(now_s))
        if folder is None:
            self._outbox.give_up_old(_us(now_s))
            return False
        self._hand_in(self._node, folder, now_s)
        return True

    def _found_node(self, now_s: float) -> int | None:
        nodes = self._portal.nodes()
        if not nodes:
            self._remember({"portal_us": str(_us(now_s)), "portal_unit": ""})
            return None
        first = nodes[0]
        self._remember({"portal_unit": str(first.get("unit", ""))[:200]})
        self._take_list(list_in(first))
        return int(first["node"])

    def _heartbeat(self, node: int, now_s: float) -> None:
        message = heartbeat_of(self._state, self._wishes.name, self._follow, _us(now_s))
        answers = self._answers()
        if answers:
            fit_answers(message, answers)
        self.is_too_soon = False
        try:
            answer = self._portal.heartbeat(node, message)
        except TooSoonError:
            self.is_too_soon = True
            return
        except RefusedError as error:
            reason = str(error)
            raise QuetsachError("E216", self._wishes.address, reason=reason) from error
        note_answered(self._state, answers)
        take_questions(self._state, answer.get("questions"), _us(now_s))
        next_s = answer.get("next_s")
        if isinstance(next_s, int | float) and 5 <= next_s <= NO_CAMPAIGN_S:
            self._beat_s = now_s + float(next_s)
        self._take_planted(answer.get("planted"))
        self._take_list(list_in(answer))

    def _answers(self) -> list[dict[str, Any]]:
        """Return what the portal's questions are answered; what cannot be read is told, and asked
        once more with the next heartbeat."""
        try:
            return answers_to(self._state, self._state.folder / LIST)
        except QuetsachError as error:
            if error.problem.code != self._prints_problem:
                self._prints_problem = error.problem.code
                self._tell(error.problem)
            return []

    def _hand_in(self, node: int, folder: WaitingFolder, now_s: float) -> None:
        try:
            packed = zipped(folder.path)
        except OSError as error:
            self._refuse(folder, error.strerror or str(error), now_s)
            return
        try:
            answer = self._portal.hand_in(node, folder.key, f"watch: {folder.kind}", packed)
        except NotNowError as error:
            self._outbox.put_off(folder, str(error), _us(now_s))
            return
        except RefusedError as error:
            self._refuse(folder, str(error), now_s)
            return
        reason = self._outbox.answered(folder, answer, _us(now_s))
        if reason:
            self._tell(Problem("E511", str(folder.path), {"reason": reason}))

    def _refuse(self, folder: WaitingFolder, reason: str, now_s: float) -> None:
        self._outbox.settle(folder, reason, _us(now_s))
        self._tell(Problem("E511", str(folder.path), {"reason": reason}))

    def _take_list(self, at: ListAt | None) -> None:
        """Keep the list in force where it is another one; the watch takes it from there."""
        if at is None or not self._takes_list or at.digest == self._refused_list:
            return
        if at.digest == self._state.setting("portal_list"):
            if self._refused_list:
                # What was refused is in force no more.
                self._refused_list = ""
                self._remember({"list_problem": ""})
            return
        try:
            keep_list(self._state, self._portal, at, self._wishes)
        except QuetsachError as error:
            if error.problem.code != "E506":
                raise
            # The list in use stays; folders and heartbeats go on.
            self._refused_list = at.digest
            self._remember({"list_problem": "E506"})
            self._tell(error.problem)

    def _take_planted(self, names: Any) -> None:
        if not isinstance(names, list) or not self._takes_list:
            return
        keep_planted(self._state.folder, [one for one in names if isinstance(one, str)])

    def _fail(self, problem: Problem, now_s: float) -> None:
        self._again_s = now_s + self._wait_s
        self._wait_s = min(2 * self._wait_s, LONGEST_WAIT_S)
        if problem.code == "E216":
            self._node = None
        self._remember({"portal_problem": str(problem)[:500]})
        if problem.code != self._problem:
            self._problem = problem.code
            self._tell(problem)

    def _remember(self, settings: dict[str, str]) -> None:
        # A full disk ends no work; it is told by what fails.
        with suppress(sqlite3.Error), self._state.round():
            self._state.set(settings)


def keep_list(state: WatchState, portal: Portal, at: ListAt, wishes: PortalAccess) -> None:
    """Fetch the list in force into the state.

    Errors: E213 to E216 for the portal; E506 where it is not signed as asked, or cannot follow the
    one before; OSError.
    """
    body = portal.list_at(at)
    path = state.folder / LIST
    aside = state.folder / f"{LIST}.new"
    replace_whole(aside, body)
    try:
        if wishes.is_signed is not None and not wishes.is_signed(aside):
            raise QuetsachError("E506", at.path, reason=_("it is not signed as asked"))
        digests = _in_force_before(state, at.path)
        if path.exists() and digests and at.digest not in digests:
            check_of_portal(identity_of(path), identity_of(aside), at.path)
    except QuetsachError:
        aside.unlink()
        raise
    aside.replace(path)
    earlier = [one for one in digests if one != at.digest][-_MOST_DIGESTS:]
    in_force = msgspec.json.encode([at.path, *earlier, at.digest]).decode()
    with state.round():
        state.set({"portal_list": at.digest, _IN_FORCE: in_force})


def _in_force_before(state: WatchState, path: str) -> list[str]:
    """Return the lists of the unit at `path` that were in force: a version may be pulled back."""
    kept = msgspec.json.decode(state.setting(_IN_FORCE, "[]"), type=list[str])
    return kept[1:] if kept[:1] == [path] else []


class PushThread:
    """Pushes beside the watch until it is closed."""

    def __init__(self, make: Callable[[], Pusher]) -> None:
        self._make = make
        self._stop, self._news = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="push", daemon=True)
        self._thread.start()

    def poke(self) -> None:
        """Have it look at once: there is something to be sent."""
        self._news.set()

    def close(self, wait_s: float = 10.0) -> None:
        """Let it send what is there, if that takes no longer than `wait_s`."""
        self._stop.set()
        self._news.set()
        self._thread.join(wait_s)

    def _run(self) -> None:
        pusher: Pusher | None = None
        is_last = False
        while not is_last:
            # What was sealed before it was ended is sent in one more turn.
            is_last = self._stop.is_set()
            with suppress(sqlite3.Error):
                # The watch tells of a state that cannot be opened.
                pusher = pusher or self._make()
            while pusher is not None and pusher.step(time.time()):
                pass
            if pusher is not None and is_last:
                # How it stands now that all is handed in.
                pusher.beat_again()
                pusher.step(time.time())
                if pusher.is_too_soon:
                    threading.Event().wait(SOONEST_S)
                    pusher.beat_again()
                    pusher.step(time.time())
            if not is_last and not self._stop.is_set():
                self._news.wait(1.0)
                self._news.clear()


def _us(now_s: float) -> int:
    return int(now_s * MICROSECONDS)


def first_list(folder: Path, wishes: PortalAccess) -> tuple[Path, Path]:
    """Return the list that the portal gives, and the planted names, before a watch begins.

    Where the portal is away the list of the last time serves.
    Errors: E213 to E216 where there is none either; E201 where the portal has none yet; E505.
    """
    state = WatchState(folder)
    try:
        keep_planted(folder, ())
        nodes = Portal(wishes).nodes()
        at = next(filter(None, map(list_in, nodes)), None)
        if at is not None and at.digest != state.setting("portal_list"):
            keep_list(state, Portal(wishes), at, wishes)
    except QuetsachError:
        if not (folder / LIST).exists():
            raise
    finally:
        state.close()
    if not (folder / LIST).exists():
        raise QuetsachError("E201", wishes.address)
    return folder / LIST, folder / PLANTED

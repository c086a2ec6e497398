"""What is shown is passed on, too: to a command on its standard input, to an address as JSON."""

import shlex
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from quetsach import __version__
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.indicators.fetch.connection import FetchBounds, HttpClient, parse_target

EACH_S = 1.0
"""A receiver is given what came at most so often, all of it together."""

LIMIT_S = 30.0
"""A command that takes longer is ended."""

FIRST_WAIT_S, LONGEST_WAIT_S = 5.0, 600.0
MOST_WAITING = 1000
MOST_AT_ONCE = 200


class Receiver(Protocol):
    """Anything that is given sightings: `name` says what in messages."""

    name: str

    def give(self, lines: Sequence[bytes]) -> None:
        """Give it sightings, each a JSON object. Errors: QuetsachError where they must wait."""
        ...


class CommandReceiver:
    """A command, started for each few sightings, that reads a JSON object a line. No shell."""

    def __init__(self, command: str) -> None:
        """Errors: E601 for words that no command line has."""
        try:
            self._words = shlex.split(command)
        except ValueError as error:
            raise QuetsachError("E601", "--exec", reason=str(error)) from error
        if not self._words:
            raise QuetsachError("E601", "--exec", reason=command)
        self.name = command

    def give(self, lines: Sequence[bytes]) -> None:
        """Start it with `lines`. Errors: E512 where it fails or takes too long."""
        try:
            done = subprocess.run(
                self._words,
                input=b"".join(line + b"\n" for line in lines),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=LIMIT_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise QuetsachError("E512", self.name, reason=f"> {LIMIT_S:.0f} s") from error
        except OSError as error:
            raise QuetsachError("E512", self.name, reason=error.strerror or str(error)) from error
        if done.returncode:
            raise QuetsachError("E512", self.name, reason=f"exit {done.returncode}")


class WebhookReceiver:
    """An address that takes `{"sightings": [...]}` by POST."""

    def __init__(self, address: str) -> None:
        """Errors: E214 for an address that is not https (http only to this machine itself)."""
        self._at = parse_target(address)
        # What stands in the path and behind it may be a secret.
        self.name = str(self._at.at("/"))

    def give(self, lines: Sequence[bytes]) -> None:
        """Send them. Errors: E213, E214, E216 where it does not take them."""
        headers = {"Content-Type": "application/json", "User-Agent": f"quetsach/{__version__}"}
        client = HttpClient(self._at, headers, FetchBounds(10.0, LIMIT_S, 1 << 20))
        body = msgspec.json.encode({"sightings": [msgspec.Raw(line) for line in lines]})
        try:
            status, _reply = client.ask("POST", self._at, body)
        except QuetsachError as error:
            reason = error.problem.facts.get("reason", "")
            raise QuetsachError(error.problem.code, self.name, reason=reason) from None
        if not 200 <= status < 300:
            raise QuetsachError("E216", self.name, reason=f"HTTP {status}")


class PassOnThread:
    """Gives a receiver what is shown, beside the watch; what it does not take waits and is retried.

    At most MOST_WAITING wait: beyond that the oldest go, counted and told.
    """

    def __init__(self, receiver: Receiver, tell: Callable[[Problem], None]) -> None:
        self._receiver, self._tell = receiver, tell
        self._waiting: deque[bytes] = deque()
        self._lost = 0
        self._problem = ""
        self._wait_s = FIRST_WAIT_S
        self._lock = threading.Lock()
        self._stop, self._news = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="forward", daemon=True)
        self._thread.start()

    def put(self, lines: Sequence[bytes]) -> None:
        """Give it these, soon; it never waits."""
        with self._lock:
            self._waiting.extend(lines)
            while len(self._waiting) > MOST_WAITING:
                self._waiting.popleft()
                self._lost += 1
        self._news.set()

    def close(self, wait_s: float = 5.0) -> None:
        """End it, once more giving what waits."""
        self._stop.set()
        self._news.set()
        self._thread.join(wait_s)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._news.wait()
            self._news.clear()
            while self._give() and not self._stop.is_set():
                self._stop.wait(EACH_S)
        self._give()

    def _give(self) -> bool:
        """Give the oldest; return whether more wait."""
        with self._lock:
            lines = [*self._waiting][:MOST_AT_ONCE]
            lost, self._lost = self._lost, 0
        if lost:
            self._tell(Problem("E513", self._receiver.name, {"count": lost}))
        if not lines:
            return False
        begun_s = time.monotonic()
        try:
            self._receiver.give(lines)
        except QuetsachError as error:
            self._fail(error.problem, time.monotonic() - begun_s)
            return True
        self._problem, self._wait_s = "", FIRST_WAIT_S
        with self._lock:
            # Those that went meanwhile, as too many waited, are not there any more.
            for line in lines:
                if self._waiting and self._waiting[0] is line:
                    self._waiting.popleft()
            return bool(self._waiting)

    def _fail(self, problem: Problem, took_s: float) -> None:
        if problem.code != self._problem:
            self._problem = problem.code
            self._tell(problem)
        self._stop.wait(max(self._wait_s - took_s, EACH_S))
        self._wait_s = min(2 * self._wait_s, LONGEST_WAIT_S)

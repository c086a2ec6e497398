"""The local watch: what it follows and where it remembers; how it stands; whether it would see."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import disk_usage
from typing import Any

from quetsach.blocklists.planted import PlantedKey as PlantedKey
from quetsach.blocklists.planted import read_planted_key as read_planted_key
from quetsach.clocks import MICROSECONDS
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.evidence.find import STANDARD_INPUT
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.scanning.job import ReadOptions, zone_of
from quetsach.scratch_folders import scratch_folder
from quetsach.sieve.kernel import rust_available
from quetsach.sweeping.sweep import SweepRequest
from quetsach.texts import _
from quetsach.watch.figures import standing
from quetsach.watch.files import Follow, SeenFile, open_plain
from quetsach.watch.files import unmet as unmet
from quetsach.watch.forwarding import CommandReceiver, PassOnThread, Receiver, WebhookReceiver
from quetsach.watch.listening.addresses import (
    ListenAddress,
    ListenKind,
    dnstap_address,
    listen_address,
)
from quetsach.watch.listening.datagrams import BUFFER_BYTES, granted_buffer
from quetsach.watch.listening.sockets import open_socket, tls_context
from quetsach.watch.outbox import outbox_standing
from quetsach.watch.planted import PLANTED as PLANTED_FILE
from quetsach.watch.planted import PlantedDays
from quetsach.watch.planted import listed_count as listed_count
from quetsach.watch.planted import planted_in as planted_in
from quetsach.watch.portal import PortalAccess as PortalAccess
from quetsach.watch.pushing import first_list as first_list
from quetsach.watch.running import WatchCallbacks as WatchCallbacks
from quetsach.watch.running import WatchOptions as WatchOptions
from quetsach.watch.running import WatchTotals as WatchTotals
from quetsach.watch.running import run_watch as run_watch
from quetsach.watch.seal_times import FLUSH, FLUSHED, SEALING
from quetsach.watch.sealing import SealedFolder as SealedFolder
from quetsach.watch.state import STATE_FILE, WatchState, readable
from quetsach.watch.telling import NewSightings as NewSightings
from quetsach.watch.telling import who as who


def state_folder(environment: Mapping[str, str], home: Path) -> Path:
    """Return where a watch remembers unless its user says otherwise (XDG base directories)."""
    base = environment.get("XDG_STATE_HOME", "")
    folder = Path(base) if base.startswith("/") else home / ".local" / "state"
    return folder / "quetsach" / "watch"


def check_followed(arguments: Sequence[str]) -> None:
    """Refuse what cannot be followed. Errors: E111 for an address; E113 for standard input."""
    for argument in arguments:
        if "://" in argument:
            raise QuetsachError("E111", argument)
        if argument == STANDARD_INPUT:
            raise QuetsachError("E113", argument)


def listen_addresses(listen: Sequence[str], dnstap: Sequence[str]) -> tuple[ListenAddress, ...]:
    """Return where messages are received. Errors: E507 for no such address, or the same twice."""
    addresses = (*map(listen_address, listen), *map(dnstap_address, dnstap))
    slugs = [one.slug for one in addresses]
    for place, address in enumerate(addresses):
        if address.slug in slugs[:place]:
            raise QuetsachError("E507", address.written, reason=_("it is named twice"))
    return addresses


def portal_wishes(
    address: str,
    token: str,
    *,
    node: int | None = None,
    name: str = "",
    ca_file: Path | None = None,
    keys: Sequence[Path] = (),
) -> PortalAccess:
    """Return which portal a watch reports to; its list must be signed by `keys`."""
    if not keys:
        return PortalAccess(address, token, node, name, ca_file)
    from quetsach.api.verifying import verify

    def is_signed(path: Path) -> bool:
        verdict = verify(path, keys=list(keys)).verdict
        return verdict is not None and verdict.state == "trusted"

    return PortalAccess(address, token, node, name, ca_file, is_signed)


def first_planted(folder: Path, key: PlantedKey, zone: str | None) -> Path:
    """Keep what `key` plants today in the state; return its file, a list. Errors: E505, E601."""
    state = WatchState(folder)
    try:
        PlantedDays(state, key, zone_of(zone or ReadOptions().zone)).look(
            int(time.time() * MICROSECONDS)
        )
    except (OSError, sqlite3.Error) as error:
        raise QuetsachError("E505", str(folder), reason=str(error)) from error
    finally:
        state.close()
    return folder / PLANTED_FILE


@contextmanager
def forwarding(
    commands: Sequence[str], webhooks: Sequence[str], tell: Callable[[Problem], None]
) -> Iterator[Callable[[Sequence[bytes]], None]]:
    """Give a function that passes sightings, as JSON, on to commands and addresses.

    Errors: E601 for a command, E214 for an address.
    """
    receivers: list[Receiver] = [*map(CommandReceiver, commands)]
    receivers += map(WebhookReceiver, webhooks)
    threads = [PassOnThread(one, tell) for one in receivers]

    def put(lines: Sequence[bytes]) -> None:
        for passing_on in threads:
            passing_on.put(lines)

    try:
        yield put
    finally:
        for passing_on in threads:
            passing_on.close()


def watch_status(folder: Path) -> dict[str, Any]:
    """Return how the watch that remembers in `folder` stands. Errors: E101, E505."""
    if not (folder / STATE_FILE).exists():
        raise QuetsachError("E101", str(folder / STATE_FILE))
    state = WatchState(folder, read_only=True)
    try:
        with readable(folder):
            return standing(state)
    except sqlite3.Error as error:
        raise QuetsachError("E505", str(folder), reason=str(error)) from error
    finally:
        state.close()


def is_running(standing: Mapping[str, Any]) -> bool:
    """Return whether a watch gave a sign of life lately."""
    passed_us = int(time.time() * MICROSECONDS) - int(standing["alive_us"])
    return bool(standing["pid"]) and passed_us < _ALIVE_US


def is_sealing(folder: Path) -> bool:
    """Return whether the watch that remembers in `folder` writes findings folders. E505."""
    state = WatchState(folder, read_only=True)
    try:
        return bool(state.setting(SEALING, "1"))
    finally:
        state.close()


def ask_to_seal(folder: Path) -> int:
    """Ask the watch that remembers in `folder` to seal now; return the number of the question.

    Errors: E505.
    """
    state = WatchState(folder, is_beside=True)
    try:
        question = max(int(time.time() * MICROSECONDS), int(state.setting(FLUSH, "0")) + 1)
        state.set({FLUSH: str(question)})
        return question
    finally:
        state.close()


@dataclass(frozen=True)
class SealedSince:
    """What was sealed since somebody asked, and how many folders wait for the portal."""

    folders: Sequence[str]
    waiting: int


def sealed_since(folder: Path, question: int) -> SealedSince | None:
    """Return what was sealed since `ask_to_seal`, None where it was not answered yet. E505."""
    state = WatchState(folder, read_only=True)
    try:
        if int(state.setting(FLUSHED, "0")) < question:
            return None
        rows = state.run("SELECT folder FROM outbox WHERE made_us >= ? ORDER BY number", question)
        has_portal = state.setting("portal_us") or state.setting("portal_problem")
        waiting = outbox_standing(state)["waiting"] if has_portal else 0
        return SealedSince([path for (path,) in rows], waiting)
    finally:
        state.close()


PLANTED = "planted.quetsach.example"
PLANTED_LINES = 20

_ALIVE_US = 30 * MICROSECONDS
_LEAST_FREE = 1 << 30


@dataclass(frozen=True)
class WatchCheck:
    """One thing that a watch needs: `what` it is, whether it is well, and what was found.

    Shapes: `what` is files, listener, buffer, state, disk, list, speed or planted.
    """

    what: str
    is_well: bool
    found: str


def check_watch(
    request: SweepRequest, state: Path, listen: Sequence[ListenAddress] = ()
) -> Iterator[WatchCheck]:
    """Yield whether a watch could do its work: files, listeners, state, disk, list, a trial."""
    files, problems = Follow(tuple(request.evidence)).find()
    problems += _unreadable(files)
    missing = unmet(request.evidence)
    if request.evidence:
        yield WatchCheck("files", bool(files) and not problems and not missing, str(len(files)))
    for problem in problems:
        yield WatchCheck("files", False, str(problem))
    for argument in missing:
        yield WatchCheck("files", False, str(Problem("E101", argument)))
    yield from _checked_listeners(listen)
    try:
        WatchState(state).close()
        yield WatchCheck("state", True, str(state))
        free = disk_usage(state).free
        yield WatchCheck("disk", free >= _LEAST_FREE, str(free))
    except QuetsachError as error:
        yield WatchCheck("state", False, str(error))
    count = len(request.indicators.indicators)
    yield WatchCheck("list", count > 0, str(count))
    yield WatchCheck("speed", rust_available(), "rust" if rust_available() else "python")
    seen = planted_seen()
    yield WatchCheck("planted", seen == PLANTED_LINES, f"{seen}/{PLANTED_LINES}")


def _checked_listeners(listen: Sequence[ListenAddress]) -> Iterator[WatchCheck]:
    """Yield whether each socket opens, with its certificate; what is granted of UDP's buffer."""
    for address in listen:
        try:
            if address.kind is ListenKind.TLS:
                tls_context(address)
            opened = open_socket(address)
        except QuetsachError as error:
            yield WatchCheck("listener", False, str(error))
            continue
        with opened:
            yield WatchCheck("listener", True, address.written)
            if address.kind is ListenKind.UDP:
                granted = granted_buffer(opened)
                yield WatchCheck("buffer", granted >= BUFFER_BYTES, str(granted))
        if address.path is not None:
            address.path.unlink(missing_ok=True)


def _unreadable(files: Sequence[SeenFile]) -> Iterator[Problem]:
    for file in files:
        try:
            os.close(open_plain(file))
        except OSError as error:
            yield Problem("E104", str(file.path), {"reason": error.strerror or str(error)})


def planted_seen() -> int:
    """Return how many of PLANTED_LINES lines of a made log a watch tells: all of them, if well."""
    with scratch_folder() as folder:
        log, listed = folder / "eve.json", folder / "list.txt"
        listed.write_text(f"{PLANTED}\n", encoding="ascii")
        log.write_text("".join(map(_planted, range(PLANTED_LINES))), encoding="ascii")
        indicators = read_lists([listed], ListOptions())
        request = SweepRequest([str(log)], indicators, folder, ReadOptions())
        numbers: set[str] = set()
        ears = WatchCallbacks(
            sightings=lambda tidings: numbers.update(
                row["quetsach.sighting.id"] for row in tidings.rows
            ),
            problem=lambda _problem: None,
            new_list=lambda _count: None,
            figures=lambda _totals: None,
        )
        wishes = WatchOptions(request, [listed], lambda: indicators, folder / "state", once=True)
        run_watch(wishes, ears)
        return len(numbers)


def _planted(number: int) -> str:
    return (
        f'{{"timestamp":"2026-11-30T08:15:{number:02}.000000+0700","event_type":"dns",'
        f'"src_ip":"192.0.2.{number + 1}","src_port":53000,"dest_ip":"192.0.2.53","dest_port":53,'
        f'"proto":"UDP","dns":{{"type":"query","rrname":"{PLANTED}","rrtype":"A"}}}}\n'
    )

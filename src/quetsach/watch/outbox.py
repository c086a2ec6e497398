"""The folders that wait to be handed in to the portal: each at once, in order, exactly once."""

import io
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from quetsach.clocks import MICROSECONDS
from quetsach.watch.state import WatchState

KEPT_US = 30 * 86_400 * MICROSECONDS
"""A folder that could not be handed in for so long is given up, and counted."""

FIRST_PUT_OFF_US, LONGEST_PUT_OFF_US = 300 * MICROSECONDS, 6 * 3600 * MICROSECONDS
"""How long a folder waits that the portal does not take yet: 5 minutes at first, then longer."""

ASK_AGAIN_US = 60 * MICROSECONDS
MOST_ASKED = 6
"""So often it is asked what became of a folder that was taken, less and less often."""

ON_ITS_WAY = frozenset({"receiving", "checking", "queued", "sweeping"})
DONE = "done"

_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class WaitingFolder:
    """A folder that is to be handed in; `was_sent` says that it only is asked what became of it."""

    number: int
    kind: str
    path: Path
    digest: str
    tries: int
    was_sent: bool

    @property
    def key(self) -> UUID:
        """What the portal knows it by: the same folder has the same, however often it is sent."""
        return uuid5(NAMESPACE_URL, self.digest)


class Outbox:
    """The outbox of a state; `own` is the folder of which it deletes what was handed in."""

    def __init__(self, state: WatchState, own: Path) -> None:
        self._state, self._own = state, own

    def next_due(self, now_us: int) -> WaitingFolder | None:
        """Return the folder that is to be sent next: what was never sent before what was."""
        rows = self._state.run(
            "SELECT number, kind, folder, digest, tries, sent_us FROM outbox "
            "WHERE settled_us IS NULL AND due_us <= ? ORDER BY sent_us IS NOT NULL, number LIMIT 1",
            now_us,
        )
        for number, kind, folder, digest, tries, sent_us in rows:
            return WaitingFolder(number, kind, Path(folder), digest, tries, sent_us is not None)
        return None

    def answered(self, folder: WaitingFolder, answer: Mapping[str, Any], now_us: int) -> str:
        """Keep what the portal said of a folder; return why it was refused, else ""."""
        state = str(answer.get("state", DONE))
        if state in ON_ITS_WAY and folder.tries < MOST_ASKED:
            due_us = now_us + (ASK_AGAIN_US << folder.tries)
            sent = "sent_us = ?, due_us = ?, tries = tries + 1, waits_for = ''"
            self._keep(sent, folder, now_us, due_us)
            return ""
        told = answer.get("told")
        code = str(told.get("code") or "") if isinstance(told, Mapping) else ""
        reason = "" if state == DONE or state in ON_ITS_WAY else code or state
        self.settle(folder, reason, now_us)
        return reason

    def settle(self, folder: WaitingFolder, refused: str, now_us: int) -> None:
        """Keep that a folder is done with; one that was refused stays where it is."""
        sent = "sent_us = COALESCE(sent_us, ?), settled_us = ?, refused = ?, waits_for = ''"
        self._keep(sent, folder, now_us, now_us, refused[:200])
        if not refused and folder.path.parent == self._own:
            shutil.rmtree(folder.path, ignore_errors=True)

    def put_off(self, folder: WaitingFolder, reason: str, now_us: int) -> None:
        """Keep that the portal does not take a folder now, and why; it is sent again later."""
        due_us = now_us + min(FIRST_PUT_OFF_US << min(folder.tries, 20), LONGEST_PUT_OFF_US)
        self._keep("waits_for = ?, due_us = ?, tries = tries + 1", folder, reason[:200], due_us)

    def give_up_old(self, now_us: int) -> int:
        """Give up what waits for too long; return how many folders were."""
        before_us = now_us - KEPT_US
        old = self._state.run(
            "SELECT number FROM outbox WHERE settled_us IS NULL AND sent_us IS NULL "
            "AND made_us < ?",
            before_us,
        )
        if old:
            with self._state.round():
                self._state.each(
                    "UPDATE outbox SET settled_us = ?, refused = 'expired' WHERE number = ?",
                    ((now_us, number) for (number,) in old),
                )
        return len(old)

    def _keep(self, change: str, folder: WaitingFolder, *facts: Any) -> None:
        with self._state.round():
            self._state.run(f"UPDATE outbox SET {change} WHERE number = ?", *facts, folder.number)  # noqa: S608


def outbox_standing(state: WatchState) -> dict[str, Any]:
    """Return how many folders wait, since when (us since 1970), how many were refused, and how many
    were put off: why, and when they are sent again.
    """
    waiting, oldest_us = state.run(
        "SELECT COUNT(*), MIN(made_us) FROM outbox WHERE settled_us IS NULL AND sent_us IS NULL"
    )[0]
    refused = state.run("SELECT COUNT(*) FROM outbox WHERE refused != ''")[0][0]
    put_off, why, next_us = state.run(
        "SELECT COUNT(*), MAX(waits_for), MIN(due_us) FROM outbox "
        "WHERE settled_us IS NULL AND waits_for != ''"
    )[0]
    return {
        "waiting": waiting,
        "oldest_us": oldest_us,
        "refused": refused,
        "put_off": put_off,
        "put_off_for": why or "",
        "next_us": next_us,
    }


def zipped(folder: Path) -> bytes:
    """Return a folder as a ZIP file; the same folder gives the same bytes. Errors: OSError."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name = path.relative_to(folder).as_posix()
                archive.writestr(zipfile.ZipInfo(name, _EPOCH), path.read_bytes())
    return packed.getvalue()

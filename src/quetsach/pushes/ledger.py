"""The ledger of what was sent to one server: a file of JSON lines that only grows."""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import msgspec

from quetsach.appended_lines import append_lines, without_torn_line
from quetsach.errors.exceptions import QuetsachError
from quetsach.pushes.contract import PushFate, PushOutcome
from quetsach.scratch_folders import locked_file

FORMAT = "quetsach-pushes/1"
_KEPT = (PushFate.SENT, PushFate.TAKEN_BACK)


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    number: str
    fate: PushFate
    at: str
    refs: list[str] = []


class _Head(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    kind: str
    server: str


def state_folder(environment: Mapping[str, str], home: Path) -> Path:
    """Return where ledgers lie unless the user says otherwise (XDG base directories)."""
    base = environment.get("XDG_STATE_HOME", "")
    folder = Path(base) if base.startswith("/") else home / ".local" / "state"
    return folder / "quetsach" / "pushes"


_Kept: TypeAlias = tuple[PushFate, tuple[str, ...]]


class PushLedger:
    """What was sent to one server, by the number of the sighting, and what was taken back.

    Cost: memory for each sighting ever sent there.
    """

    def __init__(self, folder: Path, kind: str, address: str, server: str) -> None:
        """Read the ledger of `address`; messages and the file name its `server` alone.

        Errors: E104 where it cannot be read; E515 where it is damaged.
        """
        digest = hashlib.sha256(f"{kind} {address}".encode()).hexdigest()
        self.path = folder / f"{kind}-{digest[:24]}.jsonl"
        self.server = server
        self._head = _Head(FORMAT, kind, server)
        self._sent: dict[str, _Kept] = {}
        self._kept: dict[_Kept, _Kept] = {}
        self._read()

    def known(self, number: str) -> PushOutcome | None:
        """Return what is noted of a sighting: sent or taken back."""
        kept = self._sent.get(number)
        return None if kept is None else PushOutcome(number, *kept)

    def note(self, outcomes: Sequence[PushOutcome], at: str) -> None:
        """Note what was sent or taken back, for good; what was refused is not noted.

        Errors: E406 where the disk takes it not: what is not noted is sent again.
        """
        kept = [outcome for outcome in outcomes if outcome.fate in _KEPT]
        if not kept:
            return
        lines = [
            msgspec.json.encode(_Line(one.number, one.fate, at, list(one.refs))) for one in kept
        ]
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not self.path.exists():
                lines.insert(0, msgspec.json.encode(self._head))
            append_lines(self.path, b"".join(line + b"\n" for line in lines))
        except OSError as error:
            raise QuetsachError(
                "E406", str(self.path), reason=error.strerror or str(error)
            ) from error
        for outcome in kept:
            self._remember(outcome.number, outcome.fate, outcome.refs)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other runs from sending to the same server meanwhile. Errors: E516; E406."""
        lock = self.path.with_suffix(".lock")
        try:
            lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with locked_file(lock):
                # Another run may have sent more since this one read.
                self._read()
                yield
        except FileExistsError as error:
            raise QuetsachError("E516", self.server) from error
        except OSError as error:
            raise QuetsachError("E406", str(lock), reason=error.strerror or str(error)) from error

    def _remember(self, number: str, fate: PushFate, refs: tuple[str, ...]) -> None:
        # A million sightings of one index share what is kept of them.
        kept = (fate, refs)
        self._sent[number] = self._kept.setdefault(kept, kept)

    def _read(self) -> None:
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            reason = error.strerror or str(error)
            raise QuetsachError("E104", os.fspath(self.path), reason=reason) from error
        lines = without_torn_line(raw).splitlines()
        place = 1
        try:
            if lines and msgspec.json.decode(lines[0], type=_Head).format != FORMAT:
                raise ValueError(FORMAT)
            for place, text in enumerate(lines[1:], 2):  # noqa: B007 - the error names it
                line = msgspec.json.decode(text, type=_Line)
                self._remember(line.number, line.fate, tuple(line.refs))
        except (ValueError, RecursionError) as error:
            raise QuetsachError("E515", str(self.path), line=place) from error

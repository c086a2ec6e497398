"""Suricata: names put into and taken out of its datasets by its socket, else its rules read again.

Source: Suricata user guide, "Interacting via Unix Socket" and "Datasets": a JSON object a command,
an answer with `return` OK or NOK; python/suricata/sc of Suricata for the greeting.
"""

import json
import re
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from quetsach.blocklists.sensors.resolvers import ReloadError

MOST_CHANGES = 1_000
"""Up to so many changes are told one by one; with more the rules are read again."""

LONGEST_S = 30
_LONGEST_ANSWER = 1024 * 1024
_VERSION = "0.2"
# What differs between two releases of the same rules: numbers of releases, and room.
_OF_A_RELEASE = re.compile(
    r"qs-[0-9a-f]{6,64}|rev:\d+;|memcap \d+mb,|hashsize \d+;|^#.*$", re.MULTILINE
)
_SET_TYPES = {"-exact.lst": "string", "-below.lst": "string", "-ip.lst": "ip"}


def changes_of(
    before: Mapping[str, str], after: Mapping[str, str]
) -> list[tuple[str, str, str, str]] | None:
    """Return command, set, type and value of each change, None where rules must be read again.

    Shapes: file names and texts of one release of the form suricata-dataset each.
    """
    if {*before} != {*after} or not all(before.values()):
        return None
    changes = []
    for name in sorted(after):
        kind = next((kind for end, kind in _SET_TYPES.items() if name.endswith(end)), "")
        if not kind:
            if _OF_A_RELEASE.sub("", before[name]) != _OF_A_RELEASE.sub("", after[name]):
                return None
            continue
        old, new = {*before[name].split()}, {*after[name].split()}
        held = name.removesuffix(".lst")
        changes += [("dataset-add", held, kind, value) for value in sorted(new - old)]
        changes += [("dataset-remove", held, kind, value) for value in sorted(old - new)]
    return changes if len(changes) <= MOST_CHANGES else None


def tell_changes(path: Path, changes: list[tuple[str, str, str, str]]) -> None:
    """Tell a running Suricata these changes. Errors: ReloadError at the first that it refuses."""
    with _Connection(path) as suricata:
        for command, name, kind, value in changes:
            suricata.ask(command, setname=name, settype=kind, datavalue=value)


def reload_rules(path: Path) -> None:
    """Let a running Suricata read its rules again. Errors: ReloadError where it refuses."""
    with _Connection(path) as suricata:
        suricata.ask("ruleset-reload-nonblocking")


class _Connection:
    """One talk with Suricata by its socket."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(LONGEST_S)

    def __enter__(self) -> "_Connection":
        try:
            self._socket.connect(str(self._path))
            self._exchange({"version": _VERSION}, "version")
        except (OSError, ReloadError) as error:
            self._socket.close()
            raise ReloadError(f"{self._path}: {error}") from error
        return self

    def __exit__(self, *_raised: object) -> None:
        self._socket.close()

    def ask(self, command: str, **arguments: str) -> None:
        """Send a command. Errors: ReloadError where the answer is not OK."""
        question: dict[str, Any] = {"command": command}
        if arguments:
            question["arguments"] = arguments
        try:
            self._exchange(question, command)
        except OSError as error:
            raise ReloadError(f"{command}: {error}") from error

    def _exchange(self, question: Mapping[str, Any], what: str) -> None:
        self._socket.sendall(json.dumps(question).encode() + b"\n")
        text = b"".join(self._pieces())
        try:
            answer = json.loads(text)
        except ValueError as error:
            raise ReloadError(f"{what}: no answer") from error
        if not isinstance(answer, dict) or answer.get("return") != "OK":
            said = answer.get("message") if isinstance(answer, dict) else answer
            raise ReloadError(f"{what}: {str(said)[:200]}")

    def _pieces(self) -> Iterator[bytes]:
        length = 0
        while length < _LONGEST_ANSWER:
            piece = self._socket.recv(65_536)
            yield piece
            length += len(piece)
            if not piece or piece.endswith(b"\n"):
                return

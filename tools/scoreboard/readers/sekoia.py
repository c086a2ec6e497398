"""Pairs of an intake's own tests: one JSON document a line, with a message and its ECS document."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tools.scoreboard.judge import normal_fields
from tools.scoreboard.normal import VERDICT, name, normal
from tools.scoreboard.pairs import Expectation, Pair

SOURCE = "sekoia"

_OBSERVERS = ("observer.ip", "host.ip", "server.ip")


def read(folder: Path) -> Iterator[Pair]:
    """Yield the pairs below `folder`, the folder of expectations."""
    for path in sorted((folder / SOURCE).glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            told = json.loads(line)
            expected = expectation(told["expected"])
            test = str(told["test"]).removesuffix(".json")
            message = str(told["input"]["message"]).encode("utf-8", "surrogatepass")
            yield Pair(SOURCE, path.stem, test, message, (expected,), path)


def flat(document: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values of a nested document with their dotted names."""
    for key, value in document.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def expectation(document: Mapping[str, Any]) -> Expectation:
    """Return the judged fields of an ECS document."""
    told = dict(flat(document))
    if told.get("source.ip") is None and "client.ip" in told:
        told["source.ip"], told["source.port"] = told["client.ip"], told.get("client.port")
    # An intake says `host` of the machine that wrote the log or of the client, without a rule.
    observers = frozenset(_addresses(told.get(key) for key in _OBSERVERS))
    for key in ("host.ip", "host.mac", "host.name"):
        told.pop(key, None)
    _set_names(told)
    told[VERDICT] = _verdict(told)
    return Expectation(normal_fields(told), observers - {told.get("source.ip")})


def _addresses(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        for one in value if isinstance(value, list) else [value]:
            address = normal("host.ip", one)
            if isinstance(address, str):
                yield address


def _set_names(told: dict[str, Any]) -> None:
    """Leave out a name that is only the address over again."""
    domain = told.get("destination.domain")
    if isinstance(domain, str) and name(domain) == normal("host.ip", domain):
        told.pop("destination.domain")


def _verdict(told: Mapping[str, Any]) -> str | None:
    types = told.get("event.type")
    words = [*(types if isinstance(types, list) else [types])]
    words += [told.get("action.name"), told.get("event.action"), told.get("action.type")]
    for word in words:
        found = normal(VERDICT, word) if isinstance(word, str) else None
        if isinstance(found, str):
            return found
    return None

"""Pairs of the hub's own tests: assertions such as `results["a"]["b"][0].Evt.Meta["c"] == "d"`."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.scoreboard.judge import normal_fields
from tools.scoreboard.normal import TIME, VERDICT
from tools.scoreboard.pairs import Expectation, Pair

SOURCE = "crowdsec"

_ASSERTION = re.compile(
    r'results\["(?P<stage>[^"]+)"\]\["(?P<parser>[^"]+)"\]\[(?P<number>\d+)\]\.Evt\.'
    r'(?P<part>Parsed|Meta|Enriched)\["(?P<key>[^"]+)"\] == (?P<value>".*")$'
)
_NAMES = {
    "source.ip": ("source_ip", "src_ip", "remote_addr", "client_ip", "remote_ip"),
    "source.port": ("src_port", "source_port", "remote_port", "client_port", "sport"),
    "destination.ip": ("dst_ip", "dest_ip"),
    "destination.port": ("dst_port", "dest_port"),
    "source.nat.ip": ("nat_src_ip",),
    "source.nat.port": ("nat_src_port",),
    "destination.nat.ip": ("nat_dst_ip",),
    "destination.nat.port": ("nat_dst_port",),
    "source.mac": ("src_mac",),
    "url.domain": ("target_fqdn",),
    TIME: ("MarshaledTime", "timestamp_parsed"),
    VERDICT: ("action",),
}


def read(folder: Path) -> Iterator[Pair]:
    """Yield the pairs below `folder`, the folder of expectations."""
    for path in sorted((folder / SOURCE).glob("*--parser.assert")):
        product = path.name.removesuffix("--parser.assert")
        raw = _raw_lines(folder.parent / "evidence", product)
        for number, (message, told) in enumerate(_messages(path).items()):
            fields = normal_fields(told)
            if fields:
                whole = next((line for line in raw if message.encode() in line), message.encode())
                pair = Pair(SOURCE, product, str(number), whole, (Expectation(fields),), path)
                yield pair


def _raw_lines(evidence: Path, product: str) -> list[bytes]:
    """Return the lines of the log: a message in the assertions has lost its head of syslog."""
    found = sorted(evidence.rglob(f"crowdsec-{product}.log"))
    return [line for path in found for line in path.read_bytes().splitlines()]


def _messages(path: Path) -> dict[str, Mapping[str, str]]:
    """Return, for each message, what all stages together read in it."""
    places: dict[tuple[str, str, str], dict[str, str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        match = _ASSERTION.match(line)
        if match is not None:
            place = (match["stage"], match["parser"], match["number"])
            read_value = _unquoted(match["value"])
            told = places.setdefault(place, {})
            if match["key"] not in told or match["part"] != "Meta":
                told[match["key"]] = read_value
    messages: dict[str, dict[str, str]] = {}
    for _, told in sorted(places.items()):
        if message := told.get("message"):
            messages.setdefault(message, {}).update(told)
    return {message: _renamed(told) for message, told in messages.items()}


def _unquoted(text: str) -> str:
    """Return the text that a Go string writes."""
    try:
        return str(json.loads(text))
    except ValueError:
        return text[1:-1]


def _renamed(told: Mapping[str, str]) -> dict[str, str]:
    """Return the values by their ECS names."""
    both = (
        (field, next((told[key] for key in keys if told.get(key)), None))
        for field, keys in _NAMES.items()
    )
    return {field: value for field, value in both if value is not None}

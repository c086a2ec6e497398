"""MISP: events by its search interface, or the folder of a feed, as one answer of events."""

import re
from datetime import UTC, datetime
from typing import Any

import msgspec

from quetsach.clocks import MICROSECONDS, iso_from_us
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.connection import (
    FetchedList,
    HttpClient,
    HttpReply,
    ServerAddress,
    follow_link,
)
from quetsach.texts import _

# Source: MISP's OpenAPI page, "restSearchEvents"; and its manual on feeds.
MEDIA_TYPE = "application/json"
AUTH_SCHEME = ""
_PAGE = 100
_MOST_EVENTS = 100_000
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class _Found(msgspec.Struct):
    response: list[msgspec.Raw]


class _Times(msgspec.Struct, rename={"event": "Event"}):
    event: dict[str, Any] = {}


def fetch_events(client: HttpClient, added_after: str | None = None) -> FetchedList:
    """Return the published events that a MISP server has, those published since if asked.

    Errors: as HttpClient.post; E216 also for an answer that is no list of events.
    """
    path = client.address.path.partition("?")[0].rstrip("/").removesuffix("/events/restSearch")
    address = client.address.at(f"{path}/events/restSearch")
    query: dict[str, Any] = {"returnFormat": "json", "published": True, "limit": _PAGE}
    if added_after:
        query["publish_timestamp"] = _epoch(added_after)
    events: list[bytes] = []
    before: list[bytes] = []
    last = 0
    for page in range(1, _MOST_EVENTS // _PAGE + 1):
        answer = client.post(address, msgspec.json.encode(query | {"page": page}))
        page_events = [bytes(event) for event in _decoded(answer, _Found).response]
        # A server that knows no pages gives all of them each time.
        if not page_events or page_events == before:
            return _fetched(events, page, last, added_after)
        events += page_events
        last = max([last, *(_published(answer, event) for event in page_events)])
        if len(page_events) < _PAGE:
            return _fetched(events, page, last, added_after)
        before = page_events
    raise QuetsachError("E216", str(address), reason=_("its pages do not end"))


def fetch_feed(client: HttpClient, added_after: str | None = None) -> FetchedList:
    """Return the events of a MISP feed that its manifest names, those newer if asked.

    Errors: as HttpClient.get; E216 also for a manifest that is none.
    """
    base = client.address.path.partition("?")[0].removesuffix("manifest.json")
    base = base if base.endswith("/") else base + "/"
    answer = client.get(client.address.at(f"{base}manifest.json"))
    manifest = _decoded(answer, dict[str, dict[str, Any]])
    since = _epoch(added_after) if added_after else 0
    times = {uuid: _number(event.get("timestamp")) for uuid, event in manifest.items()}
    if len(times) > _MOST_EVENTS or not all(map(_UUID.fullmatch, times)):
        raise QuetsachError(
            "E216", str(answer.address), reason=_("it is not the manifest of a feed")
        )
    newer = sorted((at, uuid) for uuid, at in times.items() if at > since or not since)
    events = [
        _event(client, follow_link(f"{base}{uuid}.json", client.address)) for _at, uuid in newer
    ]
    last = max((at for at, _uuid in newer), default=0)
    return _fetched(events, len(events) + 1, last, added_after)


def _event(client: HttpClient, address: ServerAddress) -> bytes:
    answer = client.get(address)
    _decoded(answer, _Times)
    return answer.body.strip()


def _fetched(events: list[bytes], requests: int, last: int, added_after: str | None) -> FetchedList:
    body = b'{"response": [\n%s\n]}\n' % b",\n".join(events)
    after = iso_from_us(last * MICROSECONDS) if last else added_after
    return FetchedList("misp", body, len(events), requests, after)


def _decoded(answer: HttpReply, of_type: Any) -> Any:
    try:
        return msgspec.json.decode(answer.body, type=of_type)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as err:
        raise QuetsachError("E216", str(answer.address), reason=str(err)) from err


def _published(answer: HttpReply, event: bytes) -> int:
    try:
        times = msgspec.json.decode(event, type=_Times).event
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as err:
        raise QuetsachError("E216", str(answer.address), reason=str(err)) from err
    return _number(times.get("publish_timestamp"))


def _number(timestamp: Any) -> int:
    text = str(timestamp)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def _epoch(text: str) -> int:
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())

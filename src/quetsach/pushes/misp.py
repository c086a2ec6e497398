"""MISP: a sighting on each attribute that has the indicator, and its deletion by its number.

Source: MISP's OpenAPI page ("restSearchAttributes", "addSighting", "deleteSighting") and its
SightingsController. An attribute is made by nobody here: what MISP does not know is counted.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from quetsach.blocklists.outputs.misp import misp_value
from quetsach.errors.exceptions import QuetsachError
from quetsach.exports.sharing import DaySightings
from quetsach.pushes.contract import Outgoing, PushFate, PushOutcome
from quetsach.pushes.requests import PushClient
from quetsach.texts import _

HEADERS = {"Accept": "application/json", "Content-Type": "application/json"}
_MOST_ATTRIBUTES = 10_000
_NUMBER = re.compile("[0-9]{1,20}")
_REFUSES = frozenset({400, 403, 404, 405, 409, 422})
"""What MISP answers where it does not save one sighting, its words in the body."""


class _Attribute(msgspec.Struct):
    id: str
    value: str


class _Attributes(msgspec.Struct, rename={"attributes": "Attribute"}):
    attributes: list[_Attribute] = []


class _FoundAttributes(msgspec.Struct):
    response: _Attributes | list[Any]


class _Sighting(msgspec.Struct):
    id: str
    date_sighting: str
    source: str = ""
    type: str = "0"


class _SightingRow(msgspec.Struct, rename={"sighting": "Sighting"}):
    sighting: _Sighting


class _FoundSightings(msgspec.Struct):
    response: list[_SightingRow]


class _Added(msgspec.Struct, rename={"sighting": "Sighting"}):
    sighting: _Sighting | None = None


class _Said(msgspec.Struct):
    message: str = ""
    errors: Any = None


class MispDay(msgspec.Struct, frozen=True):
    """What MISP is told of an indicator and a day. Units: `timestamp` in s since 1970, UTC."""

    value: str
    timestamp: str
    source: str
    type: str = "0"


def misp_day(day: DaySightings, source: str) -> Outgoing:
    """Return what is sent of an indicator and day; its number lasts."""
    when = str(day.last_us // 1_000_000)
    content = MispDay(misp_value(day.indicator), when, source)
    return Outgoing(day.id_for(source, "misp sighting"), content)


class MispReceiver:
    """A MISP server at its base address."""

    most_at_once = 50

    def __init__(self, client: PushClient) -> None:
        self._client = client
        self._base = client.address.path.partition("?")[0].rstrip("/")

    def send(self, batch: Sequence[Outgoing]) -> Iterator[Sequence[PushOutcome]]:
        """Yield the outcome of each sighting; one that is there already is not added again."""
        days = [(outgoing.number, outgoing.content) for outgoing in batch]
        attributes = self._attributes([day.value for _number, day in days])
        for number, day in days:
            ids = attributes.get(day.value.casefold(), [])
            if not ids:
                yield (PushOutcome(number, PushFate.UNKNOWN),)
                continue
            sighted = [self._sighted(attribute, day) for attribute in ids]
            refs = tuple(ref for ref, _reason in sighted if ref)
            reasons = [reason for _ref, reason in sighted if reason]
            if refs:
                yield (PushOutcome(number, PushFate.SENT, refs),)
            else:
                yield (
                    PushOutcome(number, PushFate.REFUSED, reason=reasons[0] if reasons else "?"),
                )

    def take_back(self, batch: Sequence[PushOutcome]) -> Iterator[Sequence[PushOutcome]]:
        """Delete the sightings; what is gone already is taken back, too."""
        for sent in batch:
            reason = ""
            for ref in sent.refs:
                if not _NUMBER.fullmatch(ref):
                    # Of a ledger that was changed: it would name another address of the server.
                    reason = _("the ledger holds what is no number of a sighting")
                    continue
                reply = self._client.post(f"{self._base}/sightings/delete/{ref}", b"{}")
                if reply.status not in (200, 404):
                    reason = self._reason(reply.status, reply.body)
            fate = PushFate.REFUSED if reason else PushFate.TAKEN_BACK
            yield (PushOutcome(sent.number, fate, sent.refs, reason),)

    def _attributes(self, values: Sequence[str]) -> dict[str, list[str]]:
        """Return the numbers of the attributes that have these values, by the value."""
        asked_values = {value.casefold() for value in values}
        # MISP keeps the two parts of `address|port` apart, and finds each by itself.
        asked = sorted({value.partition("|")[0] for value in values})
        query = {"returnFormat": "json", "value": asked, "limit": _MOST_ATTRIBUTES, "page": 1}
        path = f"{self._base}/attributes/restSearch"
        reply = self._client.post(path, msgspec.json.encode(query))
        if reply.status != 200:
            raise self._client.refusal(reply)
        response = self._client.decoded(reply, _FoundAttributes).response
        by_value: dict[str, list[str]] = {}
        for attribute in response.attributes if isinstance(response, _Attributes) else ():
            # A percent sign in a value stands for anything in MISP's search.
            if attribute.value.casefold() in asked_values and _NUMBER.fullmatch(attribute.id):
                by_value.setdefault(attribute.value.casefold(), []).append(attribute.id)
        return by_value

    def _sighted(self, attribute: str, day: MispDay) -> tuple[str, str]:
        """Return the number of the sighting on an attribute, else why it was refused."""
        there = self._there(attribute, day)
        if there:
            # Of a run whose answer was lost.
            return there, ""
        body = {"type": day.type, "source": day.source, "timestamp": day.timestamp}
        path = f"{self._base}/sightings/add/{attribute}"
        reply = self._client.post(path, msgspec.json.encode(body))
        if reply.status in _REFUSES:
            return "", self._reason(reply.status, reply.body)
        if reply.status != 200:
            raise self._client.refusal(reply)
        added = self._client.decoded(reply, _Added).sighting
        # Older versions answer with words alone.
        ref = added.id if added is not None else self._there(attribute, day)
        if ref and not _NUMBER.fullmatch(ref):
            raise QuetsachError("E216", self._client.shown, reason=f"Sighting.id {ref[:40]}")
        return (ref, "") if ref else ("", self._reason(reply.status, reply.body))

    def _there(self, attribute: str, day: MispDay) -> str:
        query = {
            "returnFormat": "json",
            "id": attribute,
            "source": day.source,
            "type": day.type,
            "from": str(int(day.timestamp) - 1),
            "to": str(int(day.timestamp) + 1),
        }
        path = f"{self._base}/sightings/restSearch/attribute"
        reply = self._client.post(path, msgspec.json.encode(query))
        if reply.status != 200:
            raise self._client.refusal(reply)
        rows = self._client.decoded(reply, _FoundSightings).response
        same = (
            row.sighting.id
            for row in rows
            if (row.sighting.date_sighting, row.sighting.source, row.sighting.type)
            == (day.timestamp, day.source, day.type)
            and _NUMBER.fullmatch(row.sighting.id)
        )
        return next(same, "")

    @staticmethod
    def _reason(status: int, body: bytes) -> str:
        try:
            said = msgspec.json.decode(body, type=_Said)
        except (ValueError, RecursionError):
            return f"HTTP {status}"
        return f"HTTP {status}: {said.message or said.errors or ''}"[:200]

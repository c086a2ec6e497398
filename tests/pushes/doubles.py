"""Servers on this machine that answer as the real ones do, and refuse what those would refuse.

MISP: the form of its OpenAPI page and of SightingsController; `test_misp.py` has pymisp, MISP's own
client, use the double, so that it is held to the form that the client expects. Elasticsearch: the
form of its reference of the bulk API.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.indicators.fetch.servers import Asked, Said, as_said

KEY = "k" * 40
_SECONDS = re.compile(r"\d{9,10}")


@dataclass
class MispDouble:
    """A MISP with attributes; `sightings` are those that it has, by their number.

    `answers_in_words` has it answer as older versions do.
    """

    values: dict[str, tuple[str, str]]
    answers_in_words: bool = False
    sightings: dict[str, dict[str, str]] = field(default_factory=dict)
    last: int = 100

    def __call__(self, asked: Asked) -> Said:
        if asked.headers.get("authorization") != KEY:
            said = {"name": "Authentication failed.", "message": "Authentication failed."}
            return Said(json.dumps(said).encode(), 403)
        path = asked.path.removeprefix("/misp")
        if asked.method == "GET":
            return self._about(path)
        if asked.headers.get("content-type") != "application/json":
            return self._refused("Unsupported media type", 415)
        query = json.loads(asked.body or b"{}")
        if path == "/attributes/restSearch":
            return self._attributes(query)
        if path == "/sightings/restSearch/attribute":
            return self._found(query)
        act, number = re.fullmatch(r"/sightings/(add|delete)/(?:[0-9a-f]{4}-)?(\d+)", path).groups()  # type: ignore[union-attr]
        return self._add(number, query) if act == "add" else self._delete(number)

    def _about(self, path: str) -> Said:
        if path == "/users/view/me":
            return as_said(
                {
                    "User": {"id": "1", "email": "a@b.example"},
                    "Role": {"id": "1", "name": "Sync user"},
                    "UserSetting": [],
                }
            )
        return as_said({"version": "2.5.34", "perm_sync": False, "perm_sighting": True})

    def _attributes(self, query: dict[str, Any]) -> Said:
        assert query["returnFormat"] == "json"
        wanted = query["value"] if isinstance(query["value"], list) else [query["value"]]
        halves = {one.lower() for one in wanted}
        rows = [
            {"id": number, "uuid": f"5f3e-{number}", "event_id": "1", "type": kind, "value": value}
            for number, (kind, value) in self.values.items()
            if halves & {value.lower(), *value.lower().split("|")}
        ]
        return as_said({"response": {"Attribute": rows}})

    def _found(self, query: dict[str, Any]) -> Said:
        rows = [
            {"Sighting": one}
            for one in self.sightings.values()
            if one["attribute_id"] == query["id"]
            and query.get("source", one["source"]) == one["source"]
            and int(query.get("from", 0)) <= int(one["date_sighting"]) <= int(query.get("to", 1e10))
        ]
        return as_said({"response": rows})

    def _add(self, attribute: str, query: dict[str, Any]) -> Said:
        if attribute not in self.values:
            return self._refused("No valid attributes found that match the criteria.", 403)
        if str(query.get("type", "0")) not in "012":
            return self._refused("Invalid type, please change it before you POST.", 403)
        timestamp = str(query["timestamp"])
        assert _SECONDS.fullmatch(timestamp)
        self.last += 1
        sighting = {
            "id": str(self.last),
            "attribute_id": attribute,
            "event_id": "1",
            "org_id": "1",
            "date_sighting": timestamp,
            "uuid": f"9a3e-{self.last}",
            "source": str(query.get("source", "")),
            "type": str(query.get("type", "0")),
        }
        self.sightings[sighting["id"]] = sighting
        if self.answers_in_words:
            return as_said({"message": "Sighting added"})
        return as_said({"Sighting": sighting})

    def _delete(self, number: str) -> Said:
        if self.sightings.pop(number, None) is None:
            return self._refused("Invalid sighting.", 404)
        return as_said({"saved": True, "success": True, "message": "Sighting deleted."})

    @staticmethod
    def _refused(message: str, status: int) -> Said:
        said = {"saved": False, "name": message, "message": message, "url": "/", "errors": message}
        return Said(json.dumps(said).encode(), status)


@dataclass
class ElasticDouble:
    """An Elasticsearch with one index or data stream; `documents` by index and id.

    `busy` is how many documents it puts off, each once; `refuses` are ids that its mapping refuses.
    `gives_back` makes of a document what it answers; `may_read` whether the key may ask for it.
    """

    index: str = "quetsach"
    stands_in: str = "quetsach"
    busy: int = 0
    refuses: frozenset[str] = frozenset()
    documents: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    may_read: bool = True
    gives_back: Callable[[dict[str, Any]], dict[str, Any]] = dict

    def __call__(self, asked: Asked) -> Said:
        if asked.headers.get("authorization") != f"ApiKey {KEY}":
            return Said(b'{"error":{"type":"security_exception"},"status":401}', 401)
        if asked.path == "/_mget":
            assert asked.headers["content-type"] == "application/json"
            return self._documents(json.loads(asked.body)["docs"])
        assert asked.headers["content-type"] == "application/x-ndjson"
        assert asked.body.endswith(b"\n"), "the bulk request must be terminated by a newline"
        index = re.fullmatch(r"(?:/([a-z][^/]*))?/_bulk", asked.path)[1]  # type: ignore[index]
        lines = iter(asked.body.decode().split("\n")[:-1])
        items = []
        for line in lines:
            ((act, at),) = json.loads(line).items()
            name = at.get("_index", index)
            assert name, "an index is missing"
            if act == "create":
                items.append({act: self._create(name, at["_id"], json.loads(next(lines)))})
            else:
                assert act == "delete"
                items.append({act: self._delete(name, at["_id"])})
        errors = any(item[act]["status"] > 299 for item in items for act in item)
        return as_said({"took": 3, "errors": errors, "items": items})

    def _documents(self, wanted: list[dict[str, str]]) -> Said:
        if not self.may_read:
            return Said(b'{"error":{"type":"security_exception"},"status":403}', 403)
        docs = []
        for at in wanted:
            document = self.documents.get((at["_index"], at["_id"]))
            about = at | {"found": document is not None}
            docs.append(
                about if document is None else about | {"_source": self.gives_back(document)}
            )
        return as_said({"docs": docs})

    def _create(self, index: str, number: str, document: dict[str, Any]) -> dict[str, Any]:
        assert index == self.index
        about: dict[str, Any] = {"_index": self.stands_in, "_id": number}
        if self.busy:
            self.busy -= 1
            return about | _failed(429, "es_rejected_execution_exception", "queue capacity")
        if number in self.refuses:
            return about | _failed(400, "document_parsing_exception", "failed to parse field")
        if (self.stands_in, number) in self.documents:
            return about | _failed(409, "version_conflict_engine_exception", "already exists")
        if self.stands_in != index and "@timestamp" not in document:
            reason = "data stream timestamp field [@timestamp] is missing"
            return about | _failed(400, "document_parsing_exception", reason)
        self.documents[self.stands_in, number] = document
        return about | {"_version": 1, "result": "created", "_seq_no": 0, "status": 201}

    def _delete(self, index: str, number: str) -> dict[str, Any]:
        about = {"_index": index, "_id": number}
        if self.documents.pop((index, number), None) is None:
            return about | {"_version": 1, "result": "not_found", "status": 404}
        return about | {"_version": 2, "result": "deleted", "status": 200}


def _failed(status: int, kind: str, reason: str) -> dict[str, Any]:
    return {"status": status, "error": {"type": kind, "reason": reason}}


SECRET = base64.b64encode(b"s" * 32).decode()


@dataclass
class HookDouble:
    """A receiver of signed webhooks: it refuses a wrong signature and an old time stamp."""

    now_s: Callable[[], float]
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    repeated: int = 0

    def __call__(self, asked: Asked) -> Said:
        number = asked.headers["webhook-id"]
        at = asked.headers["webhook-timestamp"]
        signed = f"{number}.{at}.".encode() + asked.body
        wanted = hmac.digest(base64.b64decode(SECRET), signed, hashlib.sha256)
        given = asked.headers["webhook-signature"].split(" ")
        if f"v1,{base64.b64encode(wanted).decode()}" not in given:
            return Said(b"", 401)
        if abs(self.now_s() - int(at)) > 300:
            return Said(b"", 400)
        if number in self.messages:
            self.repeated += 1
        self.messages[number] = json.loads(asked.body)
        return Said(b"", 204)


@dataclass
class Faulty:
    """A server before another one: it does wrong what `faults` say, one a request, then nothing.

    A fault is a status; "cut" ends the connection before the request is seen, "lost" after.
    """

    behind: Callable[[Asked], Said]
    faults: list[int | str | None]
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Said:
        fault = self.faults.pop(0) if self.faults else None
        if fault is None:
            return self.behind(asked)
        if fault == "lost":
            self.behind(asked)
        if isinstance(fault, int):
            return Said(b"{}", fault, dict(self.headers))
        return Said(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{")

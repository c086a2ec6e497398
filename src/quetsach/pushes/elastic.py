"""Elasticsearch and OpenSearch: documents by the bulk API, created once and deleted by their id.

Source: Elasticsearch's reference, "Bulk API": `create` answers 201, or 409 where the id is there;
`delete` 200, or 404 where it is not; an item of 429 may be sent again. "Multi get API": what
is there, also before a refresh. "Synthetic _source": what an index may give back otherwise.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.connection import HttpReply
from quetsach.pushes.contract import Outgoing, PushFate, PushOutcome
from quetsach.pushes.requests import Patience, PushClient
from quetsach.texts import _

HEADERS = {"Accept": "application/json", "Content-Type": "application/x-ndjson"}
_OF_ONE_DOCUMENT = {"Content-Type": "application/json"}
_LATER = frozenset({429, 503})
_THERE = "there"
"""Why a document was not created, until it is known whether it is the same."""

_MILLISECONDS = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})\d*Z")


class _Cause(msgspec.Struct):
    type: str = ""
    reason: str | None = ""


class _DocumentAnswer(msgspec.Struct):
    status: int
    index: str = msgspec.field(name="_index", default="")
    id: str | None = msgspec.field(name="_id", default="")
    error: _Cause | str | None = None


class _Bulk(msgspec.Struct):
    items: list[dict[str, _DocumentAnswer]]


class _Found(msgspec.Struct):
    id: str = msgspec.field(name="_id", default="")
    found: bool = False
    source: dict[str, Any] | None = msgspec.field(name="_source", default=None)


class _Documents(msgspec.Struct):
    docs: list[_Found]


class ElasticReceiver:
    """An index, an alias of one or a data stream, at `https://host:9200/INDEX`."""

    most_at_once = 500

    def __init__(self, client: PushClient, patience: Patience) -> None:
        """Errors: E601 where the address names no index."""
        self._client, self._patience = client, patience
        path = client.address.path.partition("?")[0].rstrip("/").removesuffix("/_bulk")
        self._base, _slash, self._index = path.rpartition("/")
        if not self._index or self._index.startswith("_"):
            raise QuetsachError("E601", "URL", reason=_("it must end with the index: /INDEX"))

    def send(self, batch: Sequence[Outgoing]) -> Iterator[Sequence[PushOutcome]]:
        """Yield what became of each document; one that is there already counts as sent if it is
        the same, else as refused.
        """
        lines = {
            outgoing.number: msgspec.json.encode({"create": {"_id": outgoing.number}})
            + b"\n"
            + outgoing.content
            + b"\n"
            for outgoing in batch
        }
        contents = {outgoing.number: outgoing.content for outgoing in batch}
        for outcomes in self._bulk(f"{self._base}/{self._index}/_bulk", "create", lines):
            yield self._compared(outcomes, contents)

    def _compared(
        self, outcomes: Sequence[PushOutcome], contents: Mapping[str, bytes]
    ) -> Sequence[PushOutcome]:
        """Return the outcomes, with those of documents that were there already decided."""
        there = [outcome for outcome in outcomes if outcome.reason == _THERE]
        if not there:
            return outcomes
        decided = {outcome.number: outcome for outcome in self._decided(there, contents)}
        return [decided.get(outcome.number, outcome) for outcome in outcomes]

    def _decided(
        self, there: Sequence[PushOutcome], contents: Mapping[str, bytes]
    ) -> Iterator[PushOutcome]:
        places = [
            {"_index": (*outcome.refs, self._index)[0], "_id": outcome.number} for outcome in there
        ]
        reply = self._client.post(
            f"{self._base}/_mget",
            msgspec.json.encode({"docs": places}),
            lambda: _OF_ONE_DOCUMENT,
        )
        sources: dict[str, dict[str, Any] | None] = {}
        if reply.status == 200:
            documents = self._client.decoded(reply, _Documents).docs
            sources = {each.id: each.source for each in documents if each.found}
        for outcome in there:
            source = sources.get(outcome.number)
            if source is None:
                why = _("what is there cannot be read; the key needs the privilege read")
            elif _plain(source) == _plain(msgspec.json.decode(contents[outcome.number])):
                yield PushOutcome(outcome.number, PushFate.SENT, outcome.refs)
                continue
            else:
                why = _("another document has this id")
            yield PushOutcome(outcome.number, PushFate.REFUSED, reason=f"HTTP 409: {why}")

    def take_back(self, batch: Sequence[PushOutcome]) -> Iterator[Sequence[PushOutcome]]:
        """Delete the documents where they were put; what is gone already is taken back, too."""
        lines = {}
        for sent in batch:
            # A data stream deletes in the index behind it alone, which it named when it took it.
            at = {"_index": sent.refs[0] if sent.refs else self._index, "_id": sent.number}
            lines[sent.number] = msgspec.json.encode({"delete": at}) + b"\n"
        yield from self._bulk(f"{self._base}/_bulk", "delete", lines)

    def _bulk(
        self, path: str, act: str, lines: dict[str, bytes]
    ) -> Iterator[Sequence[PushOutcome]]:
        waiting, tried = dict(lines), 0
        while waiting:
            tried += 1
            reply = self._client.post(path, b"".join(waiting.values()))
            outcomes = self._outcomes(reply, act, list(waiting))
            later = {one.number: waiting[one.number] for one in outcomes if one.reason == "later"}
            yield [one for one in outcomes if one.number not in later]
            waiting = later
            if waiting and not self._patience.again(tried):
                raise QuetsachError("E216", self._client.shown, reason="HTTP 429")

    def _outcomes(self, reply: HttpReply, act: str, numbers: list[str]) -> list[PushOutcome]:
        if reply.status != 200:
            raise self._client.refusal(reply)
        answers = [answer.get(act) for answer in self._client.decoded(reply, _Bulk).items]
        if [answer and answer.id for answer in answers] != numbers:
            reason = _("it does not say what became of each document")
            raise QuetsachError("E216", self._client.shown, reason=reason)
        return [
            _outcome(number, act, answer)
            for number, answer in zip(numbers, answers, strict=True)
            if answer is not None
        ]


def _outcome(number: str, act: str, answer: _DocumentAnswer) -> PushOutcome:
    refs = (answer.index,) if answer.index else ()
    is_done = answer.status in ((200, 201) if act == "create" else (200, 404))
    if is_done:
        return PushOutcome(number, PushFate.SENT if act == "create" else PushFate.TAKEN_BACK, refs)
    if answer.status == 409 and act == "create":
        return PushOutcome(number, PushFate.REFUSED, refs, _THERE)
    if answer.status in _LATER:
        return PushOutcome(number, PushFate.REFUSED, reason="later")
    cause = answer.error
    words = f"{cause.type}: {cause.reason}" if isinstance(cause, _Cause) else str(cause or "")
    return PushOutcome(number, PushFate.REFUSED, reason=f"HTTP {answer.status} {words}"[:200])


def _plain(content: Any) -> Any:
    """Return a document as any index gives it back: one without its source sorts the values of a
    field, has each once, writes a lone one without its list, and a time to the millisecond.
    """
    if isinstance(content, dict):
        plain = {name: _plain(value) for name, value in content.items()}
        return {name: value for name, value in plain.items() if value not in (None, [], {})}
    if isinstance(content, list):
        values = {msgspec.json.encode(_plain(value), order="sorted"): value for value in content}
        ordered = [_plain(values[text]) for text in sorted(values)]
        return ordered[0] if len(ordered) == 1 else ordered
    time = _MILLISECONDS.fullmatch(content) if isinstance(content, str) else None
    return time[1] if time else content

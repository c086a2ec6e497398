"""The dns section of a Suricata EVE line, logged in version 1, 2 or 3: what was asked and answered.

Source: the Suricata user guide, "EVE JSON Format".
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from quetsach.formats.shared import values
from quetsach.formats.shared.dns_payloads import asked_in_payload

Record: TypeAlias = dict[str, Any]
Section: TypeAlias = Mapping[str, Any]

_ANSWERS = frozenset({"answer", "response"})


def is_answer(section: Any) -> bool:
    """Return whether a dns section is that of an answer."""
    return isinstance(section, dict) and values.text(section.get("type")) in _ANSWERS


def questions(record: Record, eve: Section) -> Iterable[Record]:
    """Return `record` once for each name that its dns section asks for; once where none is."""
    section = eve.get("dns")
    queries = _dns_queries(section) if isinstance(section, dict) else []
    if not queries and "payload" in eve:
        queries = _payload_queries(record, eve["payload"])
    if not queries:
        return [record]
    return [
        {**record, "dns.question.name": name, **({"dns.question.type": kind} if kind else {})}
        for name, kind in queries
    ]


def _payload_queries(record: Record, payload: Any) -> list[tuple[str, str | None]]:
    """Return what the packet of an alert asks for; its answers go into `record`."""
    message = asked_in_payload(record, payload)
    if message is None:
        return []
    if message.answers:
        record["dns.answers"] = list(message.answers)
    return list(message.questions)


def _dns_queries(section: Section) -> list[tuple[str, str | None]]:
    """Return name and type of each question: v1 and v2 at the top, v3 and alerts in lists."""
    lists = [section.get("queries"), section.get("query"), [section]]
    for one in lists:
        rows = [row for row in one if isinstance(row, dict)] if isinstance(one, list) else []
        queries = {
            (name, values.text(row.get("rrtype")))
            for row in rows
            if (name := values.text(row.get("rrname"))) is not None
        }
        if queries:
            return sorted(queries, key=str)
    return []


def dns_section(record: Record, section: Section, kind: str) -> None:
    """Put what was answered and how into `record`; `kind` is the event type of the line."""
    answer = section.get("answer")
    replies = [section, answer] if isinstance(answer, dict) else [section]
    names = [name for one in replies for name in _answers(one)]
    if names:
        record["dns.answers"] = list(dict.fromkeys(names))
    code = next((code for one in replies if (code := values.text(one.get("rcode")))), None)
    if code is not None:
        record["dns.response_code"] = code
        # A reply that says "no such name" is no answer.
        record["event.outcome"] = "success" if code == "NOERROR" else "failure"
    elif names:
        record["event.outcome"] = "success"
    action = values.text(section.get("type")) if kind == "dns" else None
    if action is not None:
        record["event.action"] = action
    record.setdefault("network.application", "dns")


def _answers(section: Section) -> Iterable[str]:
    yield from values.texts(section.get("rdata")) or []
    listed = section.get("answers")
    for row in listed if isinstance(listed, list) else []:
        if isinstance(row, dict):
            yield from _rdata(row)
    grouped = section.get("grouped")
    for several in grouped.values() if isinstance(grouped, dict) else []:
        for one in several if isinstance(several, list) else []:
            yield from values.texts(one) or ([] if not isinstance(one, dict) else _rdata(one))


def _rdata(answer: Section) -> Iterable[str]:
    """Return what one record holds: plain, or for SRV, SOA and MX the host name in it."""
    yield from values.texts(answer.get("rdata")) or []
    for name, key in (("srv", "name"), ("soa", "mname"), ("mx", "name")):
        inner = answer.get(name, answer if key in answer else None)
        if isinstance(inner, dict):
            yield from values.texts(inner.get(key)) or []

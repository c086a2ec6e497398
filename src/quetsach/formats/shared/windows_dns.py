"""What Windows events say of DNS: questions of a machine itself, and those a server is asked.

Sources: the manifests of Sysmon (22), of the DNS client (3006 to 3020) and of the DNS server's
analytic log (256 to 262); winerror.h for the states, RFC 6895 for the codes.
"""

import re
from collections.abc import Mapping
from typing import Any

from quetsach.formats.shared import values
from quetsach.formats.shared.dns_payloads import message_of
from quetsach.schema import Event

QUERY_TYPES: Mapping[str, str] = {
    "1": "A",
    "2": "NS",
    "5": "CNAME",
    "6": "SOA",
    "12": "PTR",
    "15": "MX",
    "16": "TXT",
    "28": "AAAA",
    "33": "SRV",
    "35": "NAPTR",
    "64": "SVCB",
    "65": "HTTPS",
    "255": "ANY",
}
"""Record types of DNS by their number."""

# Of Windows (winerror.h) and of DNS (RFC 6895).
STATUS: Mapping[str, str] = {
    **dict.fromkeys(("0", "9501", "9701"), "NOERROR"),
    "9001": "FORMERR",
    "9002": "SERVFAIL",
    "9003": "NXDOMAIN",
    "9004": "NOTIMP",
    "9005": "REFUSED",
}
"""Names of what a DNS question came to, by the status that Windows gives it."""

_RCODES = {"0": "NOERROR", "1": "FORMERR", "2": "SERVFAIL", "3": "NXDOMAIN", "5": "REFUSED"}
_TYPED = re.compile(r"type: {0,4}\d{1,5} {1,4}(\S{1,255})")
_LONGEST_HOST = 255


def first_of(details: Mapping[str, str], *names: str) -> str | None:
    """Return the first value there is under one of `names`."""
    return next((details[name] for name in names if name in details), None)


def _question(event: Event, details: Mapping[str, str]) -> None:
    name = first_of(details, "queryname", "qname")
    if name is None and "packetdata" in details:
        message = message_of(details["packetdata"])
        name = message.questions[0][0] if message is not None else None
    if name is None:
        return
    event["event.type"] = "protocol"
    event["network.application"] = "dns"
    event["dns.question.name"] = name.rstrip(".") or name
    kind = first_of(details, "querytype", "qtype")
    if kind is not None and kind != "0":
        event["dns.question.type"] = QUERY_TYPES.get(kind, kind)[:20]


def client_query(event: Event, details: Mapping[str, str]) -> None:
    """Put in what a machine asked for itself, and what came back."""
    _question(event, details)
    answers = answers_of(details.get("queryresults", ""))
    if answers:
        event["dns.answers"] = answers
    status = first_of(details, "querystatus", "status", "responsestatus")
    if status is not None:
        event["dns.response_code"] = STATUS.get(status, status)[:40]
    server = values.assignable_address(first_of(details, "dnsserveripaddress", "serveraddress"))
    if server is not None:
        event["destination.ip"] = server
        event["destination.port"] = 53


def answers_of(results: str) -> list[str]:
    """Return names and addresses of `type:  5 www.bad.example;::ffff:203.0.113.77;`."""
    answers: dict[str, None] = {}
    for part in results[:16_384].split(";"):
        text = part.strip()
        named = _TYPED.fullmatch(text)
        answer = named[1].rstrip(".") if named is not None else values.address(text)
        if answer is None and "." in text and " " not in text and len(text) <= _LONGEST_HOST:
            answer = text.rstrip(".")
        if answer:
            answers[values.address(answer) or answer] = None
    return list(answers)


def server_query(event: Event, details: Mapping[str, str]) -> None:
    """Put in what a client asked the server."""
    _question(event, details)
    record: dict[str, Any] = {}
    client = first_of(details, "source", "destination")
    values.set_end(record, "source", client, details.get("port"))
    values.set_end(record, "destination", _own(details), 53)
    _server_ends(event, record, details)


def server_answer(event: Event, details: Mapping[str, str]) -> None:
    """Put in what the server answered its client."""
    server_query(event, details)
    message = message_of(details.get("packetdata"))
    if message is not None and message.answers:
        event["dns.answers"] = list(message.answers)
    code = details.get("rcode")
    if code is not None:
        event["dns.response_code"] = _RCODES.get(code, code)[:40]
        event["event.outcome"] = "success" if code == "0" else "failure"


def server_asks_on(event: Event, details: Mapping[str, str]) -> None:
    """The server asks another one: its own question, on behalf of a client."""
    _question(event, details)
    record: dict[str, Any] = {}
    values.set_end(record, "source", _own(details), details.get("port"))
    values.set_end(record, "destination", first_of(details, "destination", "source"), 53)
    _server_ends(event, record, details)


def _own(details: Mapping[str, str]) -> str | None:
    return values.assignable_address(details.get("interfaceip"))


def _server_ends(event: Event, record: dict[str, Any], details: Mapping[str, str]) -> None:
    if "tcp" in details:
        record["network.transport"] = "tcp" if details["tcp"] in ("1", "true") else "udp"
    if "destination.ip" not in record:
        record.pop("destination.port", None)
    event.update(record)  # type: ignore[typeddict-item]

"""The questions that dnsmasq was asked, as its `log-queries` writes them into syslog.

`dnsmasq[412]: query[A] bad.example from 10.20.3.41`; with `log-queries=extra` the serial number
and the client's port stand before it. Only this line names the client: `forwarded` and `reply`
do not.
Source: dnsmasq's src/cache.c, log_query.
"""

import re
from typing import Any

from quetsach.formats.shared import values

_ADDRESS = r"[0-9A-Fa-f.:]{2,45}"
# A name with a blank in it could write a client of its own: such a line is no question.
_QUERY = re.compile(
    rf"dnsmasq(?:\[\d{{1,10}}\])?: (?:\d{{1,10}} (?P<asker>{_ADDRESS})/(?P<port>\d{{1,5}}) )?"
    r"query\[(?P<type>[A-Z0-9]{1,16}|type=\d{1,5})\] (?P<name>[^\s\[\]]{1,255}) "
    rf"from (?P<client>{_ADDRESS})"
)


def read_dnsmasq_query(message: str) -> dict[str, Any] | None:
    """Return the event of a question, or None for any other message."""
    query = _QUERY.fullmatch(message)
    client = None if query is None else values.address(query["client"])
    if query is None or client is None:
        return None
    if query["asker"] is not None and values.address(query["asker"]) != client:
        return None
    record: dict[str, Any] = {
        "event.dataset": "dnsmasq.query",
        "event.type": "protocol",
        "network.application": "dns",
        "dns.question.name": query["name"],
        "dns.question.type": query["type"],
    }
    values.set_end(record, "source", client, query["port"])
    return record

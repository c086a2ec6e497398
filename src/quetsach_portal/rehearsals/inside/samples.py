"""Three files to hand in: one without a contact, one with contacts of the campaign's list, one that
nobody can read. Made by us, of yesterday in the time of the rehearsal, with private addresses.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.release import path_of_release

SAMPLES: Mapping[str, Any] = {
    "clean": _lazy("A log in which no machine met an address of the list"),
    "infected": _lazy("A log in which one machine met addresses of the list"),
    "unreadable": _lazy("A file that cannot be read"),
}
"""The kinds with what they are; the keys stand in addresses."""

_NAMES = {
    "clean": "mau-sach.log",
    "infected": "mau-co-ma-doc.log",
    "unreadable": "mau-khong-doc-duoc.log",
}
_HARMLESS = ("www.tracu.example", "thu.dien-tap.example", "gio.dien-tap.example")
_MACHINES = ("192.168.1.21", "192.168.1.22", "192.168.1.23")
_INFECTED = "192.168.1.22"
_RESOLVER, _ANSWER = "192.168.1.1", "192.0.2.80"
_LINES = 240
_MOST_MET = 3
_LOOKED_AT = 5_000


@dataclass(frozen=True)
class MetEntry:
    """An entry of the list that a machine meets: `kind` is name or address."""

    kind: str
    text: str


def can_be_infected(campaign: Campaign) -> bool:
    """True when the campaign has a list with a name or an address that a machine could meet."""
    return bool(_met(campaign))


def bytes_of(kind: str, campaign: Campaign, now: datetime) -> tuple[str, bytes]:
    """Return the name and the bytes of the sample `kind`, whose lines are of the day before."""
    name = _NAMES[kind]
    if kind == "unreadable":
        # Neither text nor anything that is packed: no form of log begins like this.
        return name, bytes((17 * n * n + 31 * n + 7) % 256 for n in range(4096))
    met = _met(campaign) if kind == "infected" else []
    rows = _rows(met, now - timedelta(days=1))
    return name, "".join(json.dumps(row) + "\n" for row in rows).encode()


def _rows(met: list[MetEntry], day: datetime) -> Iterator[dict[str, Any]]:
    """Yield rows as Zeek writes them as JSON, of names or of connections, through a working day."""
    begin = day.replace(hour=7, minute=30, second=0, microsecond=0)
    for n in range(_LINES):
        machine = _MACHINES[n % len(_MACHINES)]
        contact = MetEntry("name", _HARMLESS[n % len(_HARMLESS)])
        if met and met[0].kind == "address":
            contact = MetEntry("address", _ANSWER)
        if met and machine == _INFECTED and n % 4 == 1:
            contact = met[n // 12 % len(met)]
        asks = contact.kind == "name"
        fields = {
            "ts": (begin + timedelta(minutes=2 * n)).timestamp(),
            "uid": f"Cdientap{n:04}",
            "id.orig_h": machine,
            "id.orig_p": 40_000 + n,
            "id.resp_h": _RESOLVER if asks else contact.text,
            "id.resp_p": 53 if asks else 443,
            "proto": "udp" if asks else "tcp",
        }
        if asks:
            fields |= {"query": contact.text, "qtype_name": "A", "rcode_name": "NOERROR"}
            fields |= {"answers": [_ANSWER]}
        else:
            fields |= {"conn_state": "SF", "orig_bytes": 840, "resp_bytes": 5_120}
        yield fields


def _met(campaign: Campaign) -> list[MetEntry]:
    """Return up to three entries of the campaign's list that a machine can meet, names first."""
    path = path_of_release(campaign)
    entries: list[MetEntry] = []
    if path is not None and path.is_file():
        with path.open(encoding="utf-8") as lines:
            for line in islice(lines, _LOOKED_AT):
                row = json.loads(line)
                if row.get("kind") in ("name", "address"):
                    entries.append(MetEntry(row["kind"], str(row["key"])))
    names = [entry for entry in entries if entry.kind == "name"]
    # A log has lines of one form: names where the list has any.
    return (names or entries)[:_MOST_MET]

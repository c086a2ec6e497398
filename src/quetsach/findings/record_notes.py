"""What is wrong with records of leases and translations, in words, with the places of the first."""

from collections.abc import Iterable, Mapping
from typing import Any

from quetsach.attribute.record_notes import NoteKind, RecordNote
from quetsach.errors import N_
from quetsach.texts import _

_TEXTS: Mapping[NoteKind, str] = {
    NoteKind.TWO_SERVERS: N_("two DHCP servers gave one address to two machines at once"),
    NoteKind.YEAR_OFF: N_("the clock of this source is about a year away from all others"),
    NoteKind.UNKNOWN_ACT: N_("the record does not say what became of the address"),
    NoteKind.TIME_OUT_OF_RANGE: N_("the time of the record cannot be"),
    NoteKind.NO_ADDRESS: N_("the record names no address"),
    NoteKind.NO_MACHINE: N_("the record names no machine"),
    NoteKind.END_BEFORE_START: N_("the record ends before it begins"),
    NoteKind.PORT_OUT_OF_RANGE: N_("the port of the record cannot be"),
    NoteKind.NO_TIME: N_("the record carries no time"),
}


def record_notes_json(notes: Iterable[RecordNote]) -> list[dict[str, Any]]:
    """Return each kind of flaw with its count and the places of the first records."""
    return [
        {
            "kind": str(one.kind),
            "what": _(_TEXTS[one.kind]),
            "count": one.count,
            "places": [{"path": place.path, "offset": place.offset} for place in one.places],
        }
        for one in notes
    ]

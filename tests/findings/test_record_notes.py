"""Each flaw of a record is told in words of its own, counted, and with its places."""

from quetsach.attribute.model import Place
from quetsach.attribute.record_notes import NoteKind, RecordNote
from quetsach.findings.record_notes import record_notes_json


def test_each_kind_has_words_of_its_own() -> None:
    rows = record_notes_json(RecordNote(kind, 2, (Place("dhcp.log", 7),)) for kind in NoteKind)
    assert len({one["what"] for one in rows}) == len(NoteKind)
    assert all(one["count"] == 2 for one in rows)
    assert rows[0]["places"] == [{"path": "dhcp.log", "offset": 7}]

"""Each flaw of a record is told in words of its own, counted, and with its places."""

from quetsach.attribution.model import RecordPlace
from quetsach.attribution.record_notes import NoteKind, RecordNote
from quetsach.findings.steps import record_notes_json


def test_each_kind_has_words_of_its_own() -> None:
    rows = record_notes_json(
        RecordNote(kind, 2, (RecordPlace("dhcp.log", 7),)) for kind in NoteKind
    )
    assert len({one["what"] for one in rows}) == len(NoteKind)
    assert all(one["count"] == 2 for one in rows)
    assert rows[0]["places"] == [{"path": "dhcp.log", "offset": 7}]

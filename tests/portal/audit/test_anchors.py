"""L4: an anchor shows that the chain was written anew, by whoever has the database and the key."""

import json
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from django.db import transaction
from django.utils import timezone

from quetsach.api.signing import Signature, SignedKind, sign_digest, to_json, write_key_pair
from quetsach_portal.audit.anchors import (
    RESTORED,
    Anchor,
    anchors_path,
    append_anchor,
    keys_folder,
    make_anchor,
    office_key,
    office_keys,
    read_anchors,
    replace_office_key,
    restorations,
    signature_of,
    signed_digest,
    unlike_chain,
)
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.record import first_break, record
from tests.portal.audit.trail import rewrite, write

pytestmark = pytest.mark.django_db


def anchored() -> Anchor:
    anchor = make_anchor()
    assert anchor is not None
    return anchor


def signed(anchor: Anchor) -> Signature:
    return sign_digest(office_key(), SignedKind.FILE, signed_digest(anchor), timezone.now())


def faults(*anchors: Anchor) -> list[tuple[int, bool]]:
    rows = unlike_chain(enumerate(anchors, 1), office_keys())
    return [(fault.line, fault.is_of_chain) for fault in rows]


def test_L4_an_anchor_holds_the_head_and_is_signed_by_the_portal() -> None:
    assert make_anchor() is None
    write(3)
    anchor = anchored()
    row = AuditEvent.objects.get(seq=3)
    assert (anchor.seq, anchor.digest) == (3, row.digest)
    signature = signature_of(anchor)
    assert signature is not None
    assert signature.public_key == office_key().public.raw
    assert keys_folder().stat().st_mode & 0o077 == 0
    assert faults(anchor) == []
    write(2)
    assert faults(anchor) == [], "a chain that grew is the same chain"


def test_L4_a_chain_that_was_written_anew_or_cut_differs_from_its_anchors() -> None:
    write(4)
    first = anchored()
    write(2)
    second = anchored()
    rewrite("somebody else")
    assert first_break() is None, "the chain itself is whole"
    assert faults(first, second) == [(1, True), (2, True)]
    # Who has the key as well signs an anchor of the new chain: the old ones still differ.
    assert faults(anchored(), first) == [(2, True)]
    rewrite("system", upto=4)
    assert first_break() is None
    assert faults(first, second) == [(2, True)], "the end was cut off"


def test_L4_what_this_portal_did_not_sign_says_nothing_of_the_chain(tmp_path: Path) -> None:
    write(2)
    anchor = anchored()
    for field, value in [("seq", 1), ("digest", "0" * 64), ("at", "2026-01-01T00:00:00+07:00")]:
        assert faults(msgspec.structs.replace(anchor, **{field: value})) == [(1, False)]
    assert faults(msgspec.structs.replace(anchor, signature={})) == [(1, False)]
    for path in keys_folder().iterdir():
        path.rename(path.with_suffix(".old"))
    write_key_pair("office", keys_folder())
    assert faults(anchor) == [(1, False)]
    assert faults(anchored()) == []


def test_L4_a_key_that_was_replaced_still_verifies_what_it_signed() -> None:
    write(2)
    anchor = anchored()
    folder = keys_folder()
    replace_office_key()
    assert len(list(folder.iterdir())) == 1
    write(1)
    assert faults(anchor, anchored()) == []


def test_L4_the_file_outlives_a_torn_line() -> None:
    write(2)
    anchor = anchored()
    append_anchor(anchor, anchors_path())
    with anchors_path().open("ab") as file:
        file.write(b'{"seq": 2, "dig')
    content = anchors_path().read_bytes()
    anchors, wrong = read_anchors(content, may_be_torn=True)
    assert (len(anchors), wrong) == (1, []), "what a stop of the machine tore says nothing"
    assert [fault.line for fault in read_anchors(content)[1]] == [2], "of a copy it is told"
    append_anchor(anchor, anchors_path())
    anchors, wrong = read_anchors(anchors_path().read_bytes())
    assert ([line for line, _anchor in anchors], wrong) == ([1, 2], [])
    # Without the end of its line it is an anchor all the same.
    anchors_path().write_bytes(anchors_path().read_bytes().rstrip())
    assert len(read_anchors(anchors_path().read_bytes())[0]) == 2
    append_anchor(anchor, anchors_path())
    assert len(read_anchors(anchors_path().read_bytes())[0]) == 3
    deep = b'{"x": ' + b"[" * 100_000
    for content in (b"[]", b"\xff", b'{"seq": 1}', json.dumps({"at": "x"}).encode(), deep):
        anchors, wrong = read_anchors(content + b"\n")
        assert (anchors, [fault.line for fault in wrong]) == ([], [1])
    naive = msgspec.structs.replace(anchor, at="2026-01-01T00:00:00")
    assert read_anchors(msgspec.json.encode(naive) + b"\n")[0] == []


def test_L4_acts_that_a_restored_backup_lost_are_told_not_accused() -> None:
    write(3)
    as_of = timezone.now() - timedelta(hours=1)
    before = anchored()
    write(2)
    lost = anchored()
    rewrite("system", upto=3)
    assert faults(before, lost) == [(2, True)]
    with transaction.atomic():
        detail = {"as_of": as_of.isoformat(), "head": 3}
        record(RESTORED, actor=None, kind="backup", object_id="kept", detail=detail)
    assert faults(before, lost) == []
    assert [restored.head for restored in restorations()] == [3]
    # The portal that was restored from runs on for a while, elsewhere.
    twin = msgspec.structs.replace(lost, at=(timezone.now() + timedelta(hours=1)).isoformat())
    twin = msgspec.structs.replace(twin, signature=to_json(signed(twin)))
    assert faults(twin) == []
    later = anchored()
    rewrite("somebody else")
    assert sorted(faults(before, lost, later)) == [(1, True), (3, True)]

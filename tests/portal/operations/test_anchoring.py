"""L4: each night the head is signed and stamped, and verify takes every anchor that is there."""

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from asn1crypto.tsp import TimeStampReq
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management import CommandError, call_command
from django.utils import timezone

from quetsach.api.signing import to_json
from quetsach_portal.audit.anchors import anchors_path, append_anchor, make_anchor, read_anchors
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.jobs.worker import GiveUp
from quetsach_portal.operations.anchoring import check_trail, faults_of_anchors, stamped
from tests.indicators.fetch.servers import Asked, Said, serving
from tests.portal.audit.test_anchors import signed
from tests.portal.audit.trail import rewrite, write
from tests.signing.pades.authority import authority
from tests.signing.pades.stamping import stamper

pytestmark = pytest.mark.django_db
JOB = RunningJob(0, "audit.verify", {}, "test", 1)


@pytest.mark.asvs("V16.4.3")
def test_L4_a_trail_written_anew_is_found_by_a_copy_fetched_elsewhere(tmp_path: Path) -> None:
    write(4)
    check_trail(JOB)
    fetched = tmp_path / "anchors.jsonl"
    fetched.write_bytes(anchors_path().read_bytes())
    call_command("audit", "verify", stdout=io.StringIO())
    rewrite("somebody else")
    with pytest.raises(CommandError, match="not the row that was signed"):
        call_command("audit", "verify")
    with pytest.raises(GiveUp, match="not the row that was signed"):
        check_trail(JOB)
    # Who has the database and the key signs the new chain, and forgets the old anchors.
    anchors_path().unlink()
    check_trail(JOB)
    call_command("audit", "verify", stdout=io.StringIO())
    with pytest.raises(CommandError, match="not the row that was signed"):
        call_command("audit", "verify", "--anchors", str(fetched))
    with pytest.raises(CommandError, match="No such file"):
        call_command("audit", "verify", "--anchors", str(tmp_path / "none"))


def stamp(asked: Asked) -> Said:
    answer = stamper(timezone.now()).request_tsa_response(TimeStampReq.load(asked.body))
    return Said(answer.dump(), headers={"Content-Type": "application/timestamp-reply"})


def test_L4_a_stamp_shows_when_an_anchor_was_really_made(settings, tmp_path: Path) -> None:
    write(3)
    roots = tmp_path / "roots.pem"
    roots.write_bytes(authority().cert.public_bytes(Encoding.PEM))
    with serving(stamp) as server:
        surroundings = replace(
            settings.QUETSACH, stamping_url=f"{server.address}/tsa", stamping_roots=roots
        )
        settings.QUETSACH = surroundings
        check_trail(JOB)
        assert list(faults_of_anchors()) == []
        [(_line, anchor)] = read_anchors(anchors_path().read_bytes())[0]
        assert anchor.stamp
        # An anchor that says an old day is stamped with the true one.
        made = make_anchor()
        assert made is not None
    other = msgspec.structs.replace(anchor, stamp=anchor.stamp[:-8] + "AAAAAAA=")
    append_anchor(other, anchors_path())
    assert [fault.line for fault in faults_of_anchors()] == [2]
    # Without the authority the night goes on; after two days that is told, and anchors go on.
    assert not stamped(made).stamp
    settings.QUETSACH = replace(surroundings, stamping_url="http://127.0.0.1:1/tsa")
    anchors_path().unlink()
    late = (timezone.now() - timedelta(days=3)).isoformat()
    old = msgspec.structs.replace(made, at=late, stamp="")
    old = msgspec.structs.replace(old, signature=to_json(signed(old)))
    append_anchor(old, anchors_path())
    with pytest.raises(GiveUp, match="without a time stamp since"):
        check_trail(JOB)
    assert len(read_anchors(anchors_path().read_bytes())[0]) == 2
    assert [fault.is_of_chain for fault in faults_of_anchors()] == [False]

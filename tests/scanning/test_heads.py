"""Files of a kind that is known are told by a short head, and by a long one where that differs."""

import gzip
from pathlib import Path

import pytest

from quetsach.containers.streams import Codec
from quetsach.errors.exceptions import Problem
from quetsach.evidence.find import find_evidence
from quetsach.scanning.heads import (
    FULL_HEADS,
    SHORT_HEAD_BYTES,
    FileSetAside,
    HeadFacts,
    KnownKinds,
    kind_name,
    told_by_head,
)
from tests.scanning.generated import sample_logs
from tests.sweeping.evidence import HEADER, conn, write

LOG = HEADER + "".join(conn(n, "10.0.0.5", "203.0.113.77") for n in range(200))
OTHER = LOG.replace("id.resp_h", "id.other_h")


def _told(folder: Path) -> list[HeadFacts | Problem | FileSetAside]:
    kinds = KnownKinds()
    return [kinds.told_by_head(file) for file in find_evidence([str(folder)])[0]]


def test_a_kind_is_told_by_a_short_head_once_it_is_known(tmp_path: Path) -> None:
    for number in range(FULL_HEADS + 3):
        write(tmp_path / f"conn-{number:02}.log", LOG)
    lengths = [len(one.head) for one in _told(tmp_path) if isinstance(one, HeadFacts)]
    assert lengths == [len(LOG)] * FULL_HEADS + [SHORT_HEAD_BYTES] * 3


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        (OTHER.encode(), "zeek-tsv"),
        (b'{"event_type":"dns","timestamp":"2026-09-01T08:15:22.1+0700"}\n' * 200, "suricata-eve"),
        (gzip.compress(LOG.encode()), "zeek-tsv"),
        (LOG.replace("\n", "\r").encode(), "zeek-tsv"),
        (b"\x89PNG\r\n\x1a\n" + bytes(9000), "picture"),
        (b"PK\x03\x04" + bytes(9000), "E110"),
        (b"\x01\x02\x03" * 3000, "E105"),
        (b"", "E103"),
        # What only looks otherwise by its first bytes is told by all of its head.
        (b"\x01" * 2000 + b"\n" * 200_000, "text"),
    ],
)
def test_one_that_is_not_as_its_kind_is_told_as_if_alone(
    odd: bytes, told: str, tmp_path: Path
) -> None:
    for number in range(FULL_HEADS + 2):
        write(tmp_path / f"conn-{number:02}.log", LOG)
    path = tmp_path / f"conn-{FULL_HEADS:02}.log"
    path.write_bytes(odd)
    outcomes = _told(tmp_path)
    (alone,) = (told_by_head(file) for file in find_evidence([str(path)])[0])
    assert outcomes[FULL_HEADS] == alone
    match alone:
        case HeadFacts():
            assert alone.form.name == told
            # The kind is another one now: what comes behind is told by a long head again.
            behind = outcomes[FULL_HEADS + 1]
            assert isinstance(behind, HeadFacts)
            assert len(behind.head) == len(LOG)
        case Problem():
            assert alone.code == told
        case _:
            assert alone.kind == told


def test_a_packed_kind_is_told_by_a_short_head_too(tmp_path: Path) -> None:
    for number in range(FULL_HEADS + 1):
        (tmp_path / f"conn-{number:02}.log.gz").write_bytes(gzip.compress(LOG.encode()))
    last = _told(tmp_path)[-1]
    assert isinstance(last, HeadFacts)
    assert (last.codec, len(last.head)) == (Codec.GZIP, SHORT_HEAD_BYTES)


def test_a_short_head_of_a_sample_tells_what_a_long_one_does_or_is_not_taken(
    tmp_path: Path,
) -> None:
    for sample in sample_logs():
        if sample.name != "conn.log" and "dns" not in sample.name:
            continue
        for number in range(FULL_HEADS + 1):
            (tmp_path / f"{sample.parent.name}-{number}.log").write_bytes(sample.read_bytes() * 9)
    files = find_evidence([str(tmp_path)])[0]
    kinds = KnownKinds()
    for file in files:
        by_kind, alone = kinds.told_by_head(file), told_by_head(file)
        assert isinstance(by_kind, HeadFacts)
        assert isinstance(alone, HeadFacts)
        assert by_kind.is_as(alone)


def test_a_syslog_is_told_by_its_long_head_however_many_there_are(tmp_path: Path) -> None:
    line = "Sep  1 08:15:22 gw dnsmasq[7]: query[A] a.example from 10.20.3.41\n"
    for number in range(FULL_HEADS + 2):
        write(tmp_path / f"messages-{number:02}", line * 200)
    lengths = {len(one.head) for one in _told(tmp_path) if isinstance(one, HeadFacts)}
    assert lengths == {len(line) * 200}


def test_figures_in_a_name_do_not_make_a_kind() -> None:
    assert kind_name("a/dns.2026-09-01.log") == kind_name("a/dns.2026-12-31.log")
    assert kind_name("a/dns.log") != kind_name("b/dns.log")

"""What a trace may ask of evidence that was read: contacts, holders, coverage, own addresses."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from quetsach.api.traces import TraceRequest, make_world, trace, trace_request
from quetsach.notices.model import NoticeFile, RecordKind
from quetsach.sweeping import world
from quetsach.sweeping.sweep import Progress
from tests.sweeping.evidence import write
from tests.sweeping.test_evidence_checks_promised import ARP, TRACKED

NOTICES = (
    "timestamp,ip,port,dst_ip,dst_port\n2022-09-12 00:00:01,198.51.100.5,40112,203.0.113.77,443\n"
)


class Captured:
    """The world that a trace asked, kept for the test."""

    def __init__(self) -> None:
        self.gathered: world.GatheredTraceContext | None = None

    def __call__(
        self, request: TraceRequest, files: Sequence[NoticeFile], progress: Progress | None
    ) -> world.GatheredTraceContext:
        self.gathered = make_world(request, files, progress)
        return self.gathered


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> world.GatheredTraceContext:
    tmp_path = tmp_path_factory.mktemp("world")
    captured = Captured()
    request = trace_request(
        notices=[str(write(tmp_path / "notices.csv", NOTICES))],
        evidence=[str(write(tmp_path / "neigh.txt", ARP)), str(write(tmp_path / "r.log", TRACKED))],
        public=["198.51.100.0/30"],
    )
    answer = trace(request, world_factory=captured)
    assert [notice["outcome"] for notice in answer["notices"]] == ["device"]
    assert captured.gathered is not None
    return captured.gathered


def test_what_was_read_is_counted(gathered: world.GatheredTraceContext) -> None:
    assert (gathered.sources, gathered.rejects, gathered.problems) == (2, 0, ())
    assert gathered.lines == 3
    assert gathered.bytes_read == len((ARP + TRACKED).encode())


@pytest.mark.parametrize(
    ("address", "is_ours"),
    [("198.51.100.1", True), ("198.51.100.5", True), ("10.0.0.5", True), ("192.0.2.9", False)],
)
def test_an_address_is_ours_by_table_by_translation_or_by_its_network(
    gathered: world.GatheredTraceContext, address: str, is_ours: bool
) -> None:
    assert gathered.world.is_ours(address) is is_ours


def test_a_contact_is_found_by_its_far_end_and_within_its_time(
    gathered: world.GatheredTraceContext,
) -> None:
    remote = ("203.0.113.77", 443, "")
    (contact,) = gathered.world.contacts(remote, None, None)
    assert (contact.address, contact.port, contact.remote_port) == ("10.0.0.5", 50_000, 443)
    assert contact.when_us is not None
    later = contact.when_us + 10**9
    assert gathered.world.contacts(remote, later, None) == []
    assert gathered.world.contacts(("192.0.2.1", None, ""), None, None) == []


def test_an_address_that_no_record_names_has_no_holder(
    gathered: world.GatheredTraceContext,
) -> None:
    held = gathered.world.holder("10.0.0.5", None, 1662940801_000000, 0)
    assert held is not None
    assert held.device == "00-17-A4-00-00-05"
    assert gathered.world.holder("10.0.0.99", None, 1662940801_000000, 0) is None


def test_only_logs_of_translation_cover_translations(
    gathered: world.GatheredTraceContext,
) -> None:
    covering = gathered.world.covering(RecordKind.TRANSLATION, None, None)
    assert [Path(path).name for path in covering] == ["r.log"]
    assert gathered.world.covering(RecordKind.TRANSLATION, 1 << 60, None) == ()


def test_a_line_that_only_mentions_the_address_is_no_contact_with_it(tmp_path: Path) -> None:
    """Of a page that sent somebody on, the web server keeps the name: nobody was there for it."""
    line = (
        '10.0.0.9 - - [12/Sep/2022:07:00:01 +0700] "GET /a HTTP/1.1" 200 12 '
        '"http://203.0.113.77/x" "Mozilla/5.0"\n'
    )
    captured = Captured()
    request = trace_request(
        notices=[str(write(tmp_path / "notices.csv", NOTICES))],
        evidence=[str(write(tmp_path / "access.log", line))],
        public=["198.51.100.0/30"],
    )
    answer = trace(request, world_factory=captured)
    assert [notice["device"] for notice in answer["notices"]] == [None]
    assert captured.gathered is not None
    told = captured.gathered.world.contacts(("203.0.113.77", 443, ""), None, None)
    assert told == []


def test_evidence_of_unknown_form_is_told_beside_the_trace(tmp_path: Path) -> None:
    strange = write(tmp_path / "gw.log", "<134>1 gw7 ~ 10.0.0.5 > 198.51.100.9 deny\n" * 3)
    request = trace_request(
        notices=[str(write(tmp_path / "notices.csv", NOTICES))],
        evidence=[str(strange)],
        public=["198.51.100.0/30"],
    )
    assert [one["code"] for one in trace(request)["unread"]] == ["E125"]

"""A bent name is seen; a blocked one is no contact, and other tables are no hosts files."""

import pytest

from quetsach.formats.host_hosts import HostHosts
from quetsach.formats.registry import recognise
from tests.formats.golden import read

FORM = HostHosts()
HEAD = b"# quetsach-collect 1 holds=hosts host=PC-VT-07 mac=- address=10.20.3.41 taken=-\n"


@pytest.mark.parametrize("sink", ["0.0.0.0", "127.0.0.1", "::", "::1", "255.255.255.255"])
def test_a_blocked_name_blames_nobody(sink: str) -> None:
    rows = read(FORM, HEAD + f"{sink} bad.example\n".encode())
    assert rows.events == [] or sink == "255.255.255.255"
    assert rows.rejects == []


def test_every_name_of_a_line_is_an_event() -> None:
    rows = read(FORM, HEAD + b"203.0.113.77 a.example b.example # c.example\n")
    assert [event["dns.question.name"] for _, event in rows.events] == ["a.example", "b.example"]


@pytest.mark.parametrize(
    "head", [b"127.0.0.1 other\n", b"127.0.0.1 localhost\n10.0.0.5 GET /x\n", b"# nothing\n", b""]
)
def test_what_is_no_hosts_file_is_not_taken_for_one(head: bytes) -> None:
    assert recognise(head).name != FORM.name


def test_an_endless_line_is_a_reject() -> None:
    (one,) = read(FORM, HEAD + b"203.0.113.77 " + b"a.example " * 1_000_000).rejects
    assert one.reason == "not-a-mapping"

"""Connections are told by their shape: no language, no system and no column width is assumed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.formats.host_netstat import HostNetstat
from quetsach.formats.registry import recognise
from quetsach.schema import Event
from tests.formats.golden import ZONE, read

FORM = HostNetstat()
HEAD = b"# quetsach-collect 1 holds=netstat host=PC-VT-07 mac=- address=10.20.3.41 taken=-\n"


def only(line: str, encoding: str = "utf-8") -> Event:
    ((_, event),) = read(FORM, HEAD + line.encode(encoding)).events
    return event


@pytest.mark.parametrize(
    ("state", "encoding"),
    [
        ("HERGESTELLT", "cp437"),
        ("АКТИВНО", "cp866"),
        ("ĐÃ_KẾT_NỐI", "utf-8"),
        ("已建立", "gbk"),
    ],
)
def test_a_state_in_any_language_hides_no_connection(state: str, encoding: str) -> None:
    event = only(f"  TCP    10.20.3.41:51544  203.0.113.77:443  {state}  4312", encoding)
    assert (event["destination.ip"], event["destination.port"]) == ("203.0.113.77", 443)
    assert "event.outcome" not in event


def test_a_service_that_was_reached_is_not_said_to_have_reached_out() -> None:
    event = only("  TCP    10.20.3.41:3389  203.0.113.77:443  ESTABLISHED  4")
    assert event["source.ip"] == "10.20.3.41"
    event = only("  TCP    10.20.3.41:445  203.0.113.77:50123  ESTABLISHED  4")
    assert (event["source.ip"], event["destination.ip"]) == ("203.0.113.77", "10.20.3.41")


def test_a_shortened_name_is_no_address_and_no_name() -> None:
    event = only("tcp  0  0 10.20.3.41:35450 lb-192-30-255-112:https ESTABLISHED -")
    assert "destination.ip" not in event
    assert "destination.domain" not in event


@pytest.mark.parametrize(
    "line",
    [
        b"TCP is a protocol of 10.20.3.41",
        b"  TCP    10.20.3.41:51544  203.0.113.",
        b"  TCP    10.20.3.41:99999999999999999999 203.0.113.7",
        b"GET 10.20.3.41:80 203.0.113.77:443",
    ],
)
def test_a_line_with_an_address_that_is_no_row_is_a_reject(line: bytes) -> None:
    rows = read(FORM, HEAD + line)
    assert [one.reason for one in rows.rejects] == ["not-a-connection"]
    assert recognise(line + b"\n").name != FORM.name


def test_an_endless_line_is_a_reject_at_once() -> None:
    line = b"  TCP  10.20.3.41:1 " * 800_000
    (one,) = read(FORM, HEAD + line).rejects
    assert len(one.excerpt) == 200


def test_a_table_of_translations_is_none_of_connections() -> None:
    text = (
        b"Pro Inside global      Inside local       Outside local      Outside global\n"
        b"tcp 198.51.100.5:51776 10.1.0.2:51776     203.0.113.77:443   203.0.113.77:443\n"
        b"tcp 198.51.100.5:80    10.1.0.9:80        ---                ---\n"
    )
    assert recognise(text).name != FORM.name


@given(
    st.ip_addresses(), st.integers(1, 65_535), st.sampled_from(["ESTABLISHED", "", "XYZ"]),
    st.sampled_from(["  TCP    {own}  {far}  {state}  4312", "tcp 0 0 {own} {far} {state} 1/x",
                     "tcp {state} 0 0 {own} {far} users:((\"x\",pid=1,fd=2))"]),
)  # fmt: skip
def test_every_far_end_is_found_in_every_shape(address, port: int, state: str, shape: str) -> None:  # type: ignore[no-untyped-def]
    far = f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"
    event = only(shape.format(own="10.20.3.41:51544", far=far, state=state))
    whole = address.ipv4_mapped if address.version == 6 else None
    expected = str(whole if whole is not None else address)
    assert event.get("destination.ip", expected) == expected
    assert event.get("destination.port") in (port, None)


def test_nothing_raises_on_noise() -> None:
    lines = [(0, bytes(range(256)) * 4), (2000, b"tcp \xff:1 \xfe:2"), (3000, b"tcp : : :")]
    rows = FORM.parse(lines, FORM.layout(HEAD), ZONE)
    assert len(rows.events) + len(rows.rejects) + len(rows.skipped) == 3

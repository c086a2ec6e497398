"""The firewall's log: the columns of its header, local time, and who sent the packet."""

import pytest

from quetsach.formats.registry import recognise
from quetsach.formats.windows_firewall import WindowsFirewall
from tests.formats.golden import read

FORM = WindowsFirewall()
HEADER = "#Version: 1.5\n#Time Format: {}\n#Fields: date time action protocol src-ip dst-ip {}\n"


def test_columns_in_another_order_are_read_by_their_names() -> None:
    header = "#Fields: time date dst-ip src-ip protocol action dst-port src-port\n"
    row = "08:15:22 2026-09-01 203.0.113.77 10.20.3.41 TCP ALLOW 443 51544\n"
    content = (header + row).encode()
    assert recognise(content).name == "windows-firewall"
    ((_, event),) = read(FORM, content).events
    assert (event["source.ip"], event["source.port"]) == ("10.20.3.41", 51544)
    assert (event["destination.ip"], event["destination.port"]) == ("203.0.113.77", 443)


@pytest.mark.parametrize(
    ("declared", "when_us"), [("Local", 1_788_225_322_000_000), ("UTC", 1_788_250_522_000_000)]
)
def test_the_header_says_whose_clock_it_is(declared: str, when_us: int) -> None:
    content = HEADER.format(declared, "src-port") + (
        "2026-09-01 08:15:22 ALLOW TCP 10.20.3.41 203.0.113.77 51544\n"
    )
    ((_, event),) = read(FORM, content.encode()).events
    assert event["@timestamp"] == when_us
    assert ("event.timezone" in event) is (declared == "Local")


@pytest.mark.parametrize(
    "line",
    [
        b"#Fields: date time cs-method c-ip s-ip\n2026-09-01 08:15:22 GET 10.0.0.1 -\n",
        b"2026-09-01 08:15:22 DROP table x\n",
        b"2026-09-01 08:15:22 ALLOW TCP somewhere 203.0.113.77\n",
    ],
)
def test_another_log_is_not_taken(line: bytes) -> None:
    assert not FORM.recognise(line)


def test_a_row_that_cannot_be_is_a_reject() -> None:
    rows = "2026-13-01 08:15:22 ALLOW TCP 10.20.3.41 203.0.113.77 1\n"
    rows += "2026-09-01 08:15:22 ALLOW TCP - - 1\n2026-09-01 08:15:22 ALLOW\n"
    told = read(FORM, (HEADER.format("Local", "src-port") + rows).encode())
    assert [one.reason for one in told.rejects] == [
        "no-time-or-address",
        "no-time-or-address",
        "not-a-row",
    ]

"""The message text fills in what the fields do not say, and never overrules them."""

import pytest

from quetsach.formats.shared.windows_messages import add_to

SYSMON = "Microsoft-Windows-Sysmon"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\\r\\n", " "])
def test_sysmons_lines_are_values_however_they_are_joined(end: str) -> None:
    data = {"sourceip": "10.0.0.9"}
    lines = ["Network connection detected:", "ProcessId: 4312", "Image: C:\\a b\\c.exe"]
    lines += ["SourceIp: 10.0.0.7", "SourcePortName: -", "DestinationIp: 203.0.113.7"]
    add_to(data, SYSMON, end.join(lines))
    assert data == {
        "processid": "4312",
        "image": "C:\\a b\\c.exe",
        "sourceip": "10.0.0.9",
        "destinationip": "203.0.113.7",
    }


def test_the_platforms_labels_are_read_in_english() -> None:
    data: dict[str, str] = {}
    text = (
        "The Windows Filtering Platform has blocked a connection.\r\n\r\nApplication Information:"
    )
    text += "\r\n\tProcess ID:\t\t832\r\n\tApplication Name:\t\\device\\a b.exe\r\n\tDirection:\t"
    text += "Outbound\r\n\tSource Address:\t\t10.0.0.7\r\n\tDestination Address:\t203.0.113.7"
    add_to(data, "Microsoft-Windows-Security-Auditing", text)
    assert data["application"] == "\\device\\a b.exe"
    assert (data["processid"], data["sourceaddress"], data["destaddress"]) == (
        "832",
        "10.0.0.7",
        "203.0.113.7",
    )


def test_the_name_servers_pairs_are_read() -> None:
    data: dict[str, str] = {}
    text = (
        "QUERY_RECEIVED: TCP=0; InterfaceIP=10.0.0.1; Source=10.0.0.7; QNAME=bad.example.; Port=9"
    )
    add_to(data, "Microsoft-Windows-DNSServer", text)
    assert (data["source"], data["qname"], data["port"]) == ("10.0.0.7", "bad.example.", "9")


def test_a_text_of_another_provider_says_nothing() -> None:
    data: dict[str, str] = {}
    add_to(data, "Service Control Manager", "Image: a.exe\r\nSource Address: 10.0.0.7")
    assert data == {}

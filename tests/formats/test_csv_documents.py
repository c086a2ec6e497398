"""Exports with a header: the raw line in a column, or the fields in columns."""

from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.csv_documents import CsvDocuments
from quetsach.formats.dialects.line_clocks import NOBODY
from quetsach.sieve.contract import LineClock

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
RAW = "[1788225322] unbound[7:0] info: 10.20.3.41 bad.example. A IN"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_each_separator(separator: str) -> None:
    head = (
        separator.join(["when", "message", "host"]) + "\n" + separator.join(["x", f'"{RAW}"', "a"])
    )
    form = CsvDocuments()
    assert form.recognise(head.encode())
    layout = form.layout(head.encode())
    rows = form.parse(list(enumerate(head.encode().split(b"\n"))), layout, HANOI)
    assert rows.skipped == [0]
    assert [event["source.ip"] for _, event in rows.events] == ["10.20.3.41"]


@pytest.mark.parametrize(
    "head",
    [
        "",
        "when,message\n",
        f"when,message\n1,{RAW},more\n",
        f"a,a\n1,{RAW}\n",
        f"10.1.1.1,message\n1,{RAW}\n",
        "name,age\nAn,30\nBình,40\n",
        RAW + "\n" + RAW,
    ],
)
def test_what_is_no_such_table(head: str) -> None:
    assert not CsvDocuments().recognise(head.encode())


FLOWS = "StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,TotPkts,TotBytes\n"


def flow(when: str, client: str = "10.20.3.41") -> str:
    """Return a row of a table of flows."""
    return f"{when},0.02,udp,{client},48427,  <->,203.0.113.9,53,CON,2,142\n"


@pytest.mark.parametrize(
    ("times", "clock"),
    [
        (["2026/09/01 08:15:22.325010", "2026/09/01 09:00:00"], LineClock(length=13)),
        (["2026-09-01T08:15:22+07:00"], LineClock(length=13)),
        (["1788225322.25"], LineClock(epoch=True)),
        # One row that would be read wrong is enough.
        (["2026-09-01 08:15:22", "1788225322"], None),
        (["2026/09/01 08:15:22 PM"], None),
        (["08:15:22"], None),
    ],
)
def test_the_hours_of_a_table_are_tallied_by_its_first_column(
    times: list[str], clock: LineClock | None
) -> None:
    form, head = CsvDocuments(), (FLOWS + "".join(map(flow, times))).encode()
    assert form.recognise(head)
    assert form.layout(head).clock == clock


def test_who_is_no_client_is_not_alive_by_a_table() -> None:
    head = (
        b"StartTime,DstAddr,Dport,SrcAddr,Sport,Proto\n"
        b"2026/09/01 08:15:22,10.20.3.1,53,10.20.3.41,4000,udp\n"
    )
    clock = CsvDocuments().layout(head).clock
    assert clock is None or clock.client == NOBODY

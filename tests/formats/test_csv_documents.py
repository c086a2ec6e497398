"""Exports with a header: the raw line in a column, or the fields in columns."""

from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.csv_documents import CsvDocuments

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

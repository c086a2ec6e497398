"""The table beside a page that has no room for all devices has each of them."""

import csv
import io

from quetsach.html_report.device_table import device_table
from quetsach.texts import use_language
from tests.html_report import example


def test_each_device_has_a_row_and_no_word_is_a_formula() -> None:
    use_language("en")
    devices, *_ = example.findings()
    devices["devices"][0] |= {"device": "=1+1", "samples": ["1a2b"]}
    raw = device_table(devices)
    assert raw.startswith(b"\xef\xbb\xbf")
    heads, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig")))
    assert len(rows) == len(devices["devices"]) + len(devices["not_blamed"])
    assert all(len(row) == len(heads) for row in rows)
    assert rows[0][:2] == ["1", "'=1+1"]
    assert rows[0][-1] == "quetsach why . 1a2b"

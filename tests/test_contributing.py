"""The worked example of CONTRIBUTING.md reads its own line, as it stands there."""

import re
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from quetsach.formats.dialects.dialect import Dialect, load
from quetsach.formats.dialects.shipped_dialects import DialectFormat

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
LINE = re.search(r"^<134>.*acmewall.*$", PAGE, re.MULTILINE)
SOURCE = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
TAKEN_US = 1_788_310_800_000_000


def example() -> tuple[DialectFormat, bytes]:
    assert SOURCE is not None
    assert LINE is not None
    return DialectFormat(load(SOURCE[1], "CONTRIBUTING.md")), LINE[0].encode()


def read(form: DialectFormat, *lines: bytes) -> list[tuple[int, dict[str, object]]]:
    layout = replace(form.layout(lines[0]), taken_us=TAKEN_US)
    return [
        (offset, dict(event))
        for offset, event in form.parse(enumerate(lines), layout, HANOI).events
    ]


def test_the_example_knows_and_reads_its_line() -> None:
    form, line = example()
    assert form.recognise(line + b"\n")
    assert read(form, line) == [
        (
            0,
            {
                "@timestamp": 1_788_225_322_000_000,
                "event.timezone": "Asia/Ho_Chi_Minh",
                "event.dataset": "acmewall.session",
                "event.type": "connection",
                "event.action": "pass",
                "event.outcome": "success",
                "observer.name": "gw1",
                "source.ip": "10.20.3.41",
                "source.port": 51544,
                "source.nat.ip": "198.51.100.5",
                "source.nat.port": 40112,
                "destination.ip": "203.0.113.77",
                "destination.port": 443,
                "url.domain": "bad.example",
            },
        )
    ]


def test_the_example_accuses_nobody_by_a_damaged_line() -> None:
    form, line = example()
    assert all(
        event["event.dataset"] == "text"
        for _, event in read(form, line[:30], b"\xff\x00", line[: line.index(b" src=")])
    )


def test_the_page_of_the_keys_names_each_of_them() -> None:
    page = (ROOT / "docs" / "dialects.md").read_text(encoding="utf-8")
    table = "".join(line for line in page.splitlines() if line.startswith("|"))
    other = {"derived": "[[derive]]", "variants": "[[variant]]", "time": "[time]"}
    for key in Dialect.__dataclass_fields__:
        assert other.get(key, key) in table, key

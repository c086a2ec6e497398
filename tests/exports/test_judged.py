"""Every form is read back by its judge: of a real sweep, and of rows as hostile logs make them."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import quetsach
from quetsach.api.exporting import EXPORTS, export_findings, export_named
from quetsach.demo.district import build_district
from quetsach.exports.contract import Export, ExportFacts, Sighting
from quetsach.exports.rows import ALL_COLUMNS, SHARED
from quetsach.indicators.model import Tlp
from quetsach.scanning.grades import SightingGrade
from quetsach.schema import SIGHTING
from tests.exports.findings_made import made
from tests.exports.judges import JUDGES
from tests.whole import WHOLE, daily

PER_DAY = ("stix-sighting", "misp")

SIGNS = "aA0é|=\\\"'\n\r\t\0\x1b\x7f\u202e\u200b\u2028\u00a0\ufeffđ𝕏%+-@,;{}[]<>&"
"""Signs that break forms: separators, quotes, controls, marks of direction, formulas."""

texts = st.one_of(
    st.text(SIGNS, min_size=1, max_size=12),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12),
    st.sampled_from(["=cmd|' /C calc'!A0", "-", "N/A", " ", "x" * 99, "a=b c=d", "\\", "\\n"]),
)
names = st.one_of(
    st.from_regex(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63}){0,3}", fullmatch=True),
    st.sampled_from(["bad.example", "xn--ti-khon-lwa5j.example", "_dmarc.bad.example"]),
)
INDICATORS = (
    ("address", "exact", "192.0.2.7"),
    ("address", "exact", "2001:db8::7"),
    ("address", "ip-port", "192.0.2.7:443"),
    ("address", "ip-port", "[2001:db8::7]:65535"),
    ("network", "cidr", "198.51.100.0/25"),
    ("network", "cidr", "2001:db8::/32"),
    ("url", "url-prefix", "bad.example/it's\\a?b=%27"),
    ("hash", "hash", "a" * 32),
    ("hash", "hash", "b" * 64),
    ("fingerprint", "fingerprint", "ja3:" + "c" * 32),
)
indicators = st.one_of(
    st.sampled_from(INDICATORS),
    st.tuples(st.just("name"), st.sampled_from(["exact", "below"]), names),
)
addresses = st.sampled_from(["10.0.0.5", "fe80::1%eth0", "::ffff:10.0.0.1", "0.0.0.0"])
times = st.integers(0, 4_102_444_800_000_000)


FILLED = {
    "threat.indicator.marking.tlp": st.sampled_from([level.upper() for level in Tlp]),
    "threat.indicator.confidence": st.integers(0, 100),
    "quetsach.indicator.confidence_then": st.integers(0, 100),
    "network.direction": st.sampled_from(["outbound", "inbound"]),
    "event.outcome": st.sampled_from(["success", "failure"]),
    "event.type": st.sampled_from(["denied", "connection", "info"]),
    "quetsach.device.role": st.sampled_from(["client", "resolver", "nobody"]),
}


def _column(field: pa.Field) -> st.SearchStrategy[Any]:
    if field.name in FILLED:
        return FILLED[field.name]
    if pa.types.is_string(field.type):
        if field.name.endswith((".ip", "_ip")):
            return st.one_of(
                texts, st.sampled_from(["10.0.0.5", "fe80::1%eth0", "::ffff:10.0.0.1"])
            )
        return texts
    if pa.types.is_list(field.type):
        return st.lists(texts, max_size=3)
    if pa.types.is_boolean(field.type):
        return st.booleans()
    if pa.types.is_timestamp(field.type):
        return times
    return st.integers(0, 65_535)


CHOSEN = ("quetsach.sighting.id", "threat.indicator.name", "threat.indicator.type")


ANY_COLUMNS = st.fixed_dictionaries(
    {}, optional={field.name: _column(field) for field in SIGHTING if field.name not in CHOSEN}
)


@st.composite
def sightings(draw: st.DrawFn) -> dict[str, Any]:
    """Return a row with any of its columns filled by anything."""
    kind, rule, key = draw(indicators)
    row: dict[str, Any] = draw(ANY_COLUMNS)
    return row | {
        "quetsach.sighting.id": draw(st.from_regex("[0-9a-f]{16}", fullmatch=True)),
        "threat.indicator.type": kind,
        "threat.indicator.name": draw(st.one_of(st.just(key), texts)),
        "quetsach.indicator.key": key,
        "quetsach.match.rule": rule,
        "quetsach.grade": draw(st.sampled_from([*SightingGrade])).value,
    }


def test_every_form_has_a_judge() -> None:
    assert {form.name for form in EXPORTS} == set(JUDGES)


@pytest.mark.parametrize("with_machines", [False, True])
def test_the_judge_of_each_form_reads_a_sweep(with_machines: bool, tmp_path: Path) -> None:
    folder = made(tmp_path)
    for form in EXPORTS:
        export = export_findings(
            folder, form, audience="owner", with_machines=with_machines, title="Chiến dịch 9"
        )
        numbers = JUDGES[form.name](b"".join(export.pieces))
        assert len({*numbers}) == len(numbers) > 0
        if form.name not in PER_DAY:
            assert len(numbers) == export.counts.written


@pytest.mark.skipif(not WHOLE, reason="a district is made and swept: make check-whole")
def test_the_judge_of_each_form_reads_every_row_of_the_demo(tmp_path: Path) -> None:
    build_district(tmp_path / "demo", 7, "small")
    lists = [tmp_path / "demo" / "indicators"]
    folder = tmp_path / "findings"
    quetsach.sweep(tmp_path / "demo" / "evidence", lists, out=folder)
    for form in EXPORTS:
        for with_machines in (False, True):
            export = export_findings(folder, form, audience="owner", with_machines=with_machines)
            numbers = JUDGES[form.name](b"".join(export.pieces))
            assert numbers
            if form.name not in PER_DAY:
                assert len({*numbers}) == export.counts.written


@pytest.mark.parametrize("form", [form for form in EXPORTS if form.name not in PER_DAY])
def test_the_first_row_leaves_before_the_last_is_made(form: Export, tmp_path: Path) -> None:
    """What is told per day is gathered first; every other form holds a few rows at a time."""
    export = export_findings(made(tmp_path), form, audience="owner")
    if form.name == "parquet":
        assert len([*export.pieces]) == 2, "a group of rows, and the end of the file"
        return
    next(piece for piece in export.pieces if piece)
    assert export.counts.written == 1
    assert b"".join(export.pieces)
    assert export.counts.written == (5 if form.name in ("ndjson", "csv", "ecs", "cef") else 4)


@settings(
    max_examples=daily(25, whole=500),
    deadline=None,
    suppress_health_check=[*HealthCheck],
    phases=[Phase.generate],
)
@given(st.lists(sightings(), max_size=4), st.booleans(), texts)
def test_whatever_a_log_holds_is_read_back(
    rows: list[Sighting], with_machines: bool, source: str
) -> None:
    columns = ALL_COLUMNS if with_machines else SHARED
    facts = ExportFacts("0" * 64, source, 1_788_900_000_000_000, "1", columns, title=source)
    for form in EXPORTS:
        taken = [
            {name: value for name, value in row.items() if name in columns}
            for row in rows
            if not (form.needs_time and "@timestamp" not in row)
            and row["threat.indicator.type"] not in form.leaves_out
        ]
        numbers = JUDGES[form.name](b"".join(form.write(taken, facts)))
        if form.name not in PER_DAY:
            assert numbers == [row["quetsach.sighting.id"] for row in taken], form.name
        elif taken:
            assert numbers


def test_a_text_of_any_length_is_read_back() -> None:
    row: dict[str, Any] = {
        field.name: "đ=|\n" * 20_000
        for field in SIGHTING
        if pa.types.is_string(field.type) and field.name not in FILLED
    } | {
        "quetsach.sighting.id": "0123456789abcdef",
        "@timestamp": 1_788_225_322_500_000,
        "threat.indicator.type": "name",
        "threat.indicator.marking.tlp": "GREEN",
        "quetsach.indicator.key": "bad.example",
        "quetsach.match.rule": "exact",
        "quetsach.grade": "moved",
    }
    facts = ExportFacts("0" * 64, "here", 1_788_900_000_000_000, "1", ALL_COLUMNS)
    for form in EXPORTS:
        assert len(JUDGES[form.name](b"".join(form.write([row], facts)))) == 1, form.name


def test_no_form_holds_a_word_of_a_column_of_ours() -> None:
    """A marked word in every column that may name a machine, a person, a place or a file."""
    row: dict[str, Any] = {
        "quetsach.sighting.id": "0123456789abcdef",
        "@timestamp": 1_788_225_322_500_000,
        "threat.indicator.type": "name",
        "threat.indicator.name": "bad.example",
        "quetsach.indicator.key": "bad.example",
        "quetsach.match.rule": "below",
        "quetsach.grade": "asked",
    }
    marked: dict[str, str] = {}
    for field in SIGHTING:
        if field.name in SHARED or field.name in row:
            continue
        if pa.types.is_string(field.type):
            marked[field.name] = f"MARK{len(marked):03}END"
    facts = ExportFacts("0" * 64, "here", 1_788_900_000_000_000, "1", SHARED)
    whole = ExportFacts("0" * 64, "here", 1_788_900_000_000_000, "1", ALL_COLUMNS)
    assert len(marked) > 50
    shared = {name: value for name, value in {**row, **marked}.items() if name in SHARED}
    for form in EXPORTS:
        assert b"MARK" not in b"".join(form.write([shared], facts)), form.name
        if form.name not in (*PER_DAY, "parquet"):
            text = b"".join(form.write([row | marked], whole))
            assert b"MARK" in text, f"{form.name}: the marks would not be seen"
        if form.name in PER_DAY:
            assert b"MARK" not in b"".join(form.write([row | marked], whole)), form.name


@pytest.mark.parametrize("form", ["ecs", "ocsf"])
def test_what_is_no_address_does_not_cost_the_row(form: str) -> None:
    row: dict[str, Any] = {
        "quetsach.sighting.id": "0123456789abcdef",
        "@timestamp": 1_788_225_322_500_000,
        "source.ip": "somewhere",
        "destination.ip": "fe80::1%eth0",
        "threat.indicator.type": "name",
        "threat.indicator.name": "bad.example",
        "quetsach.indicator.key": "bad.example",
        "quetsach.match.rule": "below",
        "quetsach.grade": "asked",
    }
    facts = ExportFacts("0" * 64, "here", 1_788_900_000_000_000, "1", ALL_COLUMNS)
    text = b"".join(export_named(form).write([row], facts))
    assert JUDGES[form](text) == ["0123456789abcdef"]
    assert b"somewhere" in text
    assert b"fe80::1" in text
    assert b"%eth0" not in text

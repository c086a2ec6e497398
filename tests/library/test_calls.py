"""`import quetsach`: the calls of the Python interface, as a notebook makes them."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import quetsach
from quetsach.schema import EVENT
from tests.api.test_who import TIME, lease
from tests.sweeping.evidence import write

ZEEK = (
    "#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery\n"
    "#path\tdns\n"
    "1788225322.5\tC1\t10.0.0.5\t40112\t10.0.0.1\t53\tudp\tbad.example\n"
    "1788225323.5\tC2\t10.0.0.6\t40113\t10.0.0.1\t53\tudp\tgood.example\n"
    "broken line\n"
)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    write(folder / "dns.log", ZEEK)
    write(folder / "dnsmasq-2026-09-01T0815.leases", lease("10.0.0.5", "PC-07"))
    return folder


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path: Path = write(tmp_path / "list.txt", "bad.example\n192.168.1.1\n")
    return path


def test_a_sweep_takes_texts_where_lists_are_meant(logs: Path, listed: Path) -> None:
    findings = quetsach.sweep(str(logs), str(listed))
    assert findings.sightings.column("dns.question.name").to_pylist() == ["bad.example"]
    assert [device["device"] for device in findings.devices] == ["PC-07 (00-17-A4-00-00-0A)"]
    assert findings.summary["sightings"] == len(findings) == 1
    assert quetsach.sweep([logs], [listed]).summary["sightings"] == 1


def test_findings_without_a_folder_go_with_the_object(logs: Path, listed: Path) -> None:
    findings = quetsach.sweep(logs, listed)
    folder = findings.folder
    assert folder.is_dir()
    del findings
    assert not folder.exists()


def test_findings_with_a_folder_stay_and_open_again(
    logs: Path, listed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    made = quetsach.sweep(logs, listed, out=out)
    again = quetsach.read_findings(str(out))
    assert again.sightings.equals(made.sightings)
    assert again.summary == made.summary
    with pytest.raises(quetsach.QuetsachError, match="E301"):
        quetsach.sweep(logs, listed, out=out)
    (out / "devices.json").write_text("{}")
    with pytest.raises(quetsach.QuetsachError, match="E305"):
        quetsach.read_findings(out)


def test_what_is_not_there_is_an_error_and_a_pattern_without_a_file_unread(
    logs: Path, listed: Path, tmp_path: Path
) -> None:
    findings = quetsach.sweep([logs, f"{tmp_path}/*.away"], listed)
    assert [problem["path"] for problem in findings.unread] == [f"{tmp_path}/*.away"]
    assert not findings.is_complete
    for nowhere in (tmp_path / "away.log", "", [logs, ""]):
        with pytest.raises(quetsach.QuetsachError, match="E101"):
            quetsach.sweep(nowhere, listed)
        with pytest.raises(quetsach.QuetsachError, match="E101"):
            quetsach.who("10.0.0.5", TIME, nowhere)
    with pytest.raises(quetsach.QuetsachError, match="E101"):
        quetsach.sweep(logs, "")
    with pytest.raises(quetsach.QuetsachError, match="E202"):
        quetsach.sweep(logs, tmp_path / "no-list.txt")
    with pytest.raises(quetsach.QuetsachError, match="E601"):
        quetsach.sweep(logs, listed, zone="Mars/Base")


def test_a_list_is_read_with_its_refused_rows(listed: Path) -> None:
    read = quetsach.read_list(listed)
    assert list(read) == ["bad.example"]
    assert "bad.example" in read
    assert "good.example" not in read
    assert [(row["row"], row["text"]) for row in read.refused] == [(2, "192.168.1.1")]
    assert list(quetsach.read_list([listed], accept_private=True)) == ["192.168.1.1", "bad.example"]


def test_who_answers_one_question_or_many(logs: Path) -> None:
    answer = quetsach.who("10.0.0.5", TIME, logs)
    assert answer["device"] == "PC-07 (00-17-A4-00-00-0A)"
    both = quetsach.who_each([("10.0.0.9", TIME), ("10.0.0.5", TIME)], leases=str(logs))
    assert [one["device"] for one in both] == [None, answer["device"]]
    with pytest.raises(TypeError, match="leese"):
        quetsach.who("10.0.0.5", TIME, logs, leese=logs)


def test_a_notice_is_traced(logs: Path, tmp_path: Path) -> None:
    notice = write(
        tmp_path / "notice.csv", "timestamp,ip,port\n2026-09-01 01:15:00,198.51.100.5,40112\n"
    )
    answer = quetsach.trace(str(notice), str(logs))
    assert answer["ledger"]["items"] == 1


def test_lines_become_events_rejects_and_skipped() -> None:
    parsed = quetsach.parse(ZEEK)
    assert parsed.format == "zeek-tsv"
    assert parsed.events.column("source.ip").to_pylist() == ["10.0.0.5", "10.0.0.6"]
    assert parsed.events.column("log.offset").to_pylist() == [
        ZEEK.index("1788225322.5"),
        ZEEK.index("1788225323.5"),
    ]
    assert parsed.events.schema.names[: len(EVENT.names)] == EVENT.names
    assert pa.types.is_timestamp(parsed.events.schema.field("@timestamp").type)
    assert [offset for offset, _reason in parsed.rejects] == [ZEEK.index("broken line")]
    assert parsed.skipped == 3


def test_the_same_lines_in_any_shape_are_the_same_events() -> None:
    events = quetsach.parse(ZEEK).events
    assert quetsach.parse(ZEEK.encode()).events.equals(events)
    assert quetsach.parse(ZEEK.splitlines(keepends=True)).events.equals(events)
    assert quetsach.parse(line.encode() for line in ZEEK.splitlines()).events.equals(events)


def test_a_log_put_behind_another_is_read_by_its_own_header() -> None:
    other = ZEEK.replace("id.orig_h\tid.orig_p", "id.orig_p\tid.orig_h").replace(
        "10.0.0.5\t40112", "40112\t10.0.0.7"
    )
    events = quetsach.parse(ZEEK + other).events
    assert events.column("source.ip").to_pylist()[:3] == ["10.0.0.5", "10.0.0.6", "10.0.0.7"]


def test_a_format_can_be_named_and_an_unknown_one_is_an_error() -> None:
    assert quetsach.parse(ZEEK, log_format="text").format == "text"
    with pytest.raises(quetsach.QuetsachError, match="E601"):
        quetsach.parse(ZEEK, log_format="nothing")
    with pytest.raises(TypeError, match="read_bytes"):
        quetsach.parse(Path("dns.log"))  # type: ignore[arg-type]
    assert len(quetsach.parse("")) == 0
    assert len(quetsach.parse([])) == 0


def test_the_package_loads_nothing_before_a_name_is_asked_for() -> None:
    code = (
        "import sys, quetsach; assert 'pyarrow' not in sys.modules; quetsach.__version__;"
        "assert 'pyarrow' not in sys.modules; assert 'sweep' in dir(quetsach);"
        "quetsach.sweep; assert 'pyarrow' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
    with pytest.raises(AttributeError, match="swep"):
        quetsach.swep  # noqa: B018


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("form", [str, str.encode, lambda text: text.splitlines(keepends=True)])
def test_offsets_are_those_of_the_text_as_a_file(ending: str, form: Any) -> None:
    text = ZEEK.replace("\n", ending)
    parsed = quetsach.parse(form(text))
    assert [text.encode()[offset:].partition(b"\t")[0] for offset in _offsets(parsed)] == [
        b"1788225322.5",
        b"1788225323.5",
    ]
    assert [text[offset:].rstrip() for offset, _reason in parsed.rejects] == ["broken line"]


def test_only_a_line_feed_ends_a_line() -> None:
    text = ZEEK.replace("bad.example", "bad\u2028\x85\x0b\r.example")
    parsed = quetsach.parse(text)
    assert len(parsed.rejects) == 1
    assert text.encode()[_offsets(parsed)[1] :].startswith(b"1788225323.5")


def _offsets(parsed: Any) -> list[int]:
    return list(parsed.events.column("log.offset").to_pylist())


def test_a_sweep_that_is_refused_leaves_no_temporary_folder(
    logs: Path, listed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    with pytest.raises(quetsach.QuetsachError, match="E601"):
        quetsach.sweep(logs, listed, zone="Nowhere/There")
    assert list(place.iterdir()) == []

"""Files that decoders know are swept as lines: they keep their name, digest and place."""

import gzip
import json
import os
from pathlib import Path

import pytest

from quetsach.captures import act
from quetsach.evidence import rendering
from quetsach.evidence.digests import blake3_each
from quetsach.evidence.find import EvidenceFile, find_evidence
from quetsach.evidence.rendering import folder_of, render_evidence, rendered_again
from quetsach.sandbox import run as sandbox
from quetsach.sandbox.contract import SandboxFailed, SandboxFailure

ROWS = b'[\n{"a": "bad.example"},\n{"a": 2}\n]\n'
LINES = b'{"a":"bad.example"}\n{"a":2}\n'


def rendered(folder: Path, spool: Path) -> tuple[list[EvidenceFile], list[str]]:
    files, problems = render_evidence(*find_evidence([str(folder)]), spool)
    return files, [one.code for one in problems]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "a.log").write_bytes(b"10.20.3.41 bad.example\n")
    (folder / "b.json").write_bytes(ROWS)
    (folder / "c.json.gz").write_bytes(gzip.compress(ROWS))
    (folder / "d.ndjson").write_bytes(b'{"a":1}\n{"a":2}\n')
    (folder / "e.json").write_bytes(b"[ ]")
    (folder / "manifest.json").write_bytes(b'{\n "tool": "x"\n}')
    os.utime(folder / "b.json", (1_788_225_322, 1_788_225_322))
    return folder


def test_each_file_stays_at_its_place_with_its_name_and_digest(
    folder: Path, tmp_path: Path
) -> None:
    files, codes = rendered(folder, tmp_path / "spool")
    names = [file.location.name for file in files]
    assert [Path(file.shown).name for file in files] == [
        *("a.log", "b.json", "c.json.gz", "d.ndjson", "manifest.json")
    ]
    assert [name.endswith(".ndjson") for name in names] == [False, True, True, True, False]
    first, second = files[1], files[2]
    assert first.location.read_bytes() == second.location.read_bytes() == LINES
    assert first.size == len(LINES)
    assert first.location.stat().st_mtime == 1_788_225_322
    assert first.origin is not None
    assert first.origin.kind == "json"
    assert first.origin.blake3 == blake3_each([ROWS])[0].hex()
    assert second.origin is not None
    assert second.origin.size == (folder / "c.json.gz").stat().st_size
    # An empty array is named, not passed over.
    assert codes == ["E122"]


def test_a_line_is_found_again_by_rendering_it_anew(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    path = folder / "c.json.gz"
    file = EvidenceFile(str(path), path, path.stat().st_size)
    again = rendered_again(file, tmp_path / "again")
    assert again is not None
    assert again.read_bytes() == LINES
    log = EvidenceFile("a.log", folder / "a.log", 23)
    assert rendered_again(log, tmp_path / "again") is None


def test_a_file_that_ends_the_process_costs_only_itself(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = sandbox.run

    def run(given_act: str, payload: bytes, **how: object) -> bytes:
        if b"b.json" in payload:
            for task in json.loads(payload):
                Path(task["target"]).write_bytes(LINES + b'{"half')
            raise SandboxFailed(SandboxFailure.MEMORY)
        return really(given_act, payload, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(sandbox, "run", run)
    files, codes = rendered(folder, tmp_path / "spool")
    assert sorted(codes) == ["E122", "E124"]
    assert files[1].location.read_bytes() == files[2].location.read_bytes() == LINES


def test_of_the_answer_only_figures_and_known_reasons_are_taken(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = [
        {"lines": 9, "unread": {"CUT": 3, "<script>": 1, "DAMAGED": -1}, "too_much": True}
    ] * 3
    monkeypatch.setattr(sandbox, "run", lambda *_, **__: json.dumps(answer).encode())
    files, problems = render_evidence(*find_evidence([str(folder)]), tmp_path / "spool")
    assert len(files) == 3
    assert [one.code for one in problems] == ["E123", "E117"] * 3
    assert problems[0].facts["count"] == 3
    monkeypatch.setattr(sandbox, "run", lambda *_, **__: b"[]")
    assert set(rendered(folder, tmp_path / "spool2")[1]) == {"E124"}


def test_many_small_files_share_a_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number:02}.json").write_bytes(ROWS)
    calls: list[int] = []

    def run(_act: str, payload: bytes, **_how: object) -> bytes:
        calls.append(len(json.loads(payload)))
        return act.act(payload, lambda _done, _of: None)

    monkeypatch.setattr(sandbox, "run", run)
    monkeypatch.setattr(rendering, "MOST_AT_ONCE", 8)
    files, codes = rendered(folder, tmp_path / "spool")
    assert (len(files), codes, calls) == (20, [], [8, 8, 4])


def test_a_folder_is_told_from_the_name_shown() -> None:
    assert folder_of("a/b.zip!c/d.pcap") == "a/b.zip!c/"
    assert folder_of("a.zip!d.pcap") == "a.zip!"
    assert folder_of("d.pcap") == ""

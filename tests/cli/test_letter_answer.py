"""`quetsach letter answer` as people run it."""

import json
from dataclasses import replace
from pathlib import Path

from msgspec import structs

from quetsach.api.holders import answer_holders
from quetsach.api.letters import read_letter
from quetsach.api.traces import trace_request
from quetsach.cli.letter_answer import answer_lines
from quetsach.letters.model import question_text
from tests.api.test_carriers import AUGUST, END, LEASE_HEAD, NOW, leased, translated
from tests.api.test_holders import at_the_requests_ends
from tests.cli.running import quetsach_here
from tests.letters.test_holder import PROSE


def made(folder: Path) -> tuple[str, ...]:
    (folder / "request.txt").write_text(PROSE)
    logs = folder / "logs"
    logs.mkdir()
    (logs / "nat.log").write_text(at_the_requests_ends(translated("10.0.0.41", 40112, NOW)))
    lease = leased("10.0.0.41", "PC-VP-41", AUGUST, END, "02:00:00:00:03:41")
    (logs / "leases.csv").write_text(LEASE_HEAD + lease)
    return ("letter", "answer", str(folder / "request.txt"), "-e", str(logs))


def test_it_answers_in_text_and_json_and_writes_the_letter(tmp_path: Path) -> None:
    words = made(tmp_path)
    out = tmp_path / "out"
    public = ("--public", "203.0.113.0/24")
    ended = quetsach_here("--lang", "en", *words, *public, "-o", str(out), "--unit", "UBND xã A")
    text = ended.stdout.decode()
    assert ended.returncode == 1, ended.stderr
    assert "1. [203.0.113.5]:40112  2026-09-01T08:15:22+07:00" in text
    assert "machine found: PC-VP-41" in text
    assert {file.suffix for file in out.iterdir()} == {".docx", ".pdf", ".json"}
    answer = json.loads((out / "answer.json").read_text())
    assert answer["counts"]["device"] == 1
    ended = quetsach_here(*words, *public, "--json")
    assert json.loads(ended.stdout)["rows"] == answer["rows"]


def test_what_cannot_be_answered_is_refused_before_logs_are_read(tmp_path: Path) -> None:
    words = made(tmp_path)
    assert quetsach_here(*words, "-o", str(tmp_path / "out")).returncode == 2
    assert not (tmp_path / "out").exists()
    (tmp_path / "request.txt").write_text("no letter at all\n")
    ended = quetsach_here("--lang", "en", *words)
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert ended.stderr.startswith(b"E431 request.txt: ")


def test_the_summary_of_a_letter_names_the_addresses(tmp_path: Path) -> None:
    made(tmp_path)
    ended = quetsach_here("--lang", "en", "letter", "read", str(tmp_path / "request.txt"), "--text")
    text = ended.stdout.decode()
    assert "It asks who held these addresses (quetsach letter answer):" in text
    assert "  1. [203.0.113.5]:40112  2026-09-01T08:15:22+07:00" in text


def test_a_letter_read_from_pictures_is_to_be_compared_with_the_paper(tmp_path: Path) -> None:
    words = made(tmp_path)
    request = trace_request(notices=(), evidence=[str(tmp_path / "logs")], workers=1)
    letter = read_letter(Path(words[2]))
    read_by_eye = answer_holders(letter, request)
    by_machine = replace(read_by_eye, letter=structs.replace(letter, by_ocr=True))
    more = set(answer_lines(by_machine)) - set(answer_lines(read_by_eye))
    assert more == {question_text("ocr")}

"""Counters reach the inbox whole, hold nobody, and wait where the inbox cannot be written."""

import json
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from quetsach_public import counts as module
from quetsach_public.counts import CounterKey, PublicAct, PublicCounters

DAY = date(2022, 9, 21)


def test_what_was_counted_comes_as_one_whole_file(tmp_path: Path) -> None:
    counts = PublicCounters(tmp_path / "inbox", tmp_path / "journals")
    for code in ("b", "a", "b"):
        counts.add(CounterKey(PublicAct.JOINED, code, DAY))
    path = counts.flush()
    assert path is not None
    assert json.loads(path.read_text()) == {
        "version": 1,
        "counts": [
            {"act": "joined", "code": "a", "day": "2022-09-21", "of": "", "count": 1},
            {"act": "joined", "code": "b", "day": "2022-09-21", "of": "", "count": 2},
        ],
    }
    assert counts.flush() is None
    assert [one.name for one in (tmp_path / "inbox").iterdir()] == [path.name]


def test_an_inbox_that_cannot_be_written_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "inbox").write_text("no folder")
    counts = PublicCounters(tmp_path / "inbox", tmp_path / "journals")
    counts.add(CounterKey(PublicAct.SCANNED, "", DAY))
    assert counts.flush() is None
    (tmp_path / "inbox").unlink()
    counts.add(CounterKey(PublicAct.SCANNED, "", DAY))
    counts.add(CounterKey(PublicAct.SCANNED, "", DAY))
    assert counts.flush() is not None
    assert counted(tmp_path / "inbox") == {"scanned": 3}
    assert not any((tmp_path / "journals").iterdir())


def counted(inbox: Path) -> Counter[str]:
    """Return what the portal would count: each name once."""
    found: Counter[str] = Counter()
    for path in inbox.glob("*.json"):
        for row in json.loads(path.read_text())["counts"]:
            found[row["act"]] += row["count"]
    return found


KILLED = """
import os, sys
from datetime import date
from pathlib import Path
from quetsach_public.counts import CounterKey, PublicAct, PublicCounters
from quetsach_public.counts import Journal

counts = PublicCounters(Path("inbox"), Path("journals"))
for act in (PublicAct.JOINED, PublicAct.JOINED, PublicAct.PULLED):
    of = "to-roi" if act is PublicAct.PULLED else ""
    counts.add(CounterKey(act, "TC17-abc", date(2022, 9, 21), of))
if sys.argv[1] == "after the file":
    Journal.end = lambda journal: os.kill(os.getpid(), 9)
    counts.flush()
if sys.argv[1] == "a cut line":
    os.write(counts._open._journal._file, b'\\n["joined", "TC17-')
os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("when", ["before the file", "after the file", "a cut line"])
def test_a_process_that_is_killed_loses_nothing_and_nothing_counts_twice(
    tmp_path: Path, when: str
) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, when], cwd=tmp_path, check=False)
    assert done.returncode == -9
    inbox = tmp_path / "inbox"
    (journal,) = (tmp_path / "journals").iterdir()
    after = PublicCounters(inbox, tmp_path / "journals")
    after.bring_left()
    after.bring_left()
    assert counted(inbox) == {"joined": 2, "pulled": 1}
    assert [one.name for one in inbox.iterdir()] == [journal.name], "the portal knows it by name"
    assert not journal.exists()


def test_the_journal_of_a_living_process_is_its_own(tmp_path: Path) -> None:
    inbox, journals = tmp_path / "inbox", tmp_path / "journals"
    living, other = PublicCounters(inbox, journals), PublicCounters(inbox, journals)
    living.add(CounterKey(PublicAct.JOINED, "", DAY))
    other.bring_left()
    assert not inbox.exists()
    living.flush()
    assert counted(inbox) == {"joined": 1}


def test_what_was_left_waits_for_an_inbox_that_can_be_written(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, ""], cwd=tmp_path, check=False)
    (tmp_path / "inbox").write_text("no folder")
    after = PublicCounters(tmp_path / "inbox", tmp_path / "journals")
    after.bring_left()
    (tmp_path / "inbox").unlink()
    after.bring_left()
    assert counted(tmp_path / "inbox") == {"joined": 2, "pulled": 1}


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 200_000,
        b'["joined", ["a"], "2022-09-21", ""]',
        b'["joined", 5, "2022-09-21", ""]',
        b'["joined", "", "2022-09-21", null]',
        b'["joined", "\\ud800", "2022-09-21", ""]',
        b'["joined", "a", 5, ""]',
        b"\xff\0",
    ],
    ids=["deep", "list", "number", "none", "half", "day", "bytes"],
)
def test_a_damaged_line_of_a_journal_keeps_nothing_else_back(tmp_path: Path, line: bytes) -> None:
    journals = tmp_path / "journals"
    journals.mkdir()
    good = b'["scanned", "a", "2022-09-21", ""]'
    (journals / "00000000000000000001-00000000000000ab.json").write_bytes(line + b"\n" + good)
    PublicCounters(tmp_path / "inbox", journals).bring_left()
    assert counted(tmp_path / "inbox") == {"scanned": 1}
    assert not any(journals.iterdir())


def test_without_room_for_a_journal_the_counts_are_held_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "journals").write_text("no folder")
    counts = PublicCounters(tmp_path / "inbox", tmp_path / "journals")
    counts.add(CounterKey(PublicAct.JOINED, "", DAY))
    counts.flush()
    assert counted(tmp_path / "inbox") == {"joined": 1}


def test_a_full_inbox_and_too_many_kinds_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_FILES", 1)
    monkeypatch.setattr(module, "MOST_KINDS", 2)
    counts = PublicCounters(tmp_path / "inbox", tmp_path / "journals")
    for n in range(5):
        counts.add(CounterKey(PublicAct.JOINED, f"c{n}", DAY))
    assert counts.dropped == 3
    assert counts.flush() is not None
    counts.add(CounterKey(PublicAct.JOINED, "c", DAY))
    assert counts.flush() is None

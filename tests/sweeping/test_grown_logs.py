"""A sweep says which of the texts that were read before a log begins with."""

import gzip
from dataclasses import replace
from pathlib import Path

from quetsach.api import problems, sweeps
from quetsach.api.ledger import KnownText, known_texts
from quetsach.findings.folder import read_folder
from tests.sweeping.evidence import HEADER, conn, swept, write

LINES = [conn(n, "10.0.0.5", "203.0.113.77") for n in range(15)]


def test_the_longest_beginning_is_told_and_what_is_no_beginning(tmp_path: Path) -> None:
    folders = []
    for count in (5, 10):
        log = write(tmp_path / "conn.log", HEADER + "".join(LINES[:count]))
        folders.append(tmp_path / f"findings-{count}")
        swept(tmp_path, log, out=folders[-1])
    known = known_texts(folders)
    altered = replace(known[0], chain="0" * 64)
    longer = KnownText(known[0].head, 1 << 40, "1" * 64)
    packed = write(tmp_path / "c.log.gz", gzip.compress((HEADER + "".join(LINES)).encode()))
    other = write(tmp_path / "o.log", HEADER + "".join(LINES[1:]))
    asked = [*known, altered, longer]
    swept(tmp_path, packed, other, out=tmp_path / "third", earlier_texts=asked)
    grown, unlike = read_folder(tmp_path / "third").manifest["streams"]
    assert grown["begins_with"] == [{"chain": known[1].chain, "to": known[1].length}]
    assert grown["differs_from"] == [{"chain": altered.chain, "to": altered.length}]
    assert (grown["from"], grown["to"]) == (0, len(HEADER) + len("".join(LINES)))
    assert not {"begins_with", "differs_from"} & set(unlike)


def test_what_was_appended_while_a_sweep_ran_is_told_and_not_counted(tmp_path: Path) -> None:
    log = write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.77"))
    still = write(tmp_path / "still.log", HEADER + conn(2, "10.0.0.6", "203.0.113.77"))
    line = conn(3, "10.0.0.7", "203.0.113.77")
    lists = write(tmp_path / "list.txt", "203.0.113.77\n")
    request = sweeps.sweep_request(
        evidence=[str(log), str(still)], lists=[lists], out=tmp_path / "findings"
    )
    appended: list[int] = []

    def append(done: int, _total: int) -> None:
        if not appended:
            with log.open("a") as file:
                file.write(line)
            appended.append(done)

    summary = sweeps.sweep(request, append)
    assert [(one["code"], one["path"]) for one in summary["unread"]] == [("E139", str(log))]
    assert summary["unread"][0]["facts"] == {"count": str(len(line))}
    assert summary["sightings"] == 2
    assert problems.exit_code(summary) == 3

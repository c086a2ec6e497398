"""A growing log that is swept three times, its gz and its copy: 15, not 30."""

import gzip
from pathlib import Path

import pytest

from quetsach.api.ledger import import_ledger, known_texts
from tests.sweeping.evidence import HEADER, conn, swept, write

LINES = [conn(n, "10.0.0.5", "203.0.113.77") for n in range(15)]
GROWN = HEADER + "".join(LINES)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Findings of a log that grows, of its gz, of its copy, and of one that was edited since."""
    tmp_path = tmp_path_factory.mktemp("ledger")
    edited = HEADER + "".join([*LINES[:7], *LINES[8:]])
    texts: list[tuple[str, str | bytes]] = [
        *(("conn.log", HEADER + "".join(LINES[:count])) for count in (5, 10, 15)),
        ("conn.log.gz", gzip.compress(GROWN.encode())),
        ("copies/eve.log", GROWN),
        ("conn.log", edited),
    ]
    made: list[Path] = []
    for place, (name, text) in enumerate(texts):
        log = write(tmp_path / name, text)
        # The second sweep is told of the first, the third of none.
        known = known_texts(made) if place == 1 else ()
        swept(tmp_path, log, out=tmp_path / str(place), earlier_texts=known)
        made.append(tmp_path / str(place))
    return made


def test_a_growing_log_its_gz_and_its_copy_count_once(folders: list[Path]) -> None:
    ledger = import_ledger(folders[:5])
    (stream,) = ledger.to_json()["streams"]
    assert (ledger.lines, len(ledger.numbers)) == (GROWN.count("\n"), 15)
    assert (stream["lines"], stream["sightings"]) == (ledger.lines, 15)
    parts = stream["parts"]
    assert [one["change"] for one in parts] == ["new", "grown", "grown", "same", "same"]
    assert [one["proved"] for one in parts] == [True, True, False, True, True]
    third = parts[2]
    figures = ("sightings", "known_sightings", "new_sightings", "new_lines")
    assert [third[name] for name in figures] == [15, 10, 5, 5]
    assert third["from"] == parts[1]["to"] < third["to"] == len(GROWN)
    assert not ledger.has_diverged


def test_an_edited_log_is_named_and_what_both_have_counts_once(folders: list[Path]) -> None:
    ledger = import_ledger([folders[2], folders[5]])
    assert ledger.has_diverged
    (stream,) = ledger.to_json()["streams"]
    assert [one["change"] for one in stream["parts"]] == ["new", "diverged"]
    assert [one["new_sightings"] for one in stream["parts"]] == [15, 7]
    assert ledger.lines == GROWN.count("\n")

"""Made-up requests in many layouts: read right, or asked about and counted; never another's."""

import random
from collections.abc import Callable, Sequence

import pytest

from quetsach.letters.holder_request import UNTRACEABLE, HolderRequest
from quetsach.letters.read import read_letter
from quetsach.readers.read import read_paper
from tests.letters import asked_letters
from tests.letters.asked_letters import MOMENTS, PERIODS, WORDINGS, ZONES, Subject, Table

LAYOUTS = [(name, MOMENTS[name], False) for name in MOMENTS]
LAYOUTS += [(f"periods: {name}", PERIODS[name], True) for name in PERIODS]
# Rows of text are told as such by their number: without one only a file has tables.
IN_FILES_ALONE = ("columns", "blocks")

Layout = Callable[[Sequence[Subject]], list[str | Table]]


def request_in(raw: bytes, name: str) -> HolderRequest | None:
    return read_letter(read_paper(raw, name)).holder_request


def truths(request: HolderRequest) -> list[tuple[object, ...]]:
    return [(row.address, row.port, row.first, row.last) for row in request.rows]


def drawn(layout: Layout, *, periods: bool, seed: int) -> tuple[list[Subject], list[str | Table]]:
    rng = random.Random(seed)
    subjects = asked_letters.subjects(rng, rng.randrange(1, 6), periods=periods)
    parts = asked_letters.letter_parts(layout(subjects), rng.choice(WORDINGS), rng.choice(ZONES))
    return subjects, parts


@pytest.mark.parametrize(("name", "layout", "periods"), LAYOUTS, ids=[one[0] for one in LAYOUTS])
@pytest.mark.parametrize("seed", range(4))
def test_each_layout_is_read_whole(name: str, layout: Layout, periods: bool, seed: int) -> None:
    subjects, parts = drawn(layout, periods=periods, seed=seed)
    file = "letter.docx" if name in IN_FILES_ALONE or seed % 2 else "letter.txt"
    write = asked_letters.as_word if file.endswith("docx") else asked_letters.as_text
    request = request_in(write(parts), file)
    assert request is not None
    assert truths(request) == [subject.truth for subject in subjects]
    assert not any(row.open for row in request.rows)


# No figure for a letter that an address of version 6 may have: nobody could tell.
LIKE = {"0": "O", "1": "l", "5": "S", ".": ",", "2": "Z"}


def misread(parts: Sequence[str | Table], rng: random.Random) -> str:
    """Return the letter as a machine reads it off a scan: some figures are letters."""
    text = asked_letters.as_text(parts).decode()
    return "".join(LIKE[sign] if sign in LIKE and rng.random() < 0.04 else sign for sign in text)


@pytest.mark.parametrize(("name", "layout", "periods"), LAYOUTS, ids=[one[0] for one in LAYOUTS])
def test_a_scan_read_wrongly_makes_nobody_elses_row(
    name: str, layout: Layout, periods: bool
) -> None:
    read_rows = 0
    for seed in range(12):
        subjects, parts = drawn(layout, periods=periods, seed=seed)
        request = request_in(misread(parts, random.Random(seed)).encode(), "letter.txt")
        if request is None:
            continue
        read_rows += len(request.rows)
        by_address = {subject.address: subject for subject in subjects}
        for row in request.rows:
            if not UNTRACEABLE.isdisjoint(row.open):
                continue
            subject = by_address[row.address]
            assert row.port in (subject.port, None)
            assert row.first is not None
            size = {"day": 10, "minute": 16, "second": 19}[row.digits]
            assert row.first[:size] == subject.first.isoformat()[:size]
            assert row.last is None or subject.last is not None
        if name not in IN_FILES_ALONE:
            assert len(request.rows) >= len(subjects)
    assert read_rows or name in IN_FILES_ALONE

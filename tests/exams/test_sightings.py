"""A sighting belongs to an occasion by its mark, or by the source port that was drawn for it."""

from datetime import timedelta
from pathlib import Path

import pytest

from quetsach.exams.judging import ExamOutcome
from quetsach.exams.sightings import CLOCKS_APART_S
from tests.exams.office import SERVER, ExamOffice
from tests.sweeping.evidence import HEADER, write


@pytest.mark.parametrize(
    ("apart_s", "port", "outcome"),
    [
        (0, 0, ExamOutcome.RIGHT),
        (-7 * 3600, 0, ExamOutcome.WRONG),
        (CLOCKS_APART_S + 60, 0, ExamOutcome.NOT_SEEN),
        (0, 1, ExamOutcome.NOT_SEEN),
    ],
)
def test_a_connection_without_a_mark_is_known_by_its_port(
    apart_s: int, port: int, outcome: ExamOutcome, tmp_path: Path
) -> None:
    office = ExamOffice(tmp_path)
    truth, _commitment = office.draw(each=1)
    exam = truth.occasions[0]
    office.connect(truth, without=frozenset(one.mark for one in truth.occasions))
    for log in ("dns.log", "conntrack.log"):
        (tmp_path / "logs" / log).unlink()
    commitment = (office.exam / "commitment.txt").read_text()
    office.receive(commitment[:16], exam)
    when_s = min(max(exam.when_s + apart_s, truth.from_s), truth.until_s + CLOCKS_APART_S)
    if apart_s > CLOCKS_APART_S:
        when_s = exam.when_s + apart_s
    source = office.address(exam.machine, exam.when_s)
    fields = (f"{when_s}.0", "C1", source, str(exam.port + port), SERVER, "80")
    line = "\t".join((*fields, "tcp", "http", "1.5", "10", "10", "SF"))
    write(tmp_path / "logs" / "conn.log", f"{HEADER}{line}\n")
    graded = office.grade()
    (row,) = (row for row in graded.result.rows if row.mark == exam.mark)
    if apart_s == -7 * 3600:
        # Another hour, another holder: unless the addresses came round, the clock shows.
        same = office.address(exam.machine, when_s) == source
        assert row.outcome is (ExamOutcome.RIGHT if same else outcome)
    else:
        assert row.outcome is outcome


def test_without_its_receipt_a_connection_is_no_question_and_is_told(tmp_path: Path) -> None:
    office = ExamOffice(tmp_path)
    truth, _commitment = office.draw(each=1)
    office.connect(truth)
    for receipt in (office.exam / "receipts").iterdir():
        receipt.unlink()
    result = office.grade().result
    assert result.outcomes["no-receipt"] == len(truth.occasions)
    assert result.grades == {}
    assert result.machines == 0
    assert timedelta(seconds=result.last_s) == timedelta(seconds=truth.from_s)

"""An exam over a known office: what is right is counted right, what is broken is found."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from quetsach.api.exams import GradeRequest, grade_exam, make_exam
from quetsach.errors.exceptions import QuetsachError
from quetsach.exams.judging import OTHER_MAC, OTHER_ROW
from quetsach.findings.folder import read_folder
from quetsach.texts import use_language
from tests.exams.office import ExamOffice
from tests.sweeping.evidence import swept, write


def counts(rates: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    return {name: (rate.right, rate.of) for name, rate in rates.items()}


def test_in_a_whole_office_all_certain_names_are_right(tmp_path: Path) -> None:
    office = ExamOffice(tmp_path)
    truth, commitment = office.draw()
    office.connect(truth)
    graded = office.grade(server_log=office.server_log(truth), noted=commitment)
    result = graded.result
    assert counts(result.grades) == {"certain": (20, 20)}
    assert result.grades["certain"].at_least() == 83.1
    assert counts(result.ways) == {"lease": (20, 20)}
    assert (result.outcomes["right"], result.machines, result.drawn) == (20, 5, 20)
    assert result.trace_outcomes["wrong"] == result.trace_outcomes["not-among-rivals"] == 0
    assert counts(result.traced)["certain"] == (17, 17)
    assert (graded.problems, list(graded.unread)) == ((), [])
    said = result.rows[0].said[0]
    assert [step["kind"] for step in said.steps] == ["lease", "inventory"]
    assert read_folder(graded.findings).sighting(said.sighting)


def test_a_clock_of_the_dhcp_server_that_is_wrong_by_an_hour_is_found(tmp_path: Path) -> None:
    office = ExamOffice(tmp_path, dhcp_off=timedelta(hours=1))
    truth, _commitment = office.draw()
    office.connect(truth)
    result = office.grade().result
    assert result.outcomes["wrong"] == 20
    assert counts(result.grades) == {"certain": (0, 20)}
    assert {row.why for row in result.rows} == {OTHER_MAC}


def test_two_machines_that_were_swapped_in_the_table_are_found(tmp_path: Path) -> None:
    office = ExamOffice(tmp_path, macs_in_table={0: 1, 1: 0})
    truth, _commitment = office.draw()
    office.connect(truth)
    result = office.grade().result
    wrong = {row.machine for row in result.rows if row.outcome == "wrong"}
    assert wrong == {office.name(0), office.name(1)}
    assert {row.why for row in result.rows if row.outcome == "wrong"} == {OTHER_ROW}
    assert counts(result.grades)["certain"] == (12, 12)


def test_what_a_machine_did_not_do_is_no_question_and_what_no_log_shows_is_told(
    tmp_path: Path,
) -> None:
    office = ExamOffice(tmp_path)
    truth, commitment = office.draw()
    first, second = truth.occasions[:2]
    office.connect(truth, without=frozenset({first.mark, second.mark}))
    office.receive(commitment[:16], first)
    outcomes = office.grade().result.outcomes
    assert (outcomes["not-seen"], outcomes["not-done"], outcomes["right"]) == (1, 1, 18)


def test_a_second_grading_keeps_the_first_findings(tmp_path: Path) -> None:
    office = ExamOffice(tmp_path)
    truth, _commitment = office.draw(each=1)
    office.connect(truth)
    assert office.grade().findings.name == "findings"
    assert office.grade().findings.name == "findings-2"


def test_the_sweep_is_blind_to_truth_scripts_and_receipts(tmp_path: Path) -> None:
    office = ExamOffice(tmp_path)
    truth, _commitment = office.draw(each=1)
    office.connect(truth)
    for evidence in (office.exam, tmp_path, office.exam / "receipts"):
        with pytest.raises(QuetsachError, match="E324"):
            grade_exam(GradeRequest(office.exam, [str(evidence)]))
    listed = (office.exam / "list.csv").read_text()
    assert not any(office.name(place) in listed for place in range(office.count))


def test_an_altered_truth_is_not_graded(tmp_path: Path) -> None:
    office = ExamOffice(tmp_path)
    truth, _commitment = office.draw(each=1)
    office.connect(truth)
    path = office.exam / "truth.json"
    path.write_text(path.read_text().replace("PC-KT-01", "PC-KT-02"))
    with pytest.raises(QuetsachError, match="E322"):
        office.grade()


def test_a_list_from_which_a_mark_was_taken_is_not_graded(tmp_path: Path) -> None:
    office = ExamOffice(tmp_path)
    truth, _commitment = office.draw(each=1)
    office.connect(truth)
    path = office.exam / "list.csv"
    lines = path.read_text().splitlines(keepends=True)
    for content in ("".join(lines[:1] + lines[2:]), "".join(lines) + "bad.example,\n", ""):
        path.write_text(content)
        with pytest.raises(QuetsachError, match="E321"):
            office.grade()


def test_in_a_real_sweep_a_mark_blames_nobody_and_says_what_it_is(tmp_path: Path) -> None:
    office = ExamOffice(tmp_path)
    truth, _commitment = office.draw(each=1)
    office.connect(truth)
    summary = swept(
        tmp_path / "real",
        tmp_path / "logs",
        listed="bad.example\n",
    )
    assert summary["devices"] == []
    use_language("en")
    listed = (office.exam / "list.csv").read_text()
    summary = swept_with(tmp_path / "mixed", tmp_path / "logs", listed)
    assert summary["devices"] == []
    assert {row["role"] for row in summary["not_blamed"]} == {"allowed"}
    assert all("exam" in row["because"] for row in summary["not_blamed"])


def swept_with(folder: Path, logs: Path, listed: str) -> dict[str, Any]:
    from quetsach.api import sweeps

    path = write(folder / "list.csv", listed)
    request = sweeps.sweep_request(evidence=[str(logs)], lists=[path], out=folder / "findings")
    return sweeps.sweep(request)


@pytest.mark.parametrize(
    "changed",
    [
        {"server": "exam.example"},
        {"server": "203.0.113.80:0"},
        {"server": "203.0.113.80:99999"},
        {"server": "[2001:db8::1"},
        {"from_time": "2026-11-18"},
        {"name": "vn"},
    ],
)
def test_an_exam_that_cannot_be_is_refused_before_anything_is_written(
    changed: dict[str, Any], tmp_path: Path
) -> None:
    wishes = {
        "machines": [ExamOffice(tmp_path).inventory()],
        "name": "exam.example",
        "from_time": "2026-11-16",
        "until_time": "2026-11-17",
        **changed,
    }
    with pytest.raises(QuetsachError, match="E320"):
        make_exam(tmp_path / "exam", **wishes)
    assert not (tmp_path / "exam").exists()


def test_a_folder_with_files_is_never_written_into(tmp_path: Path) -> None:
    office = ExamOffice(tmp_path)
    office.draw(each=1)
    with pytest.raises(QuetsachError, match="E301"):
        office.draw(each=1)


def test_every_exam_has_a_seed_of_its_own(tmp_path: Path) -> None:
    table = ExamOffice(tmp_path).inventory()
    window = {"from_time": "2026-11-16", "until_time": "2026-11-17", "name": "exam.example"}
    commitments = {
        make_exam(tmp_path / name, machines=[table], server=server, **window).commitment
        for name, server in (("a", ""), ("b", ""), ("c", "[2001:db8::1]:8080"))
    }
    assert len(commitments) == 3
    assert "[2001:db8::1]:8080" in (tmp_path / "c" / "list.csv").read_text()


def test_a_server_log_that_is_not_there_leaves_nothing_half_done(tmp_path: Path) -> None:
    office = ExamOffice(tmp_path)
    truth, _commitment = office.draw(each=1)
    office.connect(truth)
    with pytest.raises(QuetsachError, match="E101"):
        office.grade(server_log=tmp_path / "no-such-log.csv")
    assert not (tmp_path / "exam" / "findings").exists()

"""The marks of an exam blame nobody, and silence no list that names malware."""

from pathlib import Path

from quetsach.indicators.allow.exam_marks import EXAM_CLASS, EXAM_LABEL, set_marks_aside
from quetsach.indicators.model import IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from tests.sweeping.evidence import write


def _set(folder: Path, **lists: str) -> IndicatorSet:
    paths = [write(folder / f"{name}.csv", text) for name, text in lists.items()]
    return set_marks_aside(read_lists(paths, ListOptions()))


def _aside(indicators: IndicatorSet) -> set[str]:
    return {one.key for one in indicators.indicators if EXAM_CLASS in one.allow_classes}


def test_what_an_exam_lists_is_set_aside(tmp_path: Path) -> None:
    exam = f"indicator,label\na.exam.example,{EXAM_LABEL}\n203.0.113.80:80,{EXAM_LABEL}\n"
    real = "indicator,label\nbad.example,exam\nworse.example,\n"
    assert _aside(_set(tmp_path, exam=exam, real=real)) == {"a.exam.example", "203.0.113.80:80"}


def test_what_another_list_names_too_is_no_mark(tmp_path: Path) -> None:
    exam = f"indicator,label\nbad.example,{EXAM_LABEL}\na.exam.example,{EXAM_LABEL}\n"
    for real in ("indicator,label\nbad.example,\n", "indicator,label\nbad.example,Emotet\n"):
        assert _aside(_set(tmp_path, exam=exam, real=real)) == {"a.exam.example"}


def test_a_set_without_marks_stays_as_it_is(tmp_path: Path) -> None:
    indicators = read_lists([write(tmp_path / "list.txt", "bad.example\n")], ListOptions())
    assert set_marks_aside(indicators) is indicators
    table = read_lists(
        [write(tmp_path / "list.csv", "indicator,label\nbad.example,x\n")], ListOptions()
    )
    assert set_marks_aside(table) is table

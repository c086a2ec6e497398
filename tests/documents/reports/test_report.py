"""What a report must have before it is printed."""

from dataclasses import replace
from typing import Any

import pytest

from quetsach.documents.letters.letter import Citation
from quetsach.documents.reports.paper_files import report_files
from quetsach.documents.reports.report import Correction, OfficialReport, checked_report
from quetsach.documents.typeset.proof import DocumentProof
from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.values import (
    ChildUse,
    ChosenAnswers,
    FieldRows,
    FigureGrade,
    GradedCount,
    TextValue,
)
from tests.documents.officials import (
    DIGEST,
    added_up,
    child,
    corrected,
    every_kind,
    figure,
    own_report,
    seed_form,
)

CITED = Citation("05/BC-UBND")


def with_figure(key: str, value: Any) -> OfficialReport:
    report = added_up(every_kind())
    return replace(report, figures={**report.figures, key: figure(value)})


WRONG = {
    "number": replace(own_report(), head=replace(own_report().head, number=0)),
    "subject": replace(own_report(), about="x" * 501),
    "unknown figure": replace(
        own_report(), figures={"other": figure(GradedCount(1, FigureGrade.DECLARED))}
    ),
    "unknown headline": replace(own_report(), headline=("other",)),
    "expected": replace(added_up(), expected=15),
    "digest of a child": replace(
        added_up(), children=(replace(child(seed_form(), 1), digest="abc"),)
    ),
    "digest": replace(own_report(), proof=DocumentProof("ABC" * 21 + "A")),
    "where": replace(own_report(), proof=DocumentProof(DIGEST, "x" * 81)),
    "payload": replace(own_report(), proof=DocumentProof(DIGEST, payload="a\nb")),
    "long payload": replace(own_report(), proof=DocumentProof(DIGEST, payload="a" * 121)),
    "replaces": replace(own_report(), correction=Correction(Citation(" "), "sai số", {})),
    "reason": replace(own_report(), correction=Correction(CITED, " ", {})),
    "text for a number": with_figure("count_1", TextValue("hai", FigureGrade.DECLARED)),
    "number for a text": with_figure("words", GradedCount(1, FigureGrade.DECLARED)),
    "choice for a table": with_figure("cases", ChosenAnswers(("a",))),
    "cells": with_figure("cases", FieldRows((("một",),))),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_printed_is_refused_with_its_reason(name: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        report_files(WRONG[name])
    assert caught.value.problem.code == "E460"
    assert caught.value.problem.facts["reason"]


@pytest.mark.parametrize("report", [own_report(), added_up(), corrected()])
def test_a_whole_report_is_returned_as_it_is(report: OfficialReport) -> None:
    assert checked_report(report) is report


def test_B8_a_unit_that_reports_on_two_lines_has_reported_once() -> None:
    report = added_up()
    twice = replace(report.children[0], used=ChildUse.EXCLUDED, reason="đã tính")
    assert replace(report, children=(*report.children, twice)).reported == report.reported == 14


def test_the_form_gives_the_subject_where_none_is_written() -> None:
    assert own_report().subject == seed_form().title.vi
    assert replace(own_report(), about="kết quả tuần 2").subject == "kết quả tuần 2"


def test_code_is_the_first_16_digits() -> None:
    assert DocumentProof(DIGEST).code == DIGEST[:16]

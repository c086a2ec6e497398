"""The pages of a workbook: rows, columns, and the rules that each cell brings along."""

import io
from collections.abc import Mapping
from pathlib import Path

import openpyxl

from quetsach.forms.values import (
    FigureGrade,
    GradedCount,
    OwnValue,
)
from tests.documents.workbooks.workbooks import (
    DEPLOYED,
    INFORMED,
    PEOPLE,
    counted,
    made,
    row_of,
)
from tests.libreoffice import Part, convert


def test_a_count_takes_digits_alone_and_a_text_only_so_many_characters() -> None:
    page = openpyxl.load_workbook(io.BytesIO(made()))["Báo cáo"]
    rules = {str(one.sqref): one for one in page.data_validations.dataValidation}
    for cell in (INFORMED, DEPLOYED, PEOPLE):
        rule = rules[cell]
        assert (rule.type, rule.errorStyle or "stop") == ("custom", "stop")
        assert len(rule.formula1) <= 255
        assert "chữ số" in rule.error
    assessment = rules[f"F{row_of('assessment')}"]
    assert (assessment.type, assessment.operator) == ("textLength", "lessThanOrEqual")
    assert assessment.formula1 == "20000"


def calculated(formulas: list[str], cells: Mapping[str, str], folder: Path) -> list[str]:
    """Return what LibreOffice makes of formulas over text cells."""
    import xlsxwriter

    with xlsxwriter.Workbook(folder / "try.xlsx") as book:
        page, text = book.add_worksheet(), book.add_format({"num_format": "@"})
        for cell, value in cells.items():
            page.write_string(cell, value, text)
        for row, formula in enumerate(formulas):
            # Without a value the program has to calculate it.
            page.write_formula(row, 0, f"={formula.removeprefix('=')}", None, "")
    return convert(folder / "try.xlsx", "csv", Part.CALC).read_text().split("\n")


def test_the_rules_say_in_libreoffice_what_the_form_s_checks_say(tmp_path: Path) -> None:
    page = openpyxl.load_workbook(io.BytesIO(made()))["Báo cáo"]
    digits = next(
        one.formula1 for one in page.data_validations.dataValidation if str(one.sqref) == PEOPLE
    )
    typed = {"1.234": True, "12": True, "0": True, "12a": False, "-1": False, "1,5": False}
    asked = {f"G{row}": text for row, text in enumerate(typed, 1)}
    formulas = [digits.replace(PEOPLE, cell) for cell in asked]
    (red,) = [
        one.formula[0]
        for held in page.conditional_formatting
        for one in held.rules
        if str(held.sqref) == DEPLOYED
    ]
    dollars = {cell: f"${cell[0]}${cell[1:]}" for cell in (INFORMED, DEPLOYED)}
    pairs = [("5", "1.000"), ("5", "4"), ("", "4"), ("1.000", "5")]
    for row, (informed, deployed) in enumerate(pairs, 1):
        asked |= {f"H{row}": informed, f"I{row}": deployed}
        there = red.replace(dollars[INFORMED], f"H{row}")
        formulas.append(there.replace(dollars[DEPLOYED], f"I{row}"))
    lines = calculated(formulas, asked, tmp_path)
    told = [line.split(",")[0] == "TRUE" for line in lines[: len(formulas)]]
    assert told == [*typed.values(), True, False, False, False]


def test_a_row_is_as_high_as_its_longest_text() -> None:
    said = OwnValue(GradedCount(1, FigureGrade.DECLARED, "chữ " * 60))
    heights = []
    for own in (counted(1), said):
        page = openpyxl.load_workbook(io.BytesIO(made({"people_took_part": own})))["Báo cáo"]
        heights.append(page.row_dimensions[page[PEOPLE].row].height)
    assert heights[1] > 5 * heights[0]

"""Values that are added up, and how a test asks for the total."""

from collections.abc import Mapping
from dataclasses import replace

from quetsach.forms.adding import (
    add_up,
)
from quetsach.forms.definition import ReportFormDefinition
from quetsach.forms.reading import shipped_form
from quetsach.forms.values import (
    ChildContribution,
    FigureGrade,
    GradedCount,
    OwnValue,
)

SEED = shipped_form("phu-luc-2022")


PEOPLE, DEPLOYED = "people_took_part", "organisations_deployed"


def said(number: int, grade: FigureGrade = FigureGrade.DECLARED) -> OwnValue:
    return OwnValue(GradedCount(number, grade))


def child(
    node: str, own: Mapping[str, OwnValue], form: ReportFormDefinition = SEED, **more: object
) -> ChildContribution:
    figures = add_up(form, own, (), {})
    return replace(ChildContribution(node, f"Đơn vị {node}", 1, "", figures), **more)

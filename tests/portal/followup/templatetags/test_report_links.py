"""Figures of completeness as links: none of a past day, none where no unit is opened."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context

from quetsach_portal.followup.rates import ReportRates
from quetsach_portal.followup.templatetags.report_links import slot_link, slot_number
from tests.portal.opened_figures import closed_figures

ROW = ReportRates("Xã Một", 7, expected=2, excused=0, reported=1, on_time=1, nil=0, signed=0)


def _context(**more: Any) -> Context:
    names = {"node": SimpleNamespace(pk=5), "phase": SimpleNamespace(no=1), "opens_units": True}
    return Context({**names, "campaign": SimpleNamespace(pk=3), **more})


def test_a_label_and_a_number_open_their_reports() -> None:
    assert "under=5&amp;phase=1&amp;show=late" in slot_link(_context(), "late", "muộn")
    assert "under=7&amp;phase=1&amp;show=reported" in slot_number(_context(), ROW, "reported")


@pytest.mark.parametrize(
    ("more", "figure"),
    [
        ({"on": date(2026, 1, 1)}, "reported"),
        ({"opens_units": False}, "reported"),
        ({"node": SimpleNamespace(pk=7)}, "reported"),
        ({}, "nil"),
    ],
)
def test_a_number_without_rows_to_open_is_no_link(more: dict[str, Any], figure: str) -> None:
    assert "<a" not in slot_number(_context(**more), ROW, figure)


def test_of_a_past_day_the_label_is_words() -> None:
    assert "<a" not in slot_link(_context(on=date(2026, 1, 1)), "late", "muộn")
    assert slot_link(_context(phase=None), "late", "muộn") == "muộn"


def test_the_crawler_sees_figures_that_open_nothing() -> None:
    def main(part: str) -> str:
        return f"<main>{part}</main>"

    card = '<ul class="figures"><li>{}<b>12 %</b></li></ul>'
    assert closed_figures(main(card.format(""))) == ["12 %"]
    assert closed_figures(main(card.format('<a href="?x">x</a>'))) == []
    row = '<table><tr class="{}"><th>Xã</th><td class="number">3</td></tr></table>'
    assert closed_figures(main(row.format(""))) == ["3"]
    assert closed_figures(main(row.format("no-rows"))) == []
    assert closed_figures(main(row.format("").replace(">3<", ">0<"))) == []

"""The tags with which templates name states, fields and digests of reports."""

from types import SimpleNamespace

import pytest

from quetsach.api.reports import shipped_form
from quetsach_portal.campaigns.models.campaign import ExpectedReport, ExpectedReportState
from quetsach_portal.reports.models.report import (
    InputUsed,
    ReportDraft,
    ReportVersion,
    VersionState,
)
from quetsach_portal.reports.templatetags import reports

FORM = shipped_form("phu-luc-2022")


@pytest.mark.parametrize(
    ("digest", "grouped"),
    [("", ""), ("abc", "abc"), ("0123456789abcdef", "0123 4567 89ab cdef"), ("01234", "0123 4")],
)
def test_a_digest_stands_in_groups_of_four(digest: str, grouped: str) -> None:
    assert reports.grouped(digest) == grouped


@pytest.mark.parametrize("state", ExpectedReportState)
def test_every_state_of_a_report_has_its_name_on_the_page(state: ExpectedReportState) -> None:
    assert str(state.label) in reports.slot_state(ExpectedReport(state=state))


def test_states_of_versions_and_inputs_have_names_and_different_colours() -> None:
    shown = {state: reports.version_state(ReportVersion(state=state)) for state in VersionState}
    assert all(str(state.label) in tag for state, tag in shown.items())
    inputs = {reports.input_state(SimpleNamespace(used=used.value)) for used in InputUsed}
    assert len(inputs) == len(InputUsed)


@pytest.mark.parametrize(
    ("key", "page"), [(FORM.counts()[0].id, "numbers"), ("assessment", "texts"), ("x", "texts")]
)
def test_a_field_is_answered_on_the_page_of_its_kind(key: str, page: str) -> None:
    address = reports.entry_url(ExpectedReport(pk=7), FORM, key)
    assert address == f"/reports/7/{page}/#id_v-{key}"


def test_what_was_set_aside_is_shown_with_its_question() -> None:
    kept = {
        "own": {"value": {"count": 7, "grade": "declared"}},
        "typed": "12a",
        "vi": "Số máy",
        "en": "Machines",
    }
    number = {name: kept[name] for name in ("own", "vi", "en")}
    draft = ReportDraft(aside={"typed": kept, "number": number})
    assert reports.set_aside(draft) == [("Số máy", "12a"), ("Số máy", "7")]

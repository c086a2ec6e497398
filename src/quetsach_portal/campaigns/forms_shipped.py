"""The report forms that the program ships, to choose an appendix from."""

from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quetsach.api import ReportForm, report_forms
from quetsach_portal.web.problems import Refused


@cache
def shipped() -> tuple[ReportForm, ...]:
    """Return all forms; they change with the program alone."""
    return tuple(report_forms())


def form_named(code: str) -> ReportForm:
    """Return the form with this code. Errors: Refused when the program ships none such."""
    for form in shipped():
        if form.code == code:
            return form
    raise Refused(_("The program has no such form."), field="form_code")


def title_of(form: ReportForm) -> str:
    """Return the form's title in the language of the page."""
    return form.title_en if get_language() == "en" else form.title_vi

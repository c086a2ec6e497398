"""The list of cases as a filter form asks for it."""

from django.db.models import QuerySet

from quetsach_portal.cases import figures
from quetsach_portal.cases.access import WORKERS
from quetsach_portal.cases.forms import FilterForm
from quetsach_portal.cases.models import Case
from quetsach_portal.cases.queries import Wanted, listed
from quetsach_portal.cases.technicians import technicians_of
from quetsach_portal.people.models import User
from quetsach_portal.rights.scope import Scope


def listed_for(cases: QuerySet[Case], form: FilterForm, user_id: int) -> QuerySet[Case]:
    """Return `cases` as `form` asks for them; what makes no sense in it asks for nothing."""
    if not form.is_bound or not form.is_valid():
        return listed(cases, Wanted(), user_id)
    asked = form.cleaned_data
    if asked["counted"]:
        # What a figure of a report counts is shown whole, whatever else was chosen.
        cases = figures.counted(cases, asked["counted"])
        return listed(cases, Wanted(ended="", node=asked["node"]), user_id)
    ended = asked["ended"] or "open"
    wanted = Wanted(
        ended="" if ended == "all" else ended,
        state=asked["state"],
        older_than=asked["older_than"],
        technician=asked["technician"],
        indicator=asked["indicator"].strip(),
        node=asked["node"],
    )
    return listed(cases, wanted, user_id)


def figure_of(form: FilterForm) -> str:
    """Return in words which figure of a report the list shows, "" where it shows none."""
    if not form.is_bound or not form.is_valid() or not form.cleaned_data["counted"]:
        return ""
    return str(figures.FIGURES[form.cleaned_data["counted"]])


def people_of(scope: Scope) -> QuerySet[User]:
    """Return those who work cases in one of the person's units."""
    return technicians_of(*sorted(scope.own_units(*WORKERS)))

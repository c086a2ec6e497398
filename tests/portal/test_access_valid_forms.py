"""A1: forms filled as they must be, sent by everybody: only who may has an effect, on their own.

`test_access_matrix.py` asks who may open an address; there a body may be one that no act takes.
Here the form is taken from its page, filled so that the act is done, and sent once more by
colleagues, by the units beside, below and above, by strangers, and by people whose role ended;
and with numbers of other units in each field.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from quetsach_portal.config import urls as portal_urls
from quetsach_portal.people.roles.scope import unit_for
from quetsach_portal.units.models import OrgUnit
from tests.portal.access.crawl import (
    NoForm,
    ValidForm,
    sent_by_others,
    sent_with_numbers_of,
    valid_form,
)
from tests.portal.access.over import sampled
from tests.portal.access.row import ALL, Row
from tests.portal.access.table import TABLES
from tests.portal.access.walk import Asking, undone
from tests.portal.world import World

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.walk,
    pytest.mark.urls("tests.portal.test_access_valid_forms"),
]

SHOWN_ONLY = {
    "proof:ask": "leads to the page of a code",
    "phase_forms:choose": "shows what the form would change; phase_forms:confirm does it",
    "report_workbooks:give": "shows what the workbook would change; report_workbooks:save does it",
    "mfa_authenticate": "asks for a code between two pages of a sign-in, and for nobody else",
    "usersessions_list": "ends sessions, which are no tables of this walk: test_sessions.py",
    "account_reauthenticate": "notes in the session that somebody is there",
    "account_logout": "ends a session",
}
"""Forms that change no table when they are sent rightly."""

NOT_REACHED = {
    "mfa_activate_totp": "needs the code of a telephone: people/test_sign_in_trail.py",
    "mfa_add_webauthn": "needs a security key: people/test_security_keys.py",
    "report_documents:sign": "needs a signature that a browser makes: documents/test_actions.py",
    "report_documents:sign_remotely": "needs a signing service",
    "report_documents:judge_again": "needs a kept signature whose trust changed",
    "report_bulk:save": "needs workbooks that a job has read",
    "letters:sign_remotely": "needs a signing service",
    "inside_rehearsal": "needs a portal that runs for a rehearsal",
    "campaigns:setup": "needs a letter with open questions",
    "units:reverse": "needs a change of the tree that was carried out: register/test_tree_acts.py",
    "letters:sign": "needs a PDF signed with the office's certificate: letters/test_signers.py",
    "reports:seen": "needs figures that changed after somebody signed",
    "my_data_withdraw": "needs a request for erasure: lifecycle/persons/test_views.py",
}
"""Forms for which no body with an effect was made, and why."""


def forms_of(app: str) -> list[Row]:
    """Return the rows with a form that somebody may send."""
    return [
        row
        for row in TABLES[app]
        if row.post and not row.name.startswith("interface:") and row.name != "files:begin"
    ]


@pytest.fixture(autouse=True)
def channels_to_this_machine(settings) -> None:
    """Let alerts go to a channel here, so that the form of a channel can be right."""
    settings.QUETSACH = replace(settings.QUETSACH, channel_hosts=("127.0.0.1",))


def test_at_least_19_of_20_forms_have_a_body_that_is_right() -> None:
    names = [row.name for app in TABLES for row in forms_of(app)]
    assert set(SHOWN_ONLY) | set(NOT_REACHED) <= set(names)
    assert len(NOT_REACHED) / (len(names) - len(SHOWN_ONLY)) <= 0.05


@pytest.mark.parametrize("app", TABLES)
def test_A1_a_right_form_has_an_effect_for_who_may_alone(app: str, asking: Asking) -> None:
    rows = [row for row in sampled(forms_of(app)) if row.name not in SHOWN_ONLY | NOT_REACHED]
    if rows:
        seat_everybody(asking)
    wrong = [line for row in rows for line in wrong_with(row, asking)]
    assert not wrong, "\n" + "\n".join(wrong)


def wrong_with(row: Row, asking: Asking) -> list[str]:
    """Return a line for everybody who does with the form of `row` what they may not."""
    with undone(asking.world):
        form = valid_form(row, asking)
        if isinstance(form, NoForm):
            return [f"{row.name}: {form.why}"]
        wrong = sent_by_others(form, asking)
        for other in others_of(form, asking.world):
            with made_of(other, form, asking):
                wrong += sent_with_numbers_of(other, form, asking)[1]
        return wrong


def seat_everybody(asking: Asking) -> None:
    for seat in asking.world.units:
        asking.seated_in(seat)


def others_of(form: ValidForm, world: World) -> list[str]:
    """Return units of which the sender has nothing: beside and far away."""
    own = world.units[form.code].path
    return [one for one in ("TC02", "KH") if not world.units[one].path.startswith(own)]


@contextmanager
def made_of(other: str, form: ValidForm, asking: Asking) -> Iterator[None]:
    """Have the thing of the form in the unit `other`, too."""
    with undone(asking.world):
        if form.row.make is not None and not form.row.personal:
            form.row.make(asking.world, other)
        yield


# The walk itself: it sees a form that asks nobody, and a number that is not looked at.


class NameForm(forms.Form):
    """A new name of a unit, and which unit it is."""

    unit = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField()


PAGE = engines["django"].from_string("<form method='post'>{% csrf_token %}{{ form }}</form>")


def _named(request: HttpRequest, unit_id: int, *, is_asked: bool, is_held: bool) -> HttpResponse:
    if is_asked:
        unit_for(request.scope, unit_id)  # type: ignore[attr-defined]
    form = NameForm(request.POST or None, initial={"unit": unit_id})
    if form.is_valid():
        chosen = unit_id if is_held else form.cleaned_data["unit"]
        OrgUnit.objects.filter(pk=chosen).update(name=form.cleaned_data["name"])
    return HttpResponse(PAGE.render({"form": form}, request))


urlpatterns = [
    path("guarded/<int:unit_id>/", lambda *a, **k: _named(*a, **k, is_asked=True, is_held=True),
         name="guarded"),
    path("open/<int:unit_id>/", lambda *a, **k: _named(*a, **k, is_asked=False, is_held=True),
         name="open"),
    path("believing/<int:unit_id>/", lambda *a, **k: _named(*a, **k, is_asked=True, is_held=False),
         name="believing"),
    *portal_urls.urlpatterns,
]  # fmt: skip


def unit_of(world: World, code: str) -> dict[str, int]:
    return {"unit_id": world.units[code].pk}


def walked(name: str, asking: Asking) -> list[str]:
    seat_everybody(asking)
    seen = {"own": ALL, "child": "LO LA OP CO AU"}
    return wrong_with(Row(name, make=unit_of, get=seen, post=seen), asking)


def test_a_guarded_form_is_as_the_table_says(asking: Asking) -> None:
    assert walked("guarded", asking) == []


def test_a_form_that_asks_nobody_is_named_with_who_sent_it(asking: Asking) -> None:
    wrong = walked("open", asking)
    assert any("stranger KH: open, changed ['units.OrgUnit'" in line for line in wrong)
    assert any("whose role ended: open" in line for line in wrong)


def test_a_form_that_believes_its_hidden_number_is_named_with_the_field(asking: Asking) -> None:
    wrong = walked("believing", asking)
    field = f"unit={asking.world.units['KH'].pk} of KH"
    assert any(f"believing with {field} changed ['units.OrgUnit']" in line for line in wrong)

"""Forms and pages of re-checks: the samples of an office, one sample, one answer."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.cases.models.recheck import RecheckResult, RecheckSubject
from quetsach_portal.cases.rechecks import actions, queries, sampling
from quetsach_portal.cases.rechecks.actions import MOST_DRAWN
from quetsach_portal.cases.tables import DRAWN
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import attempt, run_with_message, succeeds
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.web.tables import long_table

_AREA = forms.Textarea(attrs={"rows": 3})


class DrawForm(forms.Form):
    """Of what is drawn, and how many."""

    subject = forms.ChoiceField(
        label=_lazy("What is re-checked"), choices=RecheckSubject.choices, widget=forms.RadioSelect
    )
    size = forms.IntegerField(
        label=_lazy("How many are drawn"),
        min_value=1,
        max_value=MOST_DRAWN,
        initial=60,
        help_text=_lazy("With 60 the range is about 25 points wide, with 200 about 14."),
    )


class AnswerForm(forms.Form):
    """What was found on the spot."""

    found = forms.ChoiceField(
        label=_lazy("What was found"), choices=RecheckResult.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_lazy("Remarks"),
        widget=_AREA,
        required=False,
        max_length=500,
        help_text=_lazy("Required if it could not be determined. No names of persons."),
    )


class GiveForm(forms.Form):
    """Who looks."""

    checker = forms.ChoiceField(label=_lazy("Checked by"), required=False)

    def __init__(self, data: Any, people: list[User]) -> None:
        super().__init__(data)
        self._people = {str(person.pk): person for person in people}
        named = [(pk, str(person)) for pk, person in self._people.items()]
        self.fields["checker"].choices = [("", _lazy("Nobody yet")), *named]  # type: ignore[attr-defined]

    def person(self) -> User | None:
        """Return who was chosen."""
        return self._people.get(self.cleaned_data["checker"])


class RecheckReasonForm(forms.Form):
    """Why a sample is given up."""

    reason = forms.CharField(label=_lazy("Reason"), widget=_AREA, max_length=500)


ITEMS = 100


@require_safe
def unit(request: PortalRequest, node_id: int) -> HttpResponse:
    """Return what re-checks below a unit found, the newest first."""
    node = sampling.node_to_see(request.scope, node_id)
    may_draw = sampling.may_draw(request.scope, node)
    context = {"node": node, "results": queries.results_of(node), "may_draw": may_draw}
    return render(request, "rechecks/unit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: PortalRequest, node_id: int) -> HttpResponse:
    """Draw a sample below a unit."""
    node = sampling.node_to_draw(request.scope, node_id)
    form = DrawForm(request.POST or None)
    if form.is_valid():
        sample = attempt(form, lambda: actions.draw(node, actor=request.user, **form.cleaned_data))
        if sample is not None:
            return redirect("rechecks:draw", sample.pk)
    return render(request, "rechecks/draw_one.html", {"node": node, "form": form})


@require_safe
def show(request: PortalRequest, draw_id: int) -> HttpResponse:
    """Return one sample: its result, how it was drawn, and each thing drawn."""
    sample = sampling.draw_for(request.scope, draw_id)
    may_lead = sampling.may_draw(request.scope, sample.node)
    table = long_table(queries.items_of(sample), request, DRAWN, per=ITEMS)
    context = {
        "draw": sample,
        "node": sample.node,
        "result": queries.result_of(sample),
        "table": table,
        "page": table.page,
        "may_check": sampling.may_check(request.scope, sample.node),
        "may_lead": may_lead,
        "form": GiveForm(None, sampling.checkers_of(sample.node)) if may_lead else None,
    }
    return render(request, "rechecks/draw.html", context)


@require_safe
def frame(request: PortalRequest, draw_id: int) -> HttpResponse:
    """Return all from which was drawn, one a line, so that anybody can draw again."""
    sample = sampling.draw_for(request.scope, draw_id)
    response = HttpResponse(sample.frame + "\n", content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="mau-{sample.pk}.txt"'
    return response


@require_POST
def give(request: PortalRequest, draw_id: int) -> HttpResponse:
    """Say who looks at the things that were ticked."""
    sample = sampling.draw_to_lead(request.scope, draw_id)
    form = GiveForm(request.POST, sampling.checkers_of(sample.node))
    asked = request.POST.getlist("place")
    places = [int(text) for text in asked if text.isascii() and text.isdigit() and len(text) < 10]
    if form.is_valid():
        chosen = form.person()
        run_with_message(
            request,
            lambda: actions.give_to(sample, places, checker=chosen, actor=request.user),
            done=_("The ticked items were assigned."),
        )
    return redirect("rechecks:draw", sample.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: PortalRequest, draw_id: int, place: int) -> HttpResponse:
    """Enter what was found of one thing drawn."""
    recheck_item = sampling.item_to_answer(request.scope, draw_id, place)
    before = {"found": recheck_item.answer, "note": recheck_item.note}
    form = AnswerForm(request.POST or None, initial=before)
    if succeeds(
        form, lambda: actions.answer(recheck_item, actor=request.user, **form.cleaned_data)
    ):
        return redirect("rechecks:draw", draw_id)
    sample = recheck_item.draw
    context = {"item": recheck_item, "draw": sample, "node": sample.node, "form": form}
    return render(request, "rechecks/answer.html", context)


@require_POST
def finish(request: PortalRequest, draw_id: int) -> HttpResponse:
    """Close a sample, so that its result is final."""
    sample = sampling.draw_to_lead(request.scope, draw_id)
    run_with_message(request, lambda: actions.finish(sample, actor=request.user))
    return redirect("rechecks:draw", sample.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def give_up(request: PortalRequest, draw_id: int) -> HttpResponse:
    """Give a sample up, with the reason."""
    sample = sampling.draw_to_lead(request.scope, draw_id)
    form = RecheckReasonForm(request.POST or None)
    if succeeds(form, lambda: actions.give_up(sample, actor=request.user, **form.cleaned_data)):
        return redirect("rechecks:unit", sample.node_id)
    context = {"draw": sample, "node": sample.node, "form": form}
    return render(request, "rechecks/give_up.html", context)

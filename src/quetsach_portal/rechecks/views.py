"""Pages: the samples of an office, one sample, what was found of one thing drawn."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.rechecks import access, actions, queries
from quetsach_portal.rechecks.forms import AnswerForm, DrawForm, GiveForm, WhyForm
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import attempt, succeeds
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.telling import told_or_refused

ITEMS = 100


@require_safe
def unit(request: Request, node_id: int) -> HttpResponse:
    """Return what re-checks below a unit found, the newest first."""
    node = access.node_to_see(request.scope, node_id)
    given = {"node": node, "results": queries.results_of(node)}
    given["may_draw"] = access.may_draw(request.scope, node)
    return render(request, "rechecks/unit.html", given)


@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: Request, node_id: int) -> HttpResponse:
    """Draw a sample of what lies below a unit."""
    node = access.node_to_draw(request.scope, node_id)
    form = DrawForm(request.POST or None)
    if form.is_valid():
        asked = form.cleaned_data
        made = attempt(form, lambda: actions.draw(node, actor=request.user, **asked))
        if made is not None:
            return redirect("rechecks:draw", made.pk)
    return render(request, "rechecks/draw_one.html", {"node": node, "form": form})


@require_safe
def show(request: Request, draw_id: int) -> HttpResponse:
    """Return one sample: its result, how it was drawn, and each thing drawn."""
    held = access.draw_for(request.scope, draw_id)
    may_lead = access.may_draw(request.scope, held.node)
    given = {
        "draw": held,
        "node": held.node,
        "result": queries.result_of(held),
        "page": page_of(queries.items_of(held), request, per=ITEMS),
        "may_check": access.may_check(request.scope, held.node),
        "may_lead": may_lead,
        "form": GiveForm(None, access.checkers_of(held.node)) if may_lead else None,
    }
    return render(request, "rechecks/draw.html", given)


@require_safe
def frame(request: Request, draw_id: int) -> HttpResponse:
    """Return all from which was drawn, one a line, so that anybody can draw again."""
    held = access.draw_for(request.scope, draw_id)
    response = HttpResponse(held.frame + "\n", content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="mau-{held.pk}.txt"'
    return response


@require_POST
def give(request: Request, draw_id: int) -> HttpResponse:
    """Say who looks at the things that were ticked."""
    held = access.draw_to_lead(request.scope, draw_id)
    form = GiveForm(request.POST, access.checkers_of(held.node))
    asked = request.POST.getlist("place")
    places = [int(one) for one in asked if one.isascii() and one.isdigit() and len(one) < 10]
    if form.is_valid():
        chosen = form.person()
        told_or_refused(
            request,
            lambda: actions.give_to(held, places, checker=chosen, actor=request.user),
            done=_("It is noted who looks."),
        )
    return redirect("rechecks:draw", held.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, draw_id: int, place: int) -> HttpResponse:
    """Enter what was found of one thing drawn."""
    item = access.item_to_answer(request.scope, draw_id, place)
    before = {"found": item.answer, "note": item.note}
    form = AnswerForm(request.POST or None, initial=before)
    if succeeds(form, lambda: actions.answer(item, actor=request.user, **form.cleaned_data)):
        return redirect("rechecks:draw", draw_id)
    given = {"item": item, "draw": item.draw, "node": item.draw.node, "form": form}
    return render(request, "rechecks/answer.html", given)


@require_POST
def finish(request: Request, draw_id: int) -> HttpResponse:
    """End a sample, so that its result stands."""
    held = access.draw_to_lead(request.scope, draw_id)
    told_or_refused(request, lambda: actions.finish(held, actor=request.user))
    return redirect("rechecks:draw", held.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def give_up(request: Request, draw_id: int) -> HttpResponse:
    """Give a sample up, with the reason."""
    held = access.draw_to_lead(request.scope, draw_id)
    form = WhyForm(request.POST or None)
    if succeeds(form, lambda: actions.give_up(held, actor=request.user, **form.cleaned_data)):
        return redirect("rechecks:unit", held.node_id)
    given = {"draw": held, "node": held.node, "form": form}
    return render(request, "rechecks/give_up.html", given)

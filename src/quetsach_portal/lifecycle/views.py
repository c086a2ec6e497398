"""Pages for the dry run, the start by two people, the end, the archive and the recount."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quetsach_portal.campaigns import queries
from quetsach_portal.campaigns.access import led_campaign, may_prepare, own_campaign
from quetsach_portal.campaigns.actions import state
from quetsach_portal.lifecycle import actions, changing, end_steps
from quetsach_portal.lifecycle.correcting import asking, texts
from quetsach_portal.lifecycle.correcting import forms as correction_forms
from quetsach_portal.lifecycle.dry_run import faults_of
from quetsach_portal.lifecycle.launch_steps import blocked_sentence, launch_steps, open_points
from quetsach_portal.looks.figures import LookFigures, look_of_node
from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.web.acts import succeeds
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.request import PortalRequest


@require_http_methods(["GET", "HEAD", "POST"])
def dry_run(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Show the last dry run, or ask for another."""
    campaign = own_campaign(request.scope, campaign_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        campaign = led_campaign(request.scope, campaign_id)
        if succeeds(form, lambda: state.request_dry_run(campaign, actor=request.user)):
            page = "start" if request.POST.get("back") == "start" else "dry_run"
            return redirect(f"campaigns:{page}", campaign.pk)
    run = queries.last_dry_run(campaign)
    context = {
        "campaign": campaign,
        "form": form,
        "run": run,
        "is_fresh": run is not None and queries.is_fresh(campaign, run),
        "page": None if run is None else page_of(faults_of(run), request),
        "leads_it": may_prepare(request.scope, campaign),
    }
    return render(request, "campaigns/dry_run.html", context)


@confirmed_recently
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Ask for the start, take that back, or confirm it as the second owner."""
    campaign = led_campaign(request.scope, campaign_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    back = request.POST.get("act") == "back"
    act = state.take_start_back if back else actions.ask_or_confirm_start
    if succeeds(form, lambda: act(campaign, actor=request.user)):
        return redirect("campaigns:start", campaign.pk)
    steps = launch_steps(campaign)
    points = open_points(steps)
    run = queries.last_dry_run(campaign)
    context = {
        "campaign": campaign,
        "form": form,
        "launch_steps": steps,
        "points": points,
        "blocked": blocked_sentence(points) if points else "",
        "run": run,
        "is_checking": run is not None and run.finished_at is None,
        "is_asker": campaign.start_asked_by_id == request.user.pk,
    }
    return render(request, "campaigns/start.html", context)


@confirmed_recently
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Pause, end early or cancel what runs: ask for it, decide on another's question, resume."""
    campaign = led_campaign(request.scope, campaign_id)
    question = changing.open_question(campaign)
    act = request.POST.get("act", "")
    # Who decides, decides on what they read: another question may have taken its place.
    is_shown = question is not None and request.POST.get("change") == str(question.pk)
    shown = question if is_shown else None
    form = changing.RunningChangeForm(
        request.POST if act == "ask" else None, auto_id=f"id_{act}_%s"
    )
    decision = forms.Form(request.POST if act and act != "ask" else None)
    if succeeds(form, lambda: form.ask(campaign, request.user)) or succeeds(
        decision, lambda: changing.decide(campaign, shown, act, actor=request.user)
    ):
        return redirect("campaigns:change", campaign.pk)
    context = {
        "campaign": campaign,
        "form": form,
        "decision": decision,
        "question": question,
        "is_asker": question is not None and question.asked_by_id == request.user.pk,
        "changes": changing.last_changes(campaign),
        "effects": changing.effects(campaign),
        "sections": changing.sections(campaign),
        "asked_kind": request.POST.get("kind", ""),
    }
    return render(request, "campaigns/change.html", context)


@confirmed_recently
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Correct a unit, a date or the text of what runs: see the effects, ask, or decide."""
    campaign = led_campaign(request.scope, campaign_id)
    act, kind = request.POST.get("act", ""), request.POST.get("kind", "")
    question = asking.open_question(campaign)
    asks = act in ("preview", "ask")
    sections = correction_forms.sections_of(campaign, kind, request.POST if asks else None)
    shown = request.POST.get("shown", "")
    decision = forms.Form(request.POST if act and not asks else None)
    if any(
        section.take(campaign, act, shown, request.user)
        for section in sections
        if asks and section.kind == kind
    ) or succeeds(
        decision, lambda: asking.decide(question, act, request.POST.dict(), actor=request.user)
    ):
        return redirect("campaigns:correct", campaign.pk)
    context = {
        "campaign": campaign,
        "sections": [] if question is not None else sections,
        "decision": decision,
        "question": question,
        "is_asker": question is not None and question.asked_by_id == request.user.pk,
        "corrections": asking.last_corrections(campaign),
        "former": texts.history_of(campaign),
    }
    if question is not None:
        context |= correction_forms.question_context(campaign, question)
    return render(request, "campaigns/correct.html", context)


@confirmed_recently
@require_safe
def end(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Show how far the end is, what is open, and lead to the next step."""
    campaign = led_campaign(request.scope, campaign_id)
    root, phase = queries.root_of(campaign), queries.last_phase(campaign)
    end_context = end_steps.end_context(campaign)
    context = {
        "campaign": campaign,
        "title": _("End of the campaign"),
        **end_context,
        "page": page_of(end_context.get("open_slots", ()), request),
        "step": end_steps.next_step(campaign, request.user),
        "possible_from": end_steps.possible_from(campaign),
        "is_asker": campaign.archive_asked_by_id == request.user.pk,
        **({} if root is None else queries.figures(root, phase)),
        "look": LookFigures() if root is None else look_of_node(root),
    }
    return render(request, "campaigns/end.html", context)


@confirmed_recently
@require_http_methods(["GET", "HEAD", "POST"])
def end_check(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Say what the next step of the end does, and take it."""
    campaign = led_campaign(request.scope, campaign_id)
    step = end_steps.next_step(campaign, request.user)
    if step is None:
        return redirect("campaigns:end", campaign.pk)
    form = end_steps.StepForm(request.POST if request.method == "POST" else None, step)
    if succeeds(form, lambda: step.act(campaign, actor=request.user)):
        return redirect("campaigns:end", campaign.pk)
    context = {"campaign": campaign, "form": form, "step": step, **end_steps.end_context(campaign)}
    return render(request, "campaigns/end_check.html", context)


@require_safe
def checks(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return the nightly checks of the counters, with what differed."""
    campaign = own_campaign(request.scope, campaign_id)
    page = page_of(campaign.tally_checks.order_by("-pk"), request)
    return render(request, "campaigns/checks.html", {"campaign": campaign, "page": page})

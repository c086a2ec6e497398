"""Pages of the preparation: task list, letter, basics, report form and phases."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.campaigns import queries
from quetsach_portal.campaigns.access import (
    can_make,
    is_prepared_by,
    leads,
    leads_it,
    led_campaign,
    may_prepare,
    open_readings,
    own_campaign,
    phase_for,
    reading_for,
    sees_preparation,
)
from quetsach_portal.campaigns.actions import preparing
from quetsach_portal.campaigns.actions.phases import add_phase, remove_phase, set_phase
from quetsach_portal.campaigns.actions.preparing import create, create_from_letter, take_letter
from quetsach_portal.campaigns.forms import (
    AppendixForm,
    BasicsForm,
    LetterForm,
    NewForm,
    PhaseForm,
    TasksForm,
    phase_initial,
)
from quetsach_portal.campaigns.letter_forms import LetterReviewForm, QuestionsForm
from quetsach_portal.campaigns.letter_review import clear_rows, issued_beside, proposal_of
from quetsach_portal.campaigns.release import spoken
from quetsach_portal.campaigns.report_form import blocks_of, choice_code
from quetsach_portal.campaigns.scope import campaign_for, list_of_campaigns, node_scope, top_node
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import attempt, run_with_message, succeeds
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.request import PortalRequest


@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Show what the letter says and what it left blank, and take the answers."""
    campaign = own_campaign(request.scope, campaign_id)
    if request.method == "POST":
        campaign = led_campaign(request.scope, campaign_id)
    form = QuestionsForm(request.POST or None, letter=campaign.letter)
    if succeeds(
        form, lambda: preparing.answer_questions(campaign, form.answers(), actor=request.user)
    ):
        return redirect("campaigns:freeze", campaign.pk)
    context = {
        "campaign": campaign,
        "form": form,
        "rows": clear_rows(campaign.letter),
        "prepares": may_prepare(request.scope, campaign),
        "report_form": queries.form_title(campaign),
    }
    return render(request, "campaigns/setup.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def basics(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Title, legal basis, goal, web page."""
    campaign = led_campaign(request.scope, campaign_id)
    named = ("title", "legal_basis", "goal", "page_url")
    form = BasicsForm(
        request.POST or None, initial={name: getattr(campaign, name) for name in named}
    )
    if succeeds(form, lambda: preparing.set_basics(campaign, form.basics(), actor=request.user)):
        return redirect("campaigns:setup", campaign.pk)
    return _page(request, campaign, form, _("Title, legal basis and goal"))


@require_http_methods(["GET", "HEAD", "POST"])
def tasks(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """What units have to do."""
    campaign = led_campaign(request.scope, campaign_id)
    form = TasksForm(request.POST or None, initial={"tasks": "\n\n".join(campaign.tasks)})
    if succeeds(form, lambda: preparing.set_tasks(campaign, form.listed(), actor=request.user)):
        return redirect("campaigns:setup", campaign.pk)
    return _page(request, campaign, form, _("What units have to do"))


@require_http_methods(["GET", "HEAD", "POST"])
def appendix(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Which report form."""
    campaign = led_campaign(request.scope, campaign_id)
    blocks = blocks_of(campaign.form_code, campaign.form_definition)
    form = AppendixForm(
        request.POST or None,
        request.FILES or None,
        initial={"form_code": choice_code(campaign.form_code), "blocks": blocks},
    )
    if succeeds(form, lambda: preparing.set_form(campaign, form.chosen(), actor=request.user)):
        return redirect("campaigns:setup", campaign.pk)
    return _page(request, campaign, form, _("Report form (appendix)"))


def _page(request: PortalRequest, campaign: object, form: object, title: str) -> HttpResponse:
    context = {"campaign": campaign, "form": form, "title": title}
    return render(request, "campaigns/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def from_letter(request: PortalRequest) -> HttpResponse:
    """Take a letter in; a job reads it."""
    form = LetterForm(request.POST or None, request.FILES or None, leads=leads(request.scope))
    if form.is_valid():
        file = form.cleaned_data["file"]
        reading = attempt(form, lambda: take_letter(form.lead(), file, actor=request.user))
        if reading is not None:
            return redirect("campaigns:review", reading.pk)
    return render(request, "campaigns/from_letter.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: PortalRequest, reading_id: int) -> HttpResponse:
    """Show what was read, field by field, and make the campaign of what the person left."""
    reading = reading_for(request.scope, reading_id)
    if reading.state != "read":
        return render(request, "campaigns/reading.html", {"reading": reading})
    form = LetterReviewForm(request.POST or None, proposal=proposal_of(reading.result))
    if form.is_valid():
        reviewed = form.reviewed()
        made = attempt(form, lambda: create_from_letter(reading, reviewed, actor=request.user))
        if made is not None:
            return redirect("campaigns:freeze", made.pk)
    context = {
        "reading": reading,
        "form": form,
        "rows": clear_rows(reading.result),
        "another_office": issued_beside(reading.result, reading.lead_unit.name),
        "answers_requests": request.scope.has_role(Role.FOCAL_POINT, Role.TECHNICIAN),
    }
    return render(request, "campaigns/review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def by_hand(request: PortalRequest) -> HttpResponse:
    """Create a campaign from the typed fields."""
    form = NewForm(request.POST or None, leads=leads(request.scope))
    if form.is_valid():
        made = attempt(form, lambda: create(form.lead(), form.basics(), actor=request.user))
        if made is not None:
            return redirect("campaigns:setup", made.pk)
    return render(request, "campaigns/by_hand.html", {"form": form})


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """Return the campaigns that include one of the person's units."""
    campaigns = list_of_campaigns(request.scope)
    context = {
        "page": page_of(campaigns, request),
        "can_make": can_make(request.scope),
        "readings": open_readings(request.scope),
    }
    return render(request, "campaigns/index.html", context)


@require_safe
def show(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return the campaign: what it asks for, until when, and how far the person's units are."""
    campaign = campaign_for(request.scope, campaign_id)
    if is_prepared_by(request.scope, campaign):
        return redirect("campaigns:setup", campaign.pk)
    phase, node = queries.current_phase(campaign), top_node(request.scope, campaign)
    corrections = queries.corrections_of(campaign, node_scope(request.scope, campaign))
    context = {
        "campaign": campaign,
        "phase": phase,
        "node": node,
        "materials": queries.materials_of(campaign, offered=True),
        "spoken": spoken(campaign),
        "corrections": corrections[: queries.MOST_CORRECTIONS],
        "prepares": sees_preparation(request.scope, campaign),
        "leads_it": leads_it(request.scope, campaign),
        **({} if node is None else queries.figures(node, phase)),
    }
    return render(request, "campaigns/show.html", context)


@require_safe
def phases(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return the phases, each with the deadline of every level."""
    campaign = own_campaign(request.scope, campaign_id)
    units = queries.units_by_depth(campaign)
    listed = [
        {"phase": one, "levels": queries.levels(one, units)}
        for one in campaign.phases.order_by("no")
    ]
    context = {
        "campaign": campaign,
        "phases": listed,
        "leads_it": may_prepare(request.scope, campaign),
        "owns_it": leads_it(request.scope, campaign),
    }
    return render(request, "campaigns/phases.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_phase(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Add a phase at the end."""
    campaign = led_campaign(request.scope, campaign_id)
    form = PhaseForm(request.POST or None)
    if succeeds(form, lambda: add_phase(campaign, **form.values(), actor=request.user)):
        return redirect("campaigns:phases", campaign.pk)
    return render(request, "campaigns/phase.html", {"campaign": campaign, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def phase(request: PortalRequest, campaign_id: int, phase_id: int) -> HttpResponse:
    """Change a phase."""
    phase = phase_for(request.scope, campaign_id, phase_id)
    form = PhaseForm(request.POST or None, initial=phase_initial(phase))
    if succeeds(form, lambda: set_phase(phase, **form.values(), actor=request.user)):
        return redirect("campaigns:phases", phase.campaign_id)
    context = {"campaign": phase.campaign, "form": form, "phase": phase}
    return render(request, "campaigns/phase.html", context)


@require_POST
def end_phase(request: PortalRequest, campaign_id: int, phase_id: int) -> HttpResponse:
    """Take a phase away."""
    phase = phase_for(request.scope, campaign_id, phase_id)
    run_with_message(request, lambda: remove_phase(phase, actor=request.user))
    return redirect("campaigns:phases", phase.campaign_id)

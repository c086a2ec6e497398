"""Give a phase a form of its own, another one, or the campaign's again."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from quetsach.api.reports import Form, form_digest, form_json
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.actions.changes import changed, locked
from quetsach_portal.campaigns.models import Campaign, CampaignState, Phase, Slot
from quetsach_portal.campaigns.scope import PREPARING
from quetsach_portal.people.models import User
from quetsach_portal.reports.actions.locking import RUNS
from quetsach_portal.reports.forms_in_use import asked_in, campaigns_form
from quetsach_portal.reports.models import CampaignForm, ReportDraft, ReportVersion
from quetsach_portal.reports.phase_forms.refit import Answers, refitted
from quetsach_portal.web.problems import Refused

STATES = (*map(CampaignState, PREPARING), *RUNS)
AT_ONCE = 500


def is_settled(phase: Phase) -> bool:
    """True once a report of the phase was handed in: from then on its form never changes."""
    return ReportVersion.objects.filter(slot__phase=phase).exists()


def set_form(phase: Phase, form: Form | None, *, seen: str, actor: User) -> int:
    """Let the phase ask by `form`, None for the campaign's; return how many drafts were refitted.

    `seen` is the digest of the form that stood on the page. Each draft keeps what the new form
    asks, too, and sets the rest aside; a page that was open is told that it is old.
    Errors: Refused once a report of the phase was handed in, or when another form stands by now.
    """
    with transaction.atomic():
        _hold_slots(phase)
        campaign = locked(phase.campaign, *STATES)
        held = Phase.objects.select_for_update().get(pk=phase.pk)
        held.campaign = campaign
        old = asked_in(held)
        drafts = list(ReportDraft.objects.select_for_update().filter(slot__phase=held))
        _refuse(held, old, seen)
        new = campaigns_form(campaign) if form is None else form
        CampaignForm.objects.filter(phase=held).delete()
        if form_digest(new) != form_digest(campaigns_form(campaign)):
            _keep(campaign, held, new)
        _refit(drafts, old, new)
        _noted(held, new, len(drafts), actor)
        if campaign.state in PREPARING:
            changed(campaign)
    return len(drafts)


def _hold_slots(phase: Phase) -> None:
    """Let nobody begin a draft or hand in meanwhile: whoever does so holds their slot.

    From the top down, as `locked_with_parent` does.
    """
    slots = Slot.objects.select_for_update(of=("self",)).filter(phase=phase)
    list(slots.order_by("node__depth", "pk").values_list("pk", flat=True))


def _refuse(phase: Phase, old: Form, seen: str) -> None:
    if is_settled(phase):
        raise Refused(
            _("A report of this phase was handed in; its form never changes from then on.")
        )
    if form_digest(old) != seen:
        raise Refused(_("Somebody chose another form meanwhile; look at it first."))


def _keep(campaign: Campaign, phase: Phase, form: Form) -> None:
    CampaignForm.objects.create(
        campaign=campaign,
        phase=phase,
        code=form.code,
        version=form.version,
        definition=form_json(form).decode(),
        digest=form_digest(form),
    )


def _refit(drafts: Sequence[ReportDraft], old: Form, new: Form) -> None:
    for draft in drafts:
        made = refitted(answers_of(draft), old, new)
        draft.own, draft.typed = made.own, made.typed
        draft.adjustments, draft.aside = made.adjustments, made.aside
        draft.revision += 1
    names = ["own", "typed", "adjustments", "aside", "revision"]
    ReportDraft.objects.bulk_update(drafts, names, batch_size=AT_ONCE)


def answers_of(draft: ReportDraft) -> Answers:
    """Return what a draft holds."""
    return Answers(draft.own, draft.typed, draft.adjustments, draft.aside)


def _noted(phase: Phase, form: Form, moved: int, actor: User) -> None:
    record(
        "phase.form",
        actor=actor,
        kind="phase",
        object_id=phase.pk,
        unit_path=phase.campaign.lead_unit.path,
        detail={
            "no": phase.no,
            "form": form.code,
            "version": form.version,
            "digest": form_digest(form),
            "drafts": moved,
        },
    )

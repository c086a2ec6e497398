"""The form that the reports of a phase follow, kept whole so that a new release changes none."""

from functools import lru_cache

from django.db import transaction

from quetsach.api.reports import Form, QuetsachError, form_digest, form_json, read_form
from quetsach.api.reports import shipped_form as shipped
from quetsach_portal.campaigns.models import Campaign, Phase
from quetsach_portal.reports.models import CampaignForm


def keep_form(campaign: Campaign) -> CampaignForm:
    """Return the campaign's form, kept now unless it was before; called at the start."""
    held = CampaignForm.objects.filter(campaign=campaign, phase__isnull=True).first()
    if held is not None:
        return held
    form = _chosen(campaign)
    with transaction.atomic():
        made, _is_new = CampaignForm.objects.get_or_create(
            campaign=campaign,
            phase=None,
            defaults={
                "code": form.code,
                "version": form.version,
                "definition": form_json(form).decode(),
                "digest": form_digest(form),
            },
        )
    return made


def row_of(phase: Phase) -> CampaignForm:
    """Return the form of `phase`: its own, else the campaign's."""
    own = CampaignForm.objects.filter(phase=phase).first()
    return own or keep_form(phase.campaign)


def asked_in(phase: Phase) -> Form:
    """Return the form of `phase`, also before the campaign begins; nothing is kept by asking."""
    own = CampaignForm.objects.filter(phase=phase).first()
    return campaigns_form(phase.campaign) if own is None else form_of(own)


def campaigns_form(campaign: Campaign) -> Form:
    """Return the form that a campaign's phases share, also before it begins."""
    held = CampaignForm.objects.filter(campaign=campaign, phase__isnull=True).first()
    return _chosen(campaign) if held is None else form_of(held)


def form_of(row: CampaignForm) -> Form:
    """Return the form that `row` keeps. Errors: QuetsachError when it is not what was kept."""
    return _read(row.digest, row.definition)


def _chosen(campaign: Campaign) -> Form:
    own = campaign.form_definition
    return read_form(own.encode(), "campaign") if own else shipped(campaign.form_code)


@lru_cache(maxsize=32)
def _read(digest: str, definition: str) -> Form:
    form = read_form(definition.encode(), "campaign")
    if form_digest(form) != digest:
        raise QuetsachError("E402", form.code, reason="the kept form is not what its digest says")
    return form

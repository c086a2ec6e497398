"""Template tags for the states of reports and the labels of fields."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from quetsach.api.reports import ReportFieldKind, ReportFormDefinition, kind_of
from quetsach_portal.campaigns.models.campaign import ExpectedReport
from quetsach_portal.reports.certificates.actions import words
from quetsach_portal.reports.models.document import SignerCertificate
from quetsach_portal.reports.models.report import (
    CampaignForm,
    InputUsed,
    ReportDraft,
    ReportVersion,
)
from quetsach_portal.reports.pages.figures import in_language
from quetsach_portal.reports.pages.pages import TONES
from quetsach_portal.reports.phase_forms.changing import describe_kept, form_of
from quetsach_portal.web.templatetags.web import tag

register = template.Library()

_INPUTS = {"yes": "good", "late": "warn", "excluded": "calm", "missing": "bad"}


@register.simple_tag
def slot_state(slot: ExpectedReport) -> SafeString:
    """Return the state of an expected report."""
    return tag(slot.get_state_display(), TONES.get(slot.state, "calm"))


@register.simple_tag
def version_state(version: ReportVersion) -> SafeString:
    """Return the state of a version."""
    return tag(version.get_state_display(), TONES.get(version.state, "calm"))


@register.simple_tag
def input_state(child: Any) -> SafeString:
    """Return whether a report from below is in the total."""
    return tag(InputUsed(child.used).label, _INPUTS[child.used])


@register.simple_tag
def field_label(row: CampaignForm, key: str) -> str:
    """Return what a field of a kept form is called."""
    entry = form_of(row).entry(key)
    return key if entry is None else in_language(entry.label)


@register.simple_tag
def form_title(row: CampaignForm) -> str:
    """Return what a kept form is called."""
    return in_language(form_of(row).title)


@register.simple_tag
def set_aside(draft: ReportDraft) -> list[tuple[str, str]]:
    """Return the answers that the phase's form no longer asks for, with their questions."""
    language = "en" if get_language() == "en" else "vi"
    return [(str(kept[language]), describe_kept(kept)) for kept in draft.aside.values()]


@register.simple_tag(takes_context=True)
def registered(context: Context, certificate: SignerCertificate | None) -> str:
    """Return whose certificate it is; the account's name for those who have signed in alone."""
    return words(certificate, with_name=context["request"].user.is_authenticated)


@register.simple_tag
def grouped(digest: str) -> str:
    """Return a digest in groups of four, as people compare it."""
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


@register.simple_tag
def entry_url(slot: ExpectedReport, form: ReportFormDefinition, key: str) -> str:
    """Return the address at which a field is answered."""
    entry = form.entry(key)
    is_count = entry is not None and kind_of(entry) is ReportFieldKind.COUNT
    page = "reports:numbers" if is_count else "reports:texts"
    return f"{reverse(page, args=[slot.pk])}#id_v-{key}"

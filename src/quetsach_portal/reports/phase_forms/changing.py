"""The report form of a phase: read it, change it, and refit the answers of its drafts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from quetsach.api.reports import (
    AbsenceReason,
    ChosenAnswers,
    FieldRows,
    GradedCount,
    QuetsachError,
    ReportField,
    ReportFieldKind,
    ReportFormDefinition,
    TableCount,
    Value,
    form_digest,
    form_json,
    kind_of,
    own_from_json,
    read_form,
)
from quetsach.api.reports import shipped_form as shipped
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.actions.state import changed, locked
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState, ExpectedReport, Phase
from quetsach_portal.campaigns.scope import PREPARING
from quetsach_portal.people.models.account import User
from quetsach_portal.reports.models.report import CampaignForm, ReportDraft, ReportVersion
from quetsach_portal.reports.writing.locking import RUNS
from quetsach_portal.web.acts import Refused

# The form of a phase is stored whole, so that a new release changes no report.


def keep_form(campaign: Campaign) -> CampaignForm:
    """Return the campaign's form, kept now unless it was before; called at the start."""
    row = CampaignForm.objects.filter(campaign=campaign, phase__isnull=True).first()
    if row is None:
        with transaction.atomic():
            row, _is_new = CampaignForm.objects.get_or_create(
                campaign=campaign, phase=None, defaults=_columns_of(_chosen(campaign))
            )
    return row


def _columns_of(form: ReportFormDefinition) -> dict[str, str]:
    return {
        "code": form.code,
        "version": form.version,
        "definition": form_json(form).decode(),
        "digest": form_digest(form),
    }


def campaign_form_of(phase: Phase) -> CampaignForm:
    """Return the form of `phase`: its own, else the campaign's."""
    own = CampaignForm.objects.filter(phase=phase).first()
    return own or keep_form(phase.campaign)


def form_in_use(phase: Phase) -> ReportFormDefinition:
    """Return the form of `phase`, also before the campaign begins; nothing is kept by asking."""
    own = CampaignForm.objects.filter(phase=phase).first()
    return campaigns_form(phase.campaign) if own is None else form_of(own)


def campaigns_form(campaign: Campaign) -> ReportFormDefinition:
    """Return the form that a campaign's phases share, also before it begins."""
    row = CampaignForm.objects.filter(campaign=campaign, phase__isnull=True).first()
    return _chosen(campaign) if row is None else form_of(row)


def form_of(row: CampaignForm) -> ReportFormDefinition:
    """Return the form that `row` keeps. Errors: QuetsachError when it is not what was kept."""
    return _read(row.digest, row.definition)


def _chosen(campaign: Campaign) -> ReportFormDefinition:
    own = campaign.form_definition
    return read_form(own.encode(), "campaign") if own else shipped(campaign.form_code)


@lru_cache(maxsize=32)
def _read(digest: str, definition: str) -> ReportFormDefinition:
    form = read_form(definition.encode(), "campaign")
    if form_digest(form) != digest:
        raise QuetsachError("E402", form.code, reason="the kept form is not what its digest says")
    return form


# Refitting a draft to another form: what fits stays, the rest is set aside.

Kept = Mapping[str, Any]


@dataclass
class DraftAnswers:
    """What a draft holds by field.

    Shapes: `aside` has {field: {"asks": ..., "vi": ..., "en": ..., "own"/"typed"/"adjusted": ...}}:
    answers to what the form does not ask, kept for a form that asks the same again.
    """

    own: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    adjustments: dict[str, Any] = field(default_factory=dict)
    aside: dict[str, Any] = field(default_factory=dict)


def refitted(
    draft_answers: DraftAnswers, old: ReportFormDefinition, new: ReportFormDefinition
) -> DraftAnswers:
    """Return the answers under `new`; nothing of `draft_answers`, given under `old`, is lost."""
    refitted_answers = DraftAnswers()
    for key, kept in (*draft_answers.aside.items(), *_by_field(draft_answers, old).items()):
        question = new.entry(key)
        if (
            question is None
            or question_text(question) != kept["asks"]
            or not _offered(question, kept.get("own"))
        ):
            refitted_answers.aside[key] = kept
            continue
        refitted_answers.aside.pop(key, None)
        for name, into in _PLACES.items():
            if name in kept:
                getattr(refitted_answers, into)[key] = kept[name]
    return refitted_answers


def question_text(question: ReportField | TableCount) -> str:
    """Return the question of a field as one text: another kind, unit or query is another question.

    Different units are never added, and the number of a query answers no other query.
    """
    columns = question.columns if isinstance(question, ReportField) else ()
    unit = "" if question.unit is None else question.unit.value
    table = ",".join(f"{column.id}:{column.kind.value}:{column.unit or ''}" for column in columns)
    return f"{kind_of(question).value}|{unit}|{question.derived or ''}|{table}"


_PLACES = {"own": "own", "typed": "typed", "adjusted": "adjustments"}


def _by_field(draft_answers: DraftAnswers, form: ReportFormDefinition) -> dict[str, Any]:
    by_field: dict[str, Any] = {}
    for name, source in _PLACES.items():
        for key, answer in getattr(draft_answers, source).items():
            question = form.entry(key)
            if question is None:
                continue
            labels = {"vi": question.label.vi, "en": question.label.en}
            named = {"asks": question_text(question), **labels}
            by_field.setdefault(key, named)[name] = answer
    return by_field


def _offered(question: ReportField | TableCount, own: Any) -> bool:
    """Whether a choice is still among the answers; all else fits by its kind."""
    if (
        own is None
        or not isinstance(question, ReportField)
        or kind_of(question) is not ReportFieldKind.CHOICE
    ):
        return True
    answer: Value = own_from_json(own, question.id).value
    if not isinstance(answer, ChosenAnswers):
        return isinstance(answer, AbsenceReason)
    several = question.several or len(answer.choices) == 1
    return several and set(answer.choices) <= {choice.id for choice in question.choices}


def describe_kept(kept: Kept) -> str:
    """Return in a few words what was set aside, as it was typed."""
    if "typed" in kept or "own" not in kept:
        return str(kept.get("typed", ""))
    answer: Value = own_from_json(kept["own"], "").value
    if isinstance(answer, GradedCount):
        return str(answer.number)
    if isinstance(answer, ChosenAnswers):
        return ", ".join(answer.choices)
    if isinstance(answer, FieldRows):
        return "; ".join(" | ".join(row) for row in answer.rows)
    return "" if isinstance(answer, AbsenceReason) else answer.text


STATES = (*map(CampaignState, PREPARING), *RUNS)
AT_ONCE = 500


def is_settled(phase: Phase) -> bool:
    """True after a report of the phase was submitted: then its form never changes."""
    return ReportVersion.objects.filter(slot__phase=phase).exists()


def set_form(
    phase: Phase, form: ReportFormDefinition | None, *, digest_shown: str, actor: User
) -> int:
    """Let the phase ask by `form`, None for the campaign's; return how many drafts were refitted.

    `digest_shown` is the digest of the form that the page showed. Each draft keeps the answers
    that the new form also asks for and sets the rest aside; a page opened before is refused as old.
    Errors: Refused once a report of the phase was submitted, or when the form changed meanwhile.
    """
    with transaction.atomic():
        _lock_slots(phase)
        campaign = locked(phase.campaign, *STATES)
        locked_phase = Phase.objects.select_for_update().get(pk=phase.pk)
        locked_phase.campaign = campaign
        old = form_in_use(locked_phase)
        drafts = list(ReportDraft.objects.select_for_update().filter(slot__phase=locked_phase))
        _refuse(locked_phase, old, digest_shown)
        new = campaigns_form(campaign) if form is None else form
        CampaignForm.objects.filter(phase=locked_phase).delete()
        if form_digest(new) != form_digest(campaigns_form(campaign)):
            CampaignForm.objects.create(campaign=campaign, phase=locked_phase, **_columns_of(new))
        _refit(drafts, old, new)
        _audit_choice(locked_phase, new, len(drafts), actor)
        if campaign.state in PREPARING:
            changed(campaign)
    return len(drafts)


def _lock_slots(phase: Phase) -> None:
    """Prevent new drafts and submissions meanwhile, which lock their slot.

    From the top down, as `locked_with_parent` does.
    """
    slots = ExpectedReport.objects.select_for_update(of=("self",)).filter(phase=phase)
    list(slots.order_by("node__depth", "pk").values_list("pk", flat=True))


def _refuse(phase: Phase, old: ReportFormDefinition, digest_shown: str) -> None:
    if is_settled(phase):
        raise Refused(_("A report of this phase was submitted; its form can no longer change."))
    if form_digest(old) != digest_shown:
        raise Refused(_("Another user has chosen a form in the meantime; review it first."))


def _refit(
    drafts: Sequence[ReportDraft], old: ReportFormDefinition, new: ReportFormDefinition
) -> None:
    for draft in drafts:
        for name, answers in vars(refitted(answers_of(draft), old, new)).items():
            setattr(draft, name, answers)
        draft.revision += 1
    names = ["own", "typed", "adjustments", "aside", "revision"]
    ReportDraft.objects.bulk_update(drafts, names, batch_size=AT_ONCE)


def answers_of(draft: ReportDraft) -> DraftAnswers:
    """Return what a draft holds."""
    return DraftAnswers(draft.own, draft.typed, draft.adjustments, draft.aside)


def _audit_choice(phase: Phase, form: ReportFormDefinition, moved: int, actor: User) -> None:
    facts = {"no": phase.no, "form": form.code, "version": form.version}
    record(
        "phase.form",
        actor=actor,
        kind="phase",
        object_id=phase.pk,
        unit_path=phase.campaign.lead_unit.path,
        detail={**facts, "digest": form_digest(form), "drafts": moved},
    )

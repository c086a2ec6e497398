"""Write a draft: open it, save answers, adjust the total, exclude a report from below."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.api.reports import AbsenceReason, OwnValue, ReportFormDefinition, Value
from quetsach_portal.campaigns.expected_reports import stand
from quetsach_portal.campaigns.models.campaign import ExpectedReport, ExpectedReportState
from quetsach_portal.people.models.account import User
from quetsach_portal.reports.models.report import STANDS, ReportDraft, ReportVersion
from quetsach_portal.reports.phase_forms.changing import campaign_form_of, form_of
from quetsach_portal.reports.records import answers as records_answers
from quetsach_portal.reports.records import units
from quetsach_portal.reports.status import before_of, summed
from quetsach_portal.reports.writing import answers as typed_answers
from quetsach_portal.reports.writing.answers import TypedAnswer
from quetsach_portal.reports.writing.locking import (
    audit,
    locked,
    refuse_before_opening,
    refuse_when_locked,
)
from quetsach_portal.web.acts import Refused

MOST_ADJUSTED = 99_999_999_999


class StaleError(Refused):
    """The page is older than what is saved; nothing was changed, and nothing typed is lost."""

    def __init__(self, draft: ReportDraft) -> None:
        when = timezone.localtime(draft.saved_at)
        sentence = _(
            "This page is out of date: %(who)s saved the draft at %(when)s. Your input is "
            "still below, beside the saved answers; review it and save again."
        )
        super().__init__(sentence % {"who": draft.saved_by, "when": f"{when:%H:%M:%S %d/%m/%Y}"})
        self.draft = draft


def open_draft(slot: ExpectedReport, *, actor: User) -> ReportDraft:
    """Return the slot's draft; a new one has the answers of the records.

    Where they have none, a merged unit begins with the answers of its predecessors.

    Errors: Refused when a report is submitted already, before the phase opens, or after its lock.
    """
    with transaction.atomic():
        slot = locked(slot, after_the_end=True)
        draft = ReportDraft.objects.filter(slot=slot).select_related("saved_by").first()
        if draft is not None:
            return draft
        refuse_a_second(slot)
        refuse_before_opening(slot)
        refuse_when_locked(slot)
        form = form_of(campaign_form_of(slot.phase))
        before, records = summed(form, before_of(slot)), records_answers.fill(slot, form)
        filled = before | typed_answers.prefilled(form, records, slot.node.name_at_freeze)
        own = typed_answers.to_json(filled)
        draft = ReportDraft.objects.create(slot=slot, own=own, saved_by=actor)
        audit("report.begun", draft, slot.node, actor, phase=slot.phase.no)
        if slot.reported_at is None and slot.state != ExpectedReportState.RETURNED:
            stand(slot, ExpectedReportState.DRAFT)
    return draft


def save(
    slot: ExpectedReport, answers: Mapping[str, TypedAnswer], *, revision: int, actor: User
) -> ReportDraft:
    """Return the draft with `answers` saved; fields that are not among them stay.

    What is no answer, such as "12a", is kept as it was typed and marked on the page.
    Errors: StaleError for an old page; Refused when the report was submitted meanwhile.
    """
    with transaction.atomic():
        slot, draft = lock_draft(slot, revision)
        form = form_of(campaign_form_of(slot.phase))
        own, typed = typed_answers.from_json(draft.own), dict(draft.typed)
        records = records_answers.fill(slot, form)
        for key, answer in answers.items():
            _apply_answer(form, key, answer, own, typed, records)
        draft.own, draft.typed = typed_answers.to_json(own), typed
        _saved(draft, actor)
    return draft


def adjust(
    slot: ExpectedReport, adjustments: Mapping[str, tuple[int, str]], *, revision: int, actor: User
) -> ReportDraft:
    """Return the draft with what the unit adds to its totals or takes off, and why.

    Errors: StaleError; Refused without a reason, or for what is not added up.
    """
    with transaction.atomic():
        slot, draft = lock_draft(slot, revision)
        counts = {count.id for count in form_of(campaign_form_of(slot.phase)).counts()}
        for key, (amount, reason) in adjustments.items():
            if key not in counts:
                raise Refused(_("This figure is not added up."), field=f"adjust-{key}")
            if amount and not reason.strip():
                raise Refused(_("Give the reason for adjusting the total."), field=f"why-{key}")
            if abs(amount) > MOST_ADJUSTED:
                raise Refused(_("The adjustment is too large."), field=f"adjust-{key}")
        draft.adjustments = {
            key: {"amount": amount, "reason": typed_answers.tidy(reason)[:500]}
            for key, (amount, reason) in adjustments.items()
            if amount
        }
        _saved(draft, actor)
    return draft


def leave_out(
    slot: ExpectedReport, child: ExpectedReport, reason: str, *, actor: User
) -> ReportDraft:
    """Return the draft with the report of `child` left out of its total, and why.

    Errors: Refused without a reason, or where there is no draft.
    """
    if not reason.strip():
        raise Refused(_("Give the reason for leaving this report out."), field="reason")
    with transaction.atomic():
        slot = locked(slot, after_the_end=True)
        draft = _draft_in(slot)
        audit("report.left_out", draft, slot.node, actor, child=child.node_id)
        draft.left_out = {**draft.left_out, str(child.pk): typed_answers.tidy(reason)[:500]}
        _saved(draft, actor)
    return draft


def take_in(slot: ExpectedReport, child: ExpectedReport, *, actor: User) -> ReportDraft:
    """Return the draft with the report of `child` in its total again. Errors: Refused."""
    with transaction.atomic():
        slot = locked(slot, after_the_end=True)
        draft = _draft_in(slot)
        audit("report.taken_in", draft, slot.node, actor, child=child.node_id)
        draft.left_out = {key: why for key, why in draft.left_out.items() if key != str(child.pk)}
        _saved(draft, actor)
    return draft


def lock_draft(slot: ExpectedReport, revision: int) -> tuple[ExpectedReport, ReportDraft]:
    """Return the locked slot and its draft, when the page is as new as the draft.

    Errors: StaleError for an old page; Refused where there is no draft (any more).
    """
    slot = locked(slot, after_the_end=True)
    return slot, lock_revision(slot, revision)


def lock_revision(slot: ExpectedReport, revision: int) -> ReportDraft:
    """Return the draft of `slot`, which the caller has locked. Errors: as `lock_draft`."""
    draft = _draft_in(slot)
    if draft.revision != revision:
        raise StaleError(draft)
    return draft


def _draft_in(slot: ExpectedReport) -> ReportDraft:
    drafts = ReportDraft.objects.select_for_update(of=("self",)).select_related("saved_by")
    draft = drafts.filter(slot=slot).first()
    if draft is None:
        raise Refused(_missing_draft_sentence(slot))
    return draft


def _missing_draft_sentence(slot: ExpectedReport) -> str:
    last = ReportVersion.objects.filter(slot=slot).select_related("author").order_by("-n").first()
    if last is None:
        return _("There is no draft yet. Open the report first.")
    return _("The report was already submitted by %(who)s at %(when)s.") % {
        "who": last.author,
        "when": f"{timezone.localtime(last.created_at):%H:%M:%S %d/%m/%Y}",
    }


def refuse_a_second(slot: ExpectedReport) -> None:
    """Refuse where a report is submitted already: it is not written twice."""
    if ReportVersion.objects.filter(slot=slot, state__in=STANDS).exists():
        raise Refused(_missing_draft_sentence(slot))


def _apply_answer(
    form: ReportFormDefinition,
    key: str,
    answer: TypedAnswer,
    own: dict[str, OwnValue],
    typed: dict[str, str],
    records: Mapping[str, units.DerivedAnswer],
) -> None:
    question = form.entry(key)
    if question is None or typed_answers.is_prefilled(question):
        return
    typed.pop(key, None)
    stated: Value = AbsenceReason.MISSING
    if typed_answers.contradiction(question, answer):
        typed[key] = typed_answers.as_typed(answer)[:1000]
    else:
        stated = typed_answers.value_of(question, answer)
    own_value = typed_answers.own_of(stated, records.get(key), answer.reason)
    if own_value == OwnValue(AbsenceReason.MISSING):
        own.pop(key, None)
    else:
        own[key] = own_value


def _saved(draft: ReportDraft, actor: User) -> None:
    draft.revision += 1
    draft.saved_by, draft.saved_at = actor, timezone.now()
    draft.save()

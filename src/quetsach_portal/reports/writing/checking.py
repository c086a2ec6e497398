"""Check a draft: its totals, and what prevents its submission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from quetsach.api.reports import (
    Adjustment,
    FormRemark,
    ReportFormDefinition,
    SummedFigure,
    check,
    open_findings,
)
from quetsach_portal.campaigns.models.campaign import ExpectedReport, NodeCounter
from quetsach_portal.reports.models.report import (
    FIRST,
    CampaignForm,
    ReportDraft,
    ReportVersion,
    VersionState,
)
from quetsach_portal.reports.pages.since_last_phase import last_version
from quetsach_portal.reports.phase_forms.changing import campaign_form_of, form_of
from quetsach_portal.reports.queries import figures_of
from quetsach_portal.reports.records.units import DerivedAnswer
from quetsach_portal.reports.totals.adding import ReportAggregate, aggregate, below_of
from quetsach_portal.reports.totals.changes import describe_uncounted
from quetsach_portal.reports.writing import answers
from quetsach_portal.reports.writing.following import follow


@dataclass(frozen=True)
class CheckedDraft:
    """A draft as it would be submitted now, with all that was loaded to check it.

    Shapes: `last` has the figures of the phase before; `reason` says why an accepted report is
    changed, and names the reports from below that are new in it; `records` is what they answer.
    """

    row: CampaignForm
    form: ReportFormDefinition
    total: ReportAggregate
    findings: Sequence[FormRemark]
    typed: Mapping[str, str]
    last: Mapping[str, SummedFigure]
    reason: str = ""
    records: Mapping[str, DerivedAnswer] = field(default_factory=dict)

    @property
    def open(self) -> tuple[FormRemark, ...]:
        """Return what prevents submission: each error, and each warning without a reason.

        A field in `untaken` is left out here, so that it is listed once.
        """
        findings = open_findings(tuple(self.findings))
        return tuple(finding for finding in findings if finding.field not in self.typed)

    @property
    def untaken(self) -> Sequence[tuple[str, str, str]]:
        """Return what was typed and is no answer: the field, its text, and why it is none."""
        return [
            (key, text, answers.untaken(entry, text))
            for key, text in self.typed.items()
            if (entry := self.form.entry(key)) is not None
        ]

    @property
    def is_ready(self) -> bool:
        """Whether it may be submitted."""
        return not self.typed and not self.open

    @property
    def has_children(self) -> bool:
        """Whether reports from below go into it, missing ones among them."""
        return bool(self.total.below)


def checked(
    slot: ExpectedReport, draft: ReportDraft, campaign_form: CampaignForm | None = None
) -> CheckedDraft:
    """Return what `draft` adds up to with the reports below as they are now, and what is odd.

    What it took from the records is as they have it now (`following`).
    `campaign_form` is the form of the phase where the caller has loaded it.
    Errors: Refused when its parts cannot be added up.
    Cost: some thirty-five queries, whatever the number of units below.
    """
    campaign_form = campaign_form or campaign_form_of(slot.phase)
    form = form_of(campaign_form)
    records = follow(slot, draft, campaign_form)
    own = answers.from_json(draft.own) | answers.prefilled_values(form, slot.node.name_at_freeze)
    adjusted = {key: Adjustment(**fields) for key, fields in draft.adjustments.items()}
    total = aggregate(form, own, below_of(slot, draft.left_out, kind=draft.kind), adjusted)
    last = last_figures(slot)
    remarks = check(form, total.figures, last, facts_of(slot))
    reason = _reason(slot, draft, total)
    return CheckedDraft(campaign_form, form, total, remarks, draft.typed, last, reason, records)


def _reason(slot: ExpectedReport, draft: ReportDraft, total: ReportAggregate) -> str:
    if draft.kind in FIRST:
        return ""
    counted = [(row.slot, row.version) for row in total.below if row.is_counted and row.version]
    sentences = describe_uncounted(slot, counted)
    fresh = [sentence for sentence in sentences if sentence not in draft.reason]
    return " ".join(filter(None, (draft.reason, *fresh))) or draft.get_reason_code_display()


def is_as_returned(newest: ReportVersion | None, draft_check: CheckedDraft) -> bool:
    """True when the slot's newest version was returned and the draft has the same figures."""
    if newest is None or newest.state != VersionState.RETURNED:
        return False
    return figures_of(newest) == draft_check.total.figures


def last_figures(slot: ExpectedReport) -> Mapping[str, SummedFigure]:
    """Return the figures of the phase before, none where there was no report."""
    last = last_version(slot)
    return {} if last is None else figures_of(last)


def facts_of(slot: ExpectedReport) -> dict[str, int]:
    """Return the known sizes of the unit's subtree, to check figures against."""
    counter = NodeCounter.objects.filter(node_id=slot.node_id).first()
    facts = {} if counter is None else {"staff": counter.staff, "organisations": counter.units}
    # 0 means that nobody was counted: no figure can be checked against it.
    return {name: number for name, number in facts.items() if number}


def why_not(checked: CheckedDraft) -> str:
    """Return the first thing that prevents submission, in words."""
    for _key, _text, why in checked.untaken:
        return why
    return checked.open[0].text() if checked.open else ""

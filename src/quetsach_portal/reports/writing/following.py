"""Answers that a draft took from the records follow them until it is sent; typed ones stay."""

from collections.abc import Mapping

from quetsach.api.reports import OwnValue
from quetsach_portal.campaigns.models.campaign import ExpectedReport
from quetsach_portal.reports.models.report import FIRST, CampaignForm, ReportDraft
from quetsach_portal.reports.phase_forms.changing import campaign_form_of, form_of
from quetsach_portal.reports.records import answers as records_answers
from quetsach_portal.reports.records.units import DerivedAnswer
from quetsach_portal.reports.writing import answers as typed_answers


def following(
    own: Mapping[str, OwnValue], records: Mapping[str, DerivedAnswer]
) -> dict[str, OwnValue]:
    """Return `own` with what nobody typed as the records have it now.

    What differs from the records that stood beside it was typed, and stays, beside what they say
    now; so does what was typed where they said nothing.
    """
    fresh = dict(own)
    for key, derived in records.items():
        kept = own.get(key)
        if kept is None:
            fresh[key] = typed_answers.own_of(derived.value, derived, "")
        elif kept.derived is None:
            continue
        elif kept.differs:
            fresh[key] = typed_answers.own_of(kept.value, derived, kept.reason)
        else:
            remark = getattr(kept.value, "remark", "")
            fresh[key] = typed_answers.own_of(
                typed_answers.with_remark(derived.value, remark), derived, kept.reason
            )
    return fresh


def follow(
    slot: ExpectedReport, draft: ReportDraft, campaign_form: CampaignForm | None = None
) -> Mapping[str, DerivedAnswer]:
    """Let `draft` follow the records, without saving it; return what they answer.

    A correction or supplement says why it changes an accepted report, and follows nothing.
    Cost: as `records.answers.fill`.
    """
    form = form_of(campaign_form or campaign_form_of(slot.phase))
    records = records_answers.fill(slot, form)
    if draft.kind in FIRST:
        own = typed_answers.from_json(draft.own)
        asked = {key: answer for key, answer in records.items() if key not in draft.typed}
        draft.own = typed_answers.to_json(following(own, asked))
    return records

"""Acts: draw a sample, say who looks, enter what was found, finish or give up."""

import secrets
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.api import reports
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import CampaignNode, CampaignState
from quetsach_portal.campaigns.queries import current_phase
from quetsach_portal.cases.models.recheck import (
    Draw,
    DrawState,
    RecheckItem,
    RecheckResult,
    RecheckSubject,
)
from quetsach_portal.cases.rechecks.sampling import frame_of
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.access import running
from quetsach_portal.web.acts import Refused

MOST_DRAWN = 1000
RUNS = (CampaignState.LIVE, CampaignState.CLOSING)


def draw(node: CampaignNode, *, subject: str, size: int, actor: User) -> Draw:
    """Return a new sample of `size` subjects below `node`, all where there are fewer.

    The seed comes from the system's own source of randomness: nobody chooses it.
    Errors: Refused without a running campaign, with an open sample, or with nothing to draw from.
    """
    if not 1 <= size <= MOST_DRAWN:
        raise Refused(_("Draw between 1 and %(most)s.") % {"most": MOST_DRAWN}, field="size")
    with transaction.atomic():
        locked = CampaignNode.objects.select_for_update(of=("self",)).get(pk=node.pk)
        phase = current_phase(locked.campaign)
        if phase is None or locked.campaign.state not in RUNS:
            raise Refused(_("The campaign is not running."))
        before = Draw.objects.filter(node=locked, subject=subject)
        if before.filter(state=DrawState.OPEN).exists():
            raise Refused(
                _("A sample of these is already open. Finish it before drawing the next.")
            )
        frame = frame_of(locked, subject)
        if not frame:
            raise Refused(_("There is nothing below this unit to draw from."), field="subject")
        seed = secrets.token_hex(16)
        drawn = reports.draw(seed, sorted(frame), size)
        kept = Draw(
            node=locked,
            phase=phase,
            subject=RecheckSubject(subject),
            number=before.filter(phase=phase).count() + 1,
            seed=seed,
            frame="\n".join(sorted(frame)),
            population=len(frame),
            declared=sum(member.declared for member in frame.values()),
            size=len(drawn),
            drawn_by=actor,
        )
        kept.save()
        _record("recheck.drawn", kept, locked, actor, size=len(drawn), subject=subject, seed=seed)
        RecheckItem.objects.bulk_create(
            [
                RecheckItem(
                    draw=kept,
                    place=place,
                    ref=ref,
                    node_id=frame[ref].node_id,
                    case_id=frame[ref].case_id,
                    was_declared=frame[ref].declared,
                )
                for place, ref in enumerate(drawn, 1)
            ],
            batch_size=500,
        )
    return kept


def give_to(of: Draw, places: Collection[int], *, checker: User | None, actor: User) -> int:
    """Say who looks at the things drawn at `places`; return how many those are.

    Errors: Refused when the sample is not open, or the person belongs to a unit drawn.
    """
    with transaction.atomic():
        sample = _locked(of)
        items = sample.items.filter(place__in=list(places)[:MOST_DRAWN])
        chosen = list(items.select_related("node"))
        if checker is not None:
            _refuse_own(checker, chosen)
        _record("recheck.given", sample, sample.node, actor, items=len(chosen))
        return items.update(checker=checker)


def answer(recheck_item: RecheckItem, *, found: str, note: str, actor: User) -> None:
    """Keep what was found of a thing drawn; it may be put right until the sample is finished.

    Errors: Refused when the sample is not open, when "could not tell" has no reason, or when who
    enters it belongs to the unit drawn.
    """
    if found not in RecheckResult.values:
        raise Refused(_("Enter the result."), field="found")
    if found == RecheckResult.UNKNOWN and not note.strip():
        raise Refused(_("Explain why it could not be determined."), field="note")
    with transaction.atomic():
        sample = _locked(recheck_item.draw)
        items = RecheckItem.objects.select_for_update(of=("self",)).select_related("node")
        item = items.get(pk=recheck_item.pk)
        _refuse_own(actor, [item])
        change = [item.answer, found]
        _record("recheck.answered", sample, sample.node, actor, place=item.place, answer=change)
        item.answer, item.note = found, note.strip()[:500]
        item.answered_by, item.answered_at = actor, timezone.now()
        item.save(update_fields=["answer", "note", "answered_by", "answered_at"])


def finish(of: Draw, *, actor: User) -> None:
    """Close the sample: its result is now final and is printed with the report.

    Errors: Refused while something drawn has no answer; leaving those out would choose the result.
    """
    with transaction.atomic():
        sample = _locked(of)
        missing = sample.items.filter(answer="").count()
        if missing:
            count = _("%(count)s of those drawn have no answer yet.") % {"count": missing}
            todo = _("If nobody could check, enter “could not be determined” with the reason.")
            raise Refused(f"{count} {todo}")
        _end(sample, DrawState.CLOSED, "", actor)


def give_up(of: Draw, *, reason: str, actor: User) -> None:
    """End the sample without a result; it stays on the list with its reason.

    Errors: Refused without a reason.
    """
    if not reason.strip():
        raise Refused(_("Give a reason for abandoning the sample."), field="reason")
    with transaction.atomic():
        _end(_locked(of), DrawState.GIVEN_UP, reason.strip()[:500], actor)


def _end(sample: Draw, state: DrawState, reason: str, actor: User) -> None:
    _record("recheck.ended", sample, sample.node, actor, state=state.value)
    sample.state, sample.reason = state, reason
    sample.ended_by, sample.ended_at = actor, timezone.now()
    sample.save(update_fields=["state", "reason", "ended_by", "ended_at"])


def _locked(of: Draw) -> Draw:
    rows = Draw.objects.select_for_update(of=("self",)).select_related("node__unit")
    sample = rows.get(pk=of.pk)
    if sample.state != DrawState.OPEN:
        raise Refused(_("This sample is closed and cannot be changed."))
    return sample


def _refuse_own(person: User, items: Collection[RecheckItem]) -> None:
    units = {item.node.unit_id for item in items}
    if running().filter(user=person, unit_id__in=units).exists():
        raise Refused(_("You cannot re-check your own unit."))


def _record(act: str, sample: Draw, node: CampaignNode, actor: User, **detail: object) -> None:
    record(
        act,
        actor=actor,
        kind="draw",
        object_id=sample.pk,
        unit_path=node.unit.path,
        detail={"node": node.pk, **detail},
    )

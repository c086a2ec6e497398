"""Write a letter: create a draft, change it, send it to the clerk, take it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import COUNTED, CampaignNode, CampaignState
from quetsach_portal.letters.access import OUT
from quetsach_portal.letters.addressing import refuse_unlike_recipients
from quetsach_portal.letters.cascade import checked_deadline, cited_by
from quetsach_portal.letters.defaults import addressees_for, fill, late_of
from quetsach_portal.letters.documents import (
    REMINDER,
    files_of,
    refuse_missing_annexes,
    template_of,
)
from quetsach_portal.letters.models import Dispatch, Letter, LetterState
from quetsach_portal.letters.recipients import recipients_of
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused

TAKES = (CampaignState.DRAFT, CampaignState.READY, CampaignState.LIVE, CampaignState.CLOSING)
"""States in which a letter may be drafted: before the start it is signed, and not released."""
MOST_IN_VALUE = 4000
MOST_LINES = 100


@dataclass(frozen=True)
class DraftContent:
    """What a person typed into a draft: its words, and to whom it goes; `chosen` without all."""

    subject: str
    values: dict[str, Any]
    deadline: date | None
    place: str
    addressees: list[str]
    also_told: list[str]
    to_all: bool
    chosen: Sequence[int] = ()


def create_draft(
    node: CampaignNode, *, based_on: Letter | None, template_code: str, actor: User
) -> Letter:
    """Return a new draft of `node`, filled with what is known; it cites `based_on`.

    Errors: Refused where the campaign is not running, the unit has no units below, or the basis
    belongs to another unit.
    """
    template = template_of(template_code)
    with transaction.atomic():
        if based_on is not None:
            # Locked until the draft exists, so that the basis cannot be withdrawn in between.
            based_on = Letter.objects.select_for_update().get(pk=based_on.pk)
        _refuse_unfit(node, based_on)
        letter = Letter(
            campaign=node.campaign,
            node=node,
            issuer_name=node.name_at_freeze,
            based_on=based_on,
            template_code=template.code,
            template_version=template.version,
            made_by=actor,
        )
        fill(letter, template)
        letter.to_all = template.code != REMINDER
        letter.save()
        if not letter.to_all:
            letter.chosen.set(late_of(node))
        note("letter.drafted", letter, actor)
    return letter


def change_draft(letter_id: int, wording: DraftContent, *, revision: int, actor: User) -> Letter:
    """Return the draft with its new words.

    Errors: Refused when somebody else saved in between, the clerk has it, or a value does not fit.
    """
    with transaction.atomic():
        letter = locked(letter_id)
        _refuse_unless_open(letter)
        if letter.revision != revision:
            raise Refused(_("Somebody else has changed this draft. Open it again, then change it."))
        _refuse_long(wording)
        if wording.deadline is not None:
            checked_deadline(letter, wording.deadline)
        before = addressees_for(recipients_of(letter))
        letter.subject, letter.values = wording.subject, wording.values
        letter.deadline, letter.place = wording.deadline, wording.place
        letter.addressees, letter.also_told = wording.addressees, wording.also_told
        letter.to_all = wording.to_all
        letter.revision += 1
        letter.save()
        letter.chosen.set([] if wording.to_all else _children(letter, wording.chosen))
        if letter.addressees == before:
            # Nobody worded them otherwise: they follow the units that were chosen.
            letter.addressees = addressees_for(recipients_of(letter))
            letter.save(update_fields=["addressees"])
        note("letter.changed", letter, actor, revision=letter.revision)
    return letter


def send_to_clerk(letter_id: int, *, actor: User) -> Letter:
    """Return the draft, now with the clerk. Errors: Refused when it cannot be printed as it is."""
    with transaction.atomic():
        letter = locked(letter_id)
        _refuse_unless_open(letter)
        if letter.deadline is None and "deadline" in _required(letter):
            raise Refused(_("Enter the day before which the units must report."), field="deadline")
        if letter.deadline is not None:
            checked_deadline(letter, letter.deadline)
        if not letter.to_all and not letter.chosen.exists():
            raise Refused(_("Choose at least one recipient unit."), field="chosen")
        files_of(letter, cited_by(letter))
        refuse_missing_annexes(letter, cited_by(letter))
        refuse_unlike_recipients(letter, recipients_of(letter))
        letter.with_clerk_at, letter.returned_why = timezone.now(), ""
        letter.save(update_fields=["with_clerk_at", "returned_why"])
        note("letter.sent_to_clerk", letter, actor)
    return letter


def take_back(letter_id: int, *, why: str, actor: User) -> Letter:
    """Return the draft, now with its writers again: taken back, or given back with a reason.

    What was signed is signed no more.
    """
    with transaction.atomic():
        letter = locked(letter_id)
        if letter.state != LetterState.DRAFT or letter.with_clerk_at is None:
            raise Refused(_("The letter is not with the clerk."))
        letter.with_clerk_at, letter.returned_why = None, why.strip()[:500]
        drop_signature(letter, actor)
        letter.docx = letter.pdf = letter.paper = None
        letter.save()
        note("letter.given_back", letter, actor)
    return letter


def locked(letter_id: int) -> Letter:
    """Return the letter with its row locked; the caller holds the transaction and asked access."""
    rows = Letter.objects.select_for_update(of=("self",))
    related = ("campaign__lead_unit", "node__unit", "node__parent", "signature")
    return rows.select_related(*related).get(pk=letter_id)


def drop_signature(letter: Letter, actor: User) -> None:
    """Take the signature from `letter`, which is about to change; the caller saves the letter."""
    if letter.signature_id is not None:
        note("letter.signature_dropped", letter, actor, signature=letter.signature_id)
        letter.signature = letter.original = None


def wrote(letter: Letter, actor: User) -> bool:
    """True when `actor` began the letter or changed its words; the trail remembers both."""
    changed = AuditEvent.objects.filter(
        action="letter.changed", object_kind="letter", object_id=str(letter.pk), actor_id=actor.pk
    )
    return letter.made_by_id == actor.pk or changed.exists()


def note(action: str, letter: Letter, actor: User | None, **detail: Any) -> None:
    """Write an act on `letter` into the trail, in the transaction that the caller holds."""
    record(
        action,
        actor=actor,
        kind="letter",
        object_id=letter.pk,
        detail=detail,
        unit_path=letter.node.unit.path,
    )


def _refuse_unfit(node: CampaignNode, based_on: Letter | None) -> None:
    if node.campaign.state not in TAKES:
        raise Refused(_("The campaign accepts no letters in its current state."))
    if not CampaignNode.objects.filter(parent=node, state__in=COUNTED).exists():
        raise Refused(_("There is no unit below yours in this campaign."))
    if based_on is None:
        if node.parent_id is not None:
            raise Refused(_("Choose the letter that yours is based on."), field="based_on")
        return
    reached = Dispatch.objects.filter(letter=based_on, to_node=node).exists()
    if based_on.state != LetterState.RELEASED or not (reached or _in_own_register(node, based_on)):
        raise Refused(_("Your unit has not received this letter."), field="based_on")


def _in_own_register(node: CampaignNode, based_on: Letter) -> bool:
    return based_on.is_outside and based_on.node_id == node.pk and based_on.state in OUT


def _refuse_unless_open(letter: Letter) -> None:
    if letter.state != LetterState.DRAFT or letter.is_outside:
        raise Refused(_("Only a draft can be changed."))
    if letter.with_clerk_at is not None:
        raise Refused(_("The clerk has the draft. Take it back first."))


def _refuse_long(wording: DraftContent) -> None:
    lines = [*wording.addressees, *wording.also_told]
    texts = [one if isinstance(one, str) else "\n".join(one) for one in wording.values.values()]
    if len(lines) > MOST_LINES or any(len(text) > MOST_IN_VALUE for text in (*texts, *lines)):
        raise Refused(
            _("A field has at most %(most)s characters, a list %(lines)s lines.")
            % {"most": MOST_IN_VALUE, "lines": MOST_LINES}
        )


def _children(letter: Letter, chosen: Sequence[int]) -> list[CampaignNode]:
    """Return the chosen ones that are children of the letter's node; others are refused (A2)."""
    chosen_ids = set(chosen)
    children = list(
        CampaignNode.objects.filter(parent_id=letter.node_id, state__in=COUNTED, pk__in=chosen_ids)
    )
    if len(children) != len(chosen_ids):
        raise Refused(_("Choose among the units directly below yours."), field="chosen")
    return children


def _required(letter: Letter) -> set[str]:
    return {field.id for field in template_of(letter.template_code).fields if field.required}

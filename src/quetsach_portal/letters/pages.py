"""What the pages of one letter show, gathered for one reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from quetsach.api.letters import UnprintableCharacter
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.letters import access, queries, recipients
from quetsach_portal.letters.actions import paper
from quetsach_portal.letters.actions.mailing import mails_wait, queue_name
from quetsach_portal.letters.cascade import cited_by, latest_deadline
from quetsach_portal.letters.documents import CitedDocument, unprintable
from quetsach_portal.letters.mails import receipt_path
from quetsach_portal.letters.models import (
    Dispatch,
    Letter,
    LetterState,
    Mailing,
    MailingState,
    SigningWay,
)
from quetsach_portal.letters.recipients import recipients_of
from quetsach_portal.mail.models import MailQueue
from quetsach_portal.people.roles.scope import Scope

TONES = {
    LetterState.DRAFT: "calm",
    LetterState.NUMBERED: "info",
    LetterState.RELEASED: "good",
    LetterState.WITHDRAWN: "bad",
}
SHOWN = 30


class LetterStep(StrEnum):
    """What has to be done next with a letter, by its true state."""

    WRITE = "write"
    SIGNER = "signer"
    SIGN = "sign"
    NUMBER = "number"
    SCAN = "scan"
    RELEASE = "release"
    OUT = "out"


def step_of(letter: Letter) -> LetterStep:
    """Return what comes next for `letter`. Cost: no query."""
    if letter.state == LetterState.DRAFT:
        if letter.with_clerk_at is None:
            return LetterStep.WRITE
        if letter.way == SigningWay.NUMBER_FIRST or letter.signature_id is not None:
            return LetterStep.NUMBER
        return LetterStep.SIGNER if letter.pdf_id is None else LetterStep.SIGN
    if letter.state == LetterState.NUMBERED:
        if letter.signature_id is None:
            return LetterStep.SIGN
        return LetterStep.SCAN if letter.original_id is None else LetterStep.RELEASE
    return LetterStep.OUT


def waits_for_signature(letter: Letter) -> bool:
    """True when the letter lies before its signer: its PDF is there and not signed."""
    return step_of(letter) is LetterStep.SIGN and letter.pdf_id is not None


def is_on_paper(letter: Letter) -> bool:
    """True when the letter is signed by hand."""
    return letter.way == SigningWay.PAPER


def is_signed_first(letter: Letter) -> bool:
    """True when the letter is signed before it is numbered."""
    return letter.way != SigningWay.NUMBER_FIRST


def way_called(name: str) -> SigningWay | None:
    """Return the way of this name, None where there is none."""
    return SigningWay(name) if name in SigningWay.values else None


@dataclass(frozen=True)
class LetterPage:
    """One letter as somebody sees it: what they may do, and what is theirs to do."""

    letter: Letter
    tone: str
    step: LetterStep
    ways: list[tuple[str, str]]
    may_sign: bool
    may_draft: bool
    may_number: bool
    waits_without_clerk: bool
    may_send: bool
    may_read_dispatch: bool
    cited: CitedDocument | None
    basis_is_readable: bool
    receiving: CampaignNode | None
    receipt_path: str
    may_pass_on: bool
    passed_on: list[Letter]
    recipients: list[str]
    recipients_count: int
    reached: queries.LetterReach | None
    unprintable: tuple[UnprintableCharacter, ...]

    @property
    def is_received(self) -> bool:
        """True when the person's unit confirmed that it received the campaign's letter."""
        return self.receiving is not None and self.receiving.received_at is not None


def letter_page(scope: Scope, letter: Letter) -> LetterPage:
    """Return the page of `letter`, which `scope` may see. Cost: a fixed number of queries."""
    receiving = access.receiving_node(scope, letter)
    reads_dispatch = access.may_read_dispatch(scope, letter)
    out = letter.state in access.OUT and not letter.is_outside
    names, count = _recipients(letter, out=out, inside=reads_dispatch)
    return LetterPage(
        letter=letter,
        tone=TONES[LetterState(letter.state)],
        step=step_of(letter),
        ways=[(way.value, str(way.label)) for way in SigningWay],
        may_sign=access.may_sign(scope, letter),
        may_draft=access.may_draft(scope, letter),
        may_number=access.may_number(scope, letter),
        waits_without_clerk=letter.with_clerk_at is not None
        and letter.state == LetterState.DRAFT
        and not queries.has_clerk(letter.node),
        may_send=access.may_send(scope, letter),
        may_read_dispatch=reads_dispatch,
        cited=None if letter.is_outside else cited_by(letter),
        basis_is_readable=letter.based_on is not None and access.can_see(scope, letter.based_on_id),
        receiving=receiving,
        receipt_path=_receipt_path(scope, receiving),
        may_pass_on=receiving is not None and _may_pass_on(scope, letter, receiving),
        passed_on=[] if receiving is None else queries.own_letters_on(letter, receiving),
        recipients=names,
        recipients_count=count,
        reached=queries.reached(letter) if out and reads_dispatch else None,
        unprintable=_unprintable(letter) if reads_dispatch else (),
    )


def release_page(letter: Letter) -> dict[str, object]:
    """Return what is looked over right before the release."""
    nodes = recipients_of(letter)
    return {
        "recipients": [node.name_at_freeze for node in nodes[:SHOWN]],
        "recipients_count": len(nodes),
        "latest": latest_deadline(letter),
        "unprintable": _unprintable(letter),
    }


def _unprintable(letter: Letter) -> tuple[UnprintableCharacter, ...]:
    """Return what is printed as a box, as long as the words can still be changed."""
    if letter.is_outside or letter.state not in (LetterState.DRAFT, LetterState.NUMBERED):
        return ()
    return unprintable(letter, cited_by(letter))


def _receipt_path(scope: Scope, receiving: CampaignNode | None) -> str:
    """Return where the person confirms receipt, "" if they may not (campaign.md §4)."""
    if receiving is None or not access.confirms_for(scope, receiving):
        return ""
    return receipt_path(receiving.pk)


def _recipients(letter: Letter, *, out: bool, inside: bool) -> tuple[list[str], int]:
    if letter.is_outside:
        return [], 0
    if not out:
        nodes = recipients_of(letter) if inside else []
        return [node.name_at_freeze for node in nodes[:SHOWN]], len(nodes)
    rows = queries.others_who_got(letter)
    names = list(rows.values_list("to_node__name_at_freeze", flat=True)[: SHOWN + 1])
    count = len(names) if len(names) <= SHOWN else rows.count()
    return names[:SHOWN], count


def all_recipients(scope: Scope, letter: Letter) -> Sequence[str] | QuerySet[Dispatch, str]:
    """Return the names of all units that get `letter`, or are to get it, as far as `scope` sees."""
    if letter.is_outside:
        return ()
    if letter.state in access.OUT:
        return queries.others_who_got(letter).values_list("to_node__name_at_freeze", flat=True)
    if not access.may_read_dispatch(scope, letter):
        return ()
    return [node.name_at_freeze for node in recipients_of(letter)]


def _may_pass_on(scope: Scope, letter: Letter, receiving: CampaignNode) -> bool:
    return (
        letter.state == LetterState.RELEASED
        and access.writes_for(scope, receiving)
        and queries.has_children(receiving)
    )


# How the mails of a letter stand, for its pages.


@dataclass(frozen=True)
class MailingPage:
    """The mailing of one letter; `dry_running` and `printing` while such a job is under way."""

    state: str
    label: str
    per_second: int
    problem: str
    next_try_at: datetime | None
    dry_run: dict[str, Any]
    dry_run_at: datetime | None
    dry_running: bool
    printing: bool

    @property
    def is_running(self) -> bool:
        """True while mails are being sent."""
        return self.state == MailingState.RUNNING

    @property
    def may_start(self) -> bool:
        """True while mails wait for a person."""
        return self.state in (MailingState.WAITING, MailingState.PAUSED)


def mailing_page(letter: Letter) -> MailingPage:
    """Return the state of the mails of `letter`. Cost: four queries."""
    mailing = Mailing.objects.filter(letter=letter).first() or Mailing(letter=letter)
    queue = MailQueue.objects.filter(name=queue_name(letter.pk)).first() or MailQueue(
        per_second=settings.QUETSACH.mail_per_second
    )
    state = MailingState(mailing.state)
    if state == MailingState.RUNNING and not mails_wait(letter):
        state = MailingState.DONE
    under_way = set(
        Job.objects.filter(
            kind__in=[recipients.KIND, paper.KIND],
            payload__letter_id=letter.pk,
            state__in=[JobState.READY, JobState.RUNNING],
        ).values_list("kind", flat=True)
    )
    return MailingPage(
        state=state,
        label=str(state.label),
        per_second=queue.per_second,
        problem=queue.problem,
        next_try_at=queue.next_try_at,
        dry_run=mailing.dry_run,
        dry_run_at=mailing.dry_run_at,
        dry_running=recipients.KIND in under_way,
        printing=paper.KIND in under_way,
    )

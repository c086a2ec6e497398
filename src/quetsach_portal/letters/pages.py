"""What the pages of one letter show, gathered for whoever looks at it."""

from dataclasses import dataclass

from quetsach.api import Unfit
from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.letters import access, queries
from quetsach_portal.letters.basis import cited_by
from quetsach_portal.letters.deadlines import latest_deadline
from quetsach_portal.letters.documents import Cited, unprintable
from quetsach_portal.letters.links import receipt_path
from quetsach_portal.letters.models import Letter, LetterState
from quetsach_portal.letters.recipients import recipients_of
from quetsach_portal.rights.scope import Scope

TONES = {
    LetterState.DRAFT: "calm",
    LetterState.NUMBERED: "info",
    LetterState.RELEASED: "good",
    LetterState.WITHDRAWN: "bad",
}
SHOWN = 30


@dataclass(frozen=True)
class LetterPage:
    """One letter as somebody sees it: what they may do, and what is theirs to do."""

    letter: Letter
    tone: str
    may_draft: bool
    may_number: bool
    waits_without_clerk: bool
    may_send: bool
    may_read_dispatch: bool
    cited: Cited | None
    basis_is_readable: bool
    receiving: CampaignNode | None
    receipt_path: str
    may_pass_on: bool
    passed_on: list[Letter]
    recipients: list[str]
    recipients_count: int
    reached: queries.Reached | None
    unprintable: tuple[Unfit, ...]

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


def _unprintable(letter: Letter) -> tuple[Unfit, ...]:
    """Return what is printed as a box, as long as the words can still be changed."""
    if letter.is_outside or letter.state not in (LetterState.DRAFT, LetterState.NUMBERED):
        return ()
    return unprintable(letter, cited_by(letter))


def _receipt_path(scope: Scope, receiving: CampaignNode | None) -> str:
    """Return where the person confirms receipt, "" for who does not (campaign.md §4)."""
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


def _may_pass_on(scope: Scope, letter: Letter, receiving: CampaignNode) -> bool:
    return (
        letter.state == LetterState.RELEASED
        and access.writes_for(scope, receiving)
        and queries.has_children(receiving)
    )

"""The letter by which the lead office begins a campaign: where it stands before the start."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import COUNTED, Campaign, CampaignNode
from quetsach_portal.letters.actions.drafting import create_draft
from quetsach_portal.letters.cascade import usual_deadline
from quetsach_portal.letters.defaults import fill
from quetsach_portal.letters.documents import LAUNCH, REMINDER, template_of
from quetsach_portal.letters.models import Letter, LetterState
from quetsach_portal.letters.queries import possible_bases
from quetsach_portal.people.models.account import User


@dataclass(frozen=True)
class LaunchLetter:
    """The lead office's letter to the units below it.

    Shapes: `row` is None before it is drafted; `node` is the lead office's, None without a tree;
    `recipients` counts the units directly below, `usual_day` is the day before which they are due.
    """

    row: Letter | None
    node: CampaignNode | None
    recipients: int
    usual_day: date | None

    @property
    def is_with_writer(self) -> bool:
        """True while it is drafted and nobody has it to sign."""
        letter = self.row
        if letter is None or letter.state != LetterState.DRAFT:
            return False
        return letter.with_clerk_at is None

    @property
    def is_signed(self) -> bool:
        """True once it has a signature that counts."""
        return self.row is not None and self.row.signature_id is not None

    @property
    def is_late(self) -> bool:
        """True where it would give the units more time than the campaign does."""
        day = None if self.row is None else self.row.deadline
        return day is not None and self.usual_day is not None and day > self.usual_day

    @property
    def signed_words(self) -> str:
        """Return who signed it and when, "" before it is signed."""
        signature = None if self.row is None else self.row.signature
        if signature is None:
            return ""
        day = f"{signature.signed_on:%d/%m/%Y}"
        return _("%(who)s, %(day)s") % {"who": signature.signer_name, "day": day}


def launch_letter(campaign: Campaign) -> LaunchLetter:
    """Return the lead office's letter of `campaign`: the signed one, else the latest.

    Cost: four queries.
    """
    roots = CampaignNode.objects.filter(campaign=campaign, parent=None).order_by("pk")
    node = roots.select_related("unit", "campaign__lead_unit").first()
    if node is None:
        return LaunchLetter(None, None, 0, None)
    recipients = CampaignNode.objects.filter(parent=node, state__in=COUNTED).count()
    letters = Letter.objects.filter(node=node, is_outside=False)
    letters = letters.exclude(state=LetterState.WITHDRAWN).exclude(template_code=REMINDER)
    latest = (
        letters.select_related("signature")
        .order_by(F("signature").desc(nulls_last=True), "-pk")
        .first()
    )
    return LaunchLetter(latest, node, recipients, usual_deadline(node))


def draft(node: CampaignNode, *, actor: User) -> Letter:
    """Return a new draft of the lead office's letter. Errors: Refused as `create_draft`."""
    return create_draft(node, based_on=_basis(node), template_code=LAUNCH, actor=actor)


def proposed(letter: LaunchLetter) -> Letter | None:
    """Return the letter as it would be drafted, not stored; None without recipients."""
    node = letter.node
    if node is None or not letter.recipients:
        return None
    template = template_of(LAUNCH)
    shown = Letter(
        campaign=node.campaign,
        node=node,
        issuer_name=node.name_at_freeze,
        based_on=_basis(node),
        template_code=template.code,
    )
    fill(shown, template)
    return shown


def _basis(node: CampaignNode) -> Letter | None:
    """Return the authority's letter in the register of the lead office, None where it has none."""
    return possible_bases(node).first()

"""The demo's letter to the units, and what some of them have done since."""

from django.utils import timezone

from quetsach_portal.campaigns.models import Campaign, CampaignNode
from quetsach_portal.demo_district.accounts import Account, of_role
from quetsach_portal.followup.actions.deploying import Said, declare
from quetsach_portal.followup.actions.receipts import confirm_receipt
from quetsach_portal.letters.actions.drafting import create_draft, send_to_clerk
from quetsach_portal.letters.actions.numbering import Signing, give_number
from quetsach_portal.letters.actions.release import release
from quetsach_portal.letters.models import Capacity, Letter
from quetsach_portal.letters.recipients import Ways
from quetsach_portal.participation import tickets
from quetsach_portal.participation.actions import Said as Ticked
from quetsach_portal.participation.actions import join, make_codes
from quetsach_portal.participation.models import JoinKind
from quetsach_portal.rights.models import Role

TEMPLATE = "trien-khai-chien-dich"
SILENT = frozenset({"TC06", "TC11", "TC14", "TC24", "TC30", "HU03", "DT05"})
"""Units that have confirmed nothing, so that there is somebody to remind."""


def send_letter(campaign: Campaign, root: CampaignNode, accounts: list[Account]) -> Letter:
    """Return the district's letter: drafted by the compiler, numbered and released by the clerk."""
    compiler, clerk = of_role(accounts, Role.COMPILER), of_role(accounts, Role.CLERK)
    letter = create_draft(root, based_on=None, template_code=TEMPLATE, actor=compiler)
    send_to_clerk(letter.pk, actor=compiler)
    signing = Signing(
        number=1245,
        code="UBND-TH",
        signed_on=timezone.localdate(),
        signer_name="Trần Thị Minh",
        signer_post="Phó Chủ tịch",
        capacity=Capacity.FOR_SUPERIOR,
        capacity_of="Chủ tịch",
    )
    give_number(letter.pk, signing, repeat_is_meant=False, actor=clerk)
    return release(letter.pk, Ways(by_mail=False), start_mails=False, actor=clerk)


def answer(nodes: dict[str, CampaignNode], accounts: list[Account]) -> None:
    """Let most units confirm the receipt, two thirds of those deploy, and people join."""
    for place, (code, node) in enumerate(sorted(nodes.items())):
        if code in SILENT or node.parent_id is None:
            continue
        focal_point = of_role(accounts, Role.FOCAL_POINT, code)
        confirm_receipt(node, actor=focal_point)
        node.refresh_from_db()
        if place % 3 == 0:
            continue
        said = Said(
            done=("announced", "staff_told"),
            staff_told=min(5, node.staff),
            links=("https://tracu.example/tin-tuc/chien-dich",),
        )
        declare(node, said, actor=focal_point)
        codes = {code.kind: code for code in make_codes(node, actor=focal_point)}
        for kind, many in ((JoinKind.STAFF, node.staff // 2), (JoinKind.RELATIVE, place % 5)):
            for number in range(many):
                ticket = tickets.new_ticket(codes[kind])
                join(codes[kind], ticket, Ticked(checked=number % 3 > 0, cleaned=number % 7 == 0))

"""A scratch home is filled: the rows of the campaign, its made-up people, its start, its letter.

All of it is done by the portal's own acts, as its people would do it; what one of them refuses is
noted, and the rehearsal stands where it got to.
"""

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import pypdfium2
from django.core import serializers
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone

from quetsach_portal.campaigns.actions import state
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, CampaignState
from quetsach_portal.campaigns.models.checks import FAULTS
from quetsach_portal.campaigns.units import with_contact
from quetsach_portal.files.storage import path_of
from quetsach_portal.letters.actions import signing
from quetsach_portal.letters.actions.drafting import create_draft, send_to_clerk
from quetsach_portal.letters.actions.numbering import (
    ArrivedLetter,
    LetterNumbering,
    give_number,
    register_outside,
)
from quetsach_portal.letters.actions.release import release
from quetsach_portal.letters.cascade import authority_of
from quetsach_portal.letters.models import Letter, LetterCapacity
from quetsach_portal.letters.recipients import DeliveryChannels
from quetsach_portal.lifecycle.actions import start
from quetsach_portal.people.models.account import User
from quetsach_portal.rehearsals.copying import DOMAIN, SEED
from quetsach_portal.rehearsals.people import make_people
from quetsach_portal.units.models import UnitContact
from quetsach_portal.web.acts import Refused

TEMPLATE = "trien-khai-chien-dich"
NUMBER, CODE = 99, "UBND-DT"
"""Of the letter of a rehearsal: each rehearsal counts by itself."""

MADE = "made.json"
_AT_ONCE = 500


def fill(folder: Path, run_due: Callable[[], object]) -> None:
    """Fill the empty database of the scratch home `folder`, and begin the campaign there.

    `run_due` runs the background jobs that are ready.
    Writes what was refused on the way into `made.json`: {"stopped": [text, ...]}.
    """
    load(folder / SEED)
    (folder / SEED).unlink()
    campaign = Campaign.objects.select_related("lead_unit").get()
    accounts = make_people(campaign)
    lend_contacts(campaign)
    stopped = [*begin(campaign, accounts, run_due)]
    run_due()
    (folder / MADE).write_text(json.dumps({"stopped": stopped}, ensure_ascii=False))


def stopped_by(folder: Path) -> list[str]:
    """Return what was refused while the rehearsal in `folder` was made."""
    try:
        stopped: list[str] = json.loads((folder / MADE).read_text())["stopped"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return stopped


def load(path: Path) -> None:
    """Write the rows of the file at `path`, in one transaction, each with the number it has."""
    with path.open(encoding="utf-8") as lines, transaction.atomic():
        rows = serializers.deserialize("jsonl", lines)
        for model, of_model in groupby(rows, key=lambda row: type(row.object)):
            while some := list(islice(of_model, _AT_ONCE)):
                model._base_manager.bulk_create([row.object for row in some])
                for row in some:
                    _link(row.object, row.m2m_data or {})


def _link(row: Model, links: dict[str, Any]) -> None:
    for name, keys in links.items():
        if keys:
            getattr(row, name).set(keys)


def lend_contacts(campaign: Campaign) -> int:
    """Give each unit that cannot be reached a box of the rehearsal; return how many those are."""
    unreached = with_contact(campaign).exclude(Q(state_of_contact="ok"))
    units = list(unreached.values_list("unit_id", flat=True))
    for unit_id in units:
        UnitContact.objects.create(
            unit_id=unit_id, mail=f"don-vi-{unit_id}@{DOMAIN}", person="Người nhận (diễn tập)"
        )
    return len(units)


def begin(
    campaign: Campaign, accounts: dict[str, User], run_due: Callable[[], object]
) -> Iterator[str]:
    """Sign the letter, start the campaign as its two owners do, and send it; yield refusals."""
    first, second = accounts["chu-tri-1"], accounts["chu-tri-2"]
    try:
        root = CampaignNode.objects.select_related("unit", "campaign").get(
            campaign=campaign, depth=0
        )
        letter = sign_letter(root, accounts)
        run = state.request_dry_run(campaign, actor=first)
        run_due()
        campaign.refresh_from_db()
        if campaign.state != CampaignState.READY:
            run.refresh_from_db()
            for fault in run.faults.filter(stops=True).order_by("pk")[:20]:
                yield f"{FAULTS[fault.code]} {fault.detail}".strip()
            return
        state.request_start(campaign, actor=first)
        start(campaign, actor=second)
        release(letter.pk, DeliveryChannels(), start_mails=True, actor=accounts["van-thu"])
    except Refused as refused:
        yield refused.told


def sign_letter(root: CampaignNode, accounts: dict[str, User]) -> Letter:
    """Return the letter of the lead office, drafted, signed on paper, numbered and scanned."""
    compiler, clerk = accounts["tong-hop"], accounts["van-thu"]
    today = timezone.localdate()
    basis = None
    if authority_of(root.campaign) is None:
        # The template names what it is based on; a campaign made by hand may not say.
        arrived = ArrivedLetter(
            issuer_name="Cơ quan cấp trên (diễn tập)",
            number=1,
            code="CV-DT",
            signed_on=today,
            subject=f"V/v {root.campaign.title}"[:500],
            deadline=None,
            arrived_on=today,
            arrival_number=1,
        )
        basis = register_outside(root, arrived, None, actor=clerk)
    letter = create_draft(root, based_on=basis, template_code=TEMPLATE, actor=compiler)
    send_to_clerk(letter.pk, actor=compiler)
    signer = signing.SignerNames(
        signer_name=str(accounts["lanh-dao"]),
        signer_post="Phó Chủ tịch",
        capacity=LetterCapacity.FOR_SUPERIOR,
        capacity_of="Chủ tịch",
    )
    signing.present(letter.pk, signer, actor=clerk)
    signing.record_on_paper(letter.pk, today, actor=clerk)
    number = LetterNumbering(number=NUMBER, code=CODE, signed_on=today)
    letter = give_number(letter.pk, number, repeat_is_meant=False, actor=clerk)
    scan = SimpleUploadedFile("cong-van-99-ban-quet.pdf", scanned(letter))
    return signing.store_scan(letter.pk, scan, "Bản diễn tập", actor=clerk)


def scanned(letter: Letter) -> bytes:
    """Return the printed letter as a scanner gives it back: pictures of its pages."""
    assert letter.paper is not None
    printed = pypdfium2.PdfDocument(path_of(letter.paper).read_bytes())
    scan = pypdfium2.PdfDocument.new()
    for page in printed:
        width, height = page.get_size()
        picture = pypdfium2.PdfImage.new(scan)
        picture.set_bitmap(page.render(scale=1.5))
        picture.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
        sheet = scan.new_page(width, height)
        sheet.insert_obj(picture)
        sheet.gen_content()
    out = BytesIO()
    scan.save(out)
    return out.getvalue()

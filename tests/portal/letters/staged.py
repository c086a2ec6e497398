"""Letters at each stage, made by the acts themselves."""

from datetime import date, timedelta

import pypdfium2
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignNode, NodeCounter
from quetsach_portal.files.storage import path_of
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.letters.actions import drafting, numbering
from quetsach_portal.letters.actions import release as releasing
from quetsach_portal.letters.actions import signing as acts
from quetsach_portal.letters.actions.drafting import DraftContent
from quetsach_portal.letters.actions.numbering import ArrivedLetter, LetterNumbering
from quetsach_portal.letters.actions.signing import SignerNames
from quetsach_portal.letters.cascade import cited_by
from quetsach_portal.letters.documents import LAUNCH, text_digest_of
from quetsach_portal.letters.models import Letter, LetterSignature
from quetsach_portal.letters.recipients import DeliveryChannels
from quetsach_portal.mail.models import OutboxMail
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import OrgUnit, UnitContact, UnitKind
from tests.portal.world import World


def contact(unit: OrgUnit, mail: str, **fields: object) -> UnitContact:
    """Return a new address of `unit`."""
    return UnitContact.objects.create(unit=unit, mail=mail, **fields)


def outside(world: World, code: str = "TC", number: int = 1790) -> Letter:
    """Return the letter of the province's department, registered by the clerk of the unit."""
    today = timezone.localdate()
    return numbering.register_outside(
        world.nodes[code],
        ArrivedLetter(
            issuer_name="Sở Thông tin và Truyền thông",
            number=number,
            code="STTTT-BCVTCNTT",
            signed_on=today - timedelta(days=9),
            subject="triển khai chiến dịch rà quét xử lý mã độc năm 2022",
            deadline=None,
            arrived_on=today,
            arrival_number=55,
        ),
        None,
        actor=world.user(code, Role.CLERK),
    )


def draft(world: World, code: str = "TC", based_on: Letter | None = None) -> Letter:
    """Return a draft of the unit's compiler, complete."""
    actor = world.user(code, Role.COMPILER)
    basis = outside(world, code) if based_on is None else based_on
    made = drafting.create_draft(
        world.nodes[code], based_on=basis, template_code=LAUNCH, actor=actor
    )
    words = wording(made, values={**made.values, "collector": "Phòng Văn hóa và Thông tin"})
    return drafting.change_draft(made.pk, words, revision=made.revision, actor=actor)


def wording(letter: Letter, **changes: object) -> DraftContent:
    """Return the words of `letter` as they are, but for `changes`."""
    now = {
        "subject": letter.subject,
        "values": letter.values,
        "deadline": letter.deadline,
        "place": letter.place,
        "addressees": letter.addressees,
        "also_told": letter.also_told,
        "to_all": letter.to_all,
        "chosen": list(letter.chosen.values_list("pk", flat=True)),
    }
    return DraftContent(**{**now, **changes})


def with_clerk(world: World, code: str = "TC", based_on: Letter | None = None) -> Letter:
    """Return a draft that the clerk has."""
    made = draft(world, code, based_on)
    return drafting.send_to_clerk(made.pk, actor=world.user(code, Role.COMPILER))


def signing(number: int = 5, **changes: object) -> LetterNumbering:
    """Return what the clerk types."""
    typed = {
        "number": number,
        "code": "UBND-TH",
        "signed_on": timezone.localdate(),
        "signer_name": "Tăng Thị Thắm",
        "signer_post": "Phó Chủ tịch",
        "capacity": "KT.",
        "capacity_of": "Chủ tịch",
    }
    return LetterNumbering(**{**typed, **changes})


SIGNER = SignerNames("Tăng Thị Thắm", "Phó Chủ tịch", "KT.", "Chủ tịch")


def signed(
    world: World, code: str = "TC", based_on: Letter | None = None, signer: SignerNames = SIGNER
) -> Letter:
    """Return a letter that the clerk has, signed on paper today."""
    return sign(world, with_clerk(world, code, based_on), code, signer)


def sign(world: World, letter: Letter, code: str = "TC", signer: SignerNames = SIGNER) -> Letter:
    """Return `letter`, which the clerk has, signed on paper today."""
    clerk = world.user(code, Role.CLERK)
    acts.present(letter.pk, signer, actor=clerk)
    return acts.record_on_paper(letter.pk, timezone.localdate(), actor=clerk)


def signed_as_it_is(letter: Letter) -> None:
    """Let the signature cover what the letter says now."""
    letter = Letter.objects.select_related("node__unit", "node__parent", "campaign").get(
        pk=letter.pk
    )
    says = text_digest_of(letter, cited_by(letter))
    LetterSignature.objects.filter(pk=letter.signature_id).update(says=says)


def scan(letter: Letter) -> SimpleUploadedFile:
    """Return a file that stands for the scan of the signed paper."""
    return SimpleUploadedFile("ban-ky.pdf", path_of(letter.pdf).read_bytes() + b"\n% signed\n")


def scanned(world: World, letter: Letter, code: str = "TC") -> Letter:
    """Return a numbered letter with the scan of its paper."""
    actor = world.user(code, Role.CLERK)
    return acts.store_scan(letter.pk, scan(letter), "Văn thư, tập 12", actor=actor)


def numbered(
    world: World, code: str = "TC", based_on: Letter | None = None, number: int = 5
) -> Letter:
    """Return a letter, signed, with its number and the scan of its paper."""
    letter = signed(world, code, based_on)
    letter = numbering.give_number(
        letter.pk, signing(number), repeat_is_meant=True, actor=world.user(code, Role.CLERK)
    )
    return scanned(world, letter, code)


def released(
    world: World,
    code: str = "TC",
    based_on: Letter | None = None,
    *,
    number: int = 5,
    ways: DeliveryChannels | None = None,
    start_mails: bool = True,
) -> Letter:
    """Return a released letter."""
    letter = numbered(world, code, based_on, number)
    return releasing.release(
        letter.pk,
        DeliveryChannels() if ways is None else ways,
        start_mails=start_mails,
        actor=world.user(code, Role.CLERK),
    )


def more_children(world: World, count: int, parent: str = "TC") -> list[CampaignNode]:
    """Return so many more nodes below `parent`, each with one address."""
    above = world.nodes[parent]
    units = OrgUnit.objects.bulk_create(
        OrgUnit(
            code=f"N{number:05d}",
            name=f"Ủy ban nhân dân xã Số {number}",
            kind=UnitKind.COMMUNE,
            parent=above.unit,
            path=f"{above.unit.path}x{number}/",
            depth=1,
        )
        for number in range(count)
    )
    nodes = CampaignNode.objects.bulk_create(
        CampaignNode(
            campaign=above.campaign,
            unit=unit,
            parent=above,
            path=f"{above.path}9{unit.pk}/",
            depth=above.depth + 1,
            name_at_freeze=unit.name,
        )
        for unit in units
    )
    for node in nodes:
        node.path = f"{above.path}{node.pk}/"
    CampaignNode.objects.bulk_update(nodes, ["path"])
    NodeCounter.objects.bulk_create(NodeCounter(node=node, units=1) for node in nodes)
    UnitContact.objects.bulk_create(
        UnitContact(unit=unit, mail=f"vt{number}@xa.example") for number, unit in enumerate(units)
    )
    return nodes


def time_passes() -> None:
    """Let all that waits for a time be due, and each lease of a dead worker run out."""
    moment = timezone.now() - timedelta(seconds=1)
    OutboxMail.objects.filter(retry_at__isnull=False).update(retry_at=moment)
    Job.objects.filter(state=JobState.READY).update(run_after=moment)
    Job.objects.filter(state=JobState.RUNNING).update(leased_until=moment)


def time_passes_for_ready() -> None:
    """Let all that waits for a time be due; leases stay."""
    moment = timezone.now() - timedelta(seconds=1)
    OutboxMail.objects.filter(retry_at__gt=moment).update(retry_at=moment)
    Job.objects.filter(state=JobState.READY, run_after__gt=moment).update(run_after=moment)


def tomorrow() -> date:
    """Return the day after today."""
    return timezone.localdate() + timedelta(days=1)


def text_of(stored) -> str:
    pages = pypdfium2.PdfDocument(path_of(stored).read_bytes())
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)


def text(response) -> str:
    """Return the page that came back."""
    return response.content.decode()

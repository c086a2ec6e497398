"""Who may open the pages of the app `letters`."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import StoredFile
from quetsach_portal.letters.cascade import cited_by
from quetsach_portal.letters.documents import LAUNCH, text_digest_of
from quetsach_portal.letters.models import (
    Channel,
    Dispatch,
    DispatchState,
    Letter,
    LetterSignature,
    LetterState,
    Mailing,
    MailingState,
    SignatureResult,
)
from quetsach_portal.people.models.roles import Role
from tests.portal.access.row import ALL, SUBTREE, Make, Row
from tests.portal.world import World, make_campaign, make_user
from tests.signing.pades.authority import pdf as pdf_of_a_page

WRITES = "LO CO FP"
SENDS = "LO CO CK"
REGISTERS = "LO CO FP CK"
READS_DRAFTS = "LO LA CO FP SG CK AU"
READS_OUT = "LO LA CO FP SG CK TE AU"
READS_BELOW = "LO LA CO AU"

SEEN_DRAFT = {"own": READS_DRAFTS, "child": "AU"}
SEEN_OUT = {"own": READS_OUT, "child": READS_BELOW, "parent": READS_OUT}
"""What the unit above released is for TC01, so all there see it, the operator excepted."""


class _Scan(SimpleUploadedFile):
    """A file that can be sent again and again."""

    def read(self, *size: int) -> bytes:
        self.seek(0)
        return super().read(*size)


def _node(world: World, code: str) -> Mapping[str, Any]:
    if code not in world.nodes:
        make_campaign(world, lead=code)
    return {"node_id": world.nodes[code].pk}


def make_letter(world: World, code: str, state: str, **fields: Any) -> Letter:
    """Return a letter of the unit in some state, with rows to its children once it is out."""
    _node(world, code)
    node, today = world.nodes[code], timezone.localdate()
    writer = make_user(world.units[code], Role.COMPILER, f"soan-{Letter.objects.count()}@x.example")
    number = {} if state == LetterState.DRAFT else {"number": 7, "signed_on": today}
    letter = Letter.objects.create(
        campaign=node.campaign,
        node=node,
        issuer_name=node.name_at_freeze,
        based_on=_outside(world, code),
        template_code=LAUNCH,
        subject="triển khai chiến dịch",
        deadline=today + timedelta(days=3),
        addressees=["Như trên"],
        values={
            "campaign": "chiến dịch",
            "speaker": "Chủ tịch",
            "receivers": "Thủ trưởng",
            "collector": "Phòng",
            "report_to": "Chủ tịch",
        },
        state=state,
        made_by=writer,
        released_at=timezone.now() if state == LetterState.RELEASED else None,
        **{**number, **fields},
    )
    if state == LetterState.RELEASED:
        for child in node.children.all():
            Dispatch.objects.create(
                letter=letter,
                to_node=child,
                channel=Channel.PORTAL,
                state=DispatchState.DELIVERED,
            )
    return letter


def _outside(world: World, code: str) -> Letter:
    node = world.nodes[code]
    return Letter.objects.get_or_create(
        node=node,
        is_outside=True,
        defaults={
            "campaign": node.campaign,
            "issuer_name": "Sở",
            "subject": "triển khai",
            "state": LetterState.RELEASED,
            "number": 1790,
            "code": "STTTT",
            "signed_on": timezone.localdate(),
            "arrived_on": timezone.localdate(),
            "released_at": timezone.now(),
            "made_by": world.user(code, Role.CLERK),
        },
    )[0]


def _letter(state: str, **fields: Any) -> Make:
    return lambda world, code: {"letter_id": make_letter(world, code, state, **fields).pk}


def _with_file(world: World, code: str) -> Mapping[str, Any]:
    letter = make_letter(world, code, LetterState.RELEASED)
    letter.pdf = _stored(world, code)
    letter.save()
    return {"letter_id": letter.pk, "which": "pdf"}


def _mailed(state: str, channel: str = Channel.MAIL, running: bool = False) -> Make:
    def make(world: World, code: str) -> Mapping[str, Any]:
        letter = make_letter(world, code, LetterState.RELEASED)
        Mailing.objects.create(
            letter=letter, state=MailingState.RUNNING if running else MailingState.WAITING
        )
        row = Dispatch.objects.create(
            letter=letter,
            to_node=world.nodes[code],
            channel=channel,
            address="a@xa.example" if channel == Channel.MAIL else "",
            state=state,
        )
        return {"letter_id": letter.pk, "row_id": row.pk}

    return make


def _without_row(make: Make) -> Make:
    return lambda world, code: {"letter_id": make(world, code)["letter_id"]}


def _of_draft(world: World, code: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    letter = Letter.objects.get(pk=arguments["letter_id"])
    return {
        **letter.values,
        "revision": letter.revision,
        "subject": "triển khai chiến dịch mới",
        "addressees": "Như trên",
        "recipients": "all",
    }


def _of_new(world: World, code: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"template": LAUNCH, "based_on": _outside(world, code).pk}


def _number(world: World, code: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "number": "31",
        "code": "UBND",
        "signed_on": timezone.localdate().isoformat(),
    }


def _signer(world: World, code: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"signer_name": "Ai", "signer_post": "Chủ tịch"}


def _signed_today(world: World, code: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"signed_on": timezone.localdate().isoformat()}


def _presented(world: World, code: str) -> Mapping[str, Any]:
    letter = make_letter(
        world, code, LetterState.DRAFT, with_clerk_at=timezone.now(), signer_name="Ai"
    )
    letter.pdf = _stored(world, code)
    letter.save()
    return {"letter_id": letter.pk}


def _before_signer(world: World, code: str) -> Mapping[str, Any]:
    """Return a letter that is signed by certificate, its PDF one that can be shown."""
    letter = make_letter(
        world, code, LetterState.DRAFT, with_clerk_at=timezone.now(), signer_name="Ai", way="sign"
    )
    pdf, path = SimpleUploadedFile("a.pdf", pdf_of_a_page()), world.units[code].path
    letter.pdf = store_upload(pdf, purpose="document", owner_path=path, actor=None)
    letter.save()
    return {"letter_id": letter.pk}


def _first_page(world: World, code: str) -> Mapping[str, Any]:
    return {**_before_signer(world, code), "number": 1}


def _signed(state: str, *, with_scan: bool = False) -> Make:
    def make(world: World, code: str) -> Mapping[str, Any]:
        letter = make_letter(world, code, state, with_clerk_at=timezone.now())
        letter.original = _stored(world, code) if with_scan else None
        letter.signature = LetterSignature.objects.create(
            letter=letter,
            result=SignatureResult.ON_PAPER,
            says=text_digest_of(letter, cited_by(letter)),
            signed_on=timezone.localdate(),
            signer_name="Ai",
            file=letter.original,
            kept_by=letter.made_by,
        )
        letter.save()
        return {"letter_id": letter.pk}

    return make


def _stored(world: World, code: str) -> StoredFile:
    scan = SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF\n")
    path = world.units[code].path
    return store_upload(scan, purpose="document", owner_path=path, actor=None)


def _arrived(world: World, code: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    today = timezone.localdate().isoformat()
    return {
        "issuer_name": "Bộ",
        "number": "3",
        "code": "BTTTT",
        "subject": "thử",
        "signed_on": today,
        "arrived_on": today,
    }


def _scan(world: World, code: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"file": _Scan("ky.pdf", b"%PDF-1.4\n%%EOF\n"), "original_at": "Văn thư"}


def _today(world: World, code: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"on": timezone.localdate().isoformat()}


DRAFT = _letter(LetterState.DRAFT)
WITH_CLERK = _letter(LetterState.DRAFT, with_clerk_at=timezone.now())
NUMBERED = _letter(LetterState.NUMBERED)
RELEASED = _letter(LetterState.RELEASED)
NODE_SEEN = {"own": ALL, "child": SUBTREE}

ROWS = (
    Row("letters:index", get=ALL),
    Row(
        "letters:register",
        make=_node,
        get={"own": READS_DRAFTS, "child": "AU"},
        seen=NODE_SEEN,
    ),
    Row(
        "letters:cascade",
        make=_node,
        get={"own": "LO LA CO FP CK AU", "child": READS_BELOW},
        seen=NODE_SEEN,
    ),
    Row("letters:new", make=_node, get=WRITES, post=WRITES, seen=NODE_SEEN, data=_of_new),
    Row(
        "letters:outside",
        make=_node,
        get=REGISTERS,
        post=REGISTERS,
        seen=NODE_SEEN,
        data=_arrived,
    ),
    Row("letters:letter", make=RELEASED, get=SEEN_OUT),
    Row("letters:file", make=_with_file, get=SEEN_OUT),
    Row("letters:preview", make=DRAFT, get=SEEN_DRAFT),
    Row("letters:find_recipient", make=DRAFT, get=WRITES, seen=SEEN_DRAFT),
    Row("letters:edit", make=DRAFT, get=WRITES, post=WRITES, seen=SEEN_DRAFT, data=_of_draft),
    Row("letters:to_clerk", make=DRAFT, get=None, post=WRITES, seen=SEEN_DRAFT),
    Row(
        "letters:back",
        make=WITH_CLERK,
        get=REGISTERS,
        post=REGISTERS,
        seen=SEEN_DRAFT,
        data={"why": "sai"},
    ),
    Row("letters:way", make=WITH_CLERK, get=None, post="CK", seen=SEEN_DRAFT, data={"way": "sign"}),
    Row("letters:signer", make=WITH_CLERK, get="CK", post="CK", seen=SEEN_DRAFT, data=_signer),
    Row("letters:sign", make=_before_signer, get="SG CK", post="SG CK", seen=SEEN_DRAFT),
    Row("letters:picture", make=_first_page, get="SG CK", seen=SEEN_DRAFT),
    Row("letters:sign_remotely", make=_before_signer, get="SG CK", post="SG CK", seen=SEEN_DRAFT),
    Row(
        "letters:signed", make=_presented, get="CK", post="CK", seen=SEEN_DRAFT, data=_signed_today
    ),
    Row(
        "letters:number",
        make=_signed(LetterState.DRAFT),
        get="CK",
        post="CK",
        seen=SEEN_DRAFT,
        data=_number,
    ),
    Row(
        "letters:original",
        make=_signed(LetterState.NUMBERED),
        get="CK",
        post="CK",
        seen=SEEN_DRAFT,
        data=_scan,
    ),
    Row(
        "letters:release",
        make=_signed(LetterState.NUMBERED, with_scan=True),
        get="CK",
        post="CK",
        seen=SEEN_DRAFT,
        data={"by_mail": "on", "on_paper": "nobody"},
    ),
    Row(
        "letters:withdraw",
        make=RELEASED,
        get="CK",
        post="CK",
        seen=SEEN_OUT,
        data={"why": "nhầm"},
    ),
    Row(
        "letters:dispatch",
        make=RELEASED,
        get={"own": READS_DRAFTS, "child": "AU"},
        seen=SEEN_OUT,
    ),
    Row("letters:request_dry_run", make=NUMBERED, get=None, post=SENDS, seen=SEEN_DRAFT),
    Row("letters:dry_run", make=RELEASED, get=SENDS, seen=SEEN_OUT),
    Row(
        "letters:start",
        make=_without_row(_mailed(DispatchState.QUEUED)),
        get=SENDS,
        post=SENDS,
        seen=SEEN_OUT,
        data={"per_second": "5"},
    ),
    Row(
        "letters:pause",
        make=_without_row(_mailed(DispatchState.QUEUED, running=True)),
        get=None,
        post=SENDS,
        seen=SEEN_OUT,
    ),
    Row(
        "letters:sheets",
        make=_without_row(_mailed(DispatchState.QUEUED, Channel.PAPER)),
        get=None,
        post=SENDS,
        seen=SEEN_OUT,
    ),
    Row("letters:row", make=_mailed(DispatchState.IN_DOUBT), get=SENDS, seen=SEEN_OUT),
    Row(
        "letters:has_it",
        make=_mailed(DispatchState.IN_DOUBT),
        get=None,
        post=SENDS,
        seen=SEEN_OUT,
    ),
    Row(
        "letters:again",
        make=_mailed(DispatchState.IN_DOUBT),
        get=None,
        post=SENDS,
        seen=SEEN_OUT,
    ),
    Row(
        "letters:on_paper",
        make=_mailed(DispatchState.IN_DOUBT),
        get=None,
        post=SENDS,
        seen=SEEN_OUT,
    ),
    Row(
        "letters:bounced",
        make=_mailed(DispatchState.SENT),
        get=SENDS,
        post=SENDS,
        seen=SEEN_OUT,
        data={"text": "550"},
    ),
    Row(
        "letters:handed",
        make=_mailed(DispatchState.QUEUED, Channel.PAPER),
        get=SENDS,
        post=SENDS,
        seen=SEEN_OUT,
        data=_today,
    ),
    Row(
        "letters:sheet",
        make=_mailed(DispatchState.QUEUED, Channel.PAPER),
        get=SENDS,
        seen=SEEN_OUT,
    ),
)

"""Documents of reports made by the very job, and signed by certificates made for the tests."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pypdfium2 import PdfDocument

from quetsach.signing.pades.sign import SignaturePurpose, sign_pdf
from quetsach_portal.files import signed_pdf
from quetsach_portal.files.models import StoredFile
from quetsach_portal.files.storage import path_of
from quetsach_portal.jobs.models import Job
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.documents import actions, making
from quetsach_portal.reports.documents.actions import DocumentNumbering
from quetsach_portal.reports.models.document import ReportDocument
from quetsach_portal.reports.models.report import ReportVersion
from quetsach_portal.reports.writing.answers import TypedAnswer
from tests.portal.reports.acting import numbers
from tests.portal.working import run_ready
from tests.portal.world import World
from tests.signing.pades.authority import DAY, Held, authority, clerk, revoked_list

SCHOOL = "Trường Tiểu học A"
TODAY = timezone.now()


def numbering(number: int = 5, code: str = "BC-THA") -> DocumentNumbering:
    return DocumentNumbering(
        number=number,
        code=code,
        signed_on=timezone.localdate(),
        place="Hàm Giang",
        signer_name="Nguyễn Thị Mẫu",
        signer_post="Hiệu trưởng",
    )


def printed(version: ReportVersion, world: World) -> ReportDocument:
    """Return the version's document, its files made."""
    made = actions.request_document(version, actor=world.user("TC01A", Role.CLERK))
    run_ready()
    return fresh(made)


def numbered(version: ReportVersion, world: World, given: DocumentNumbering | None = None):
    """Return the version's numbered edition, its files made; those of the blank one are not."""
    blank = actions.request_document(version, actor=world.user("TC01A", Role.CLERK))
    Job.objects.filter(key=f"{making.KIND}:{blank.pk}").delete()
    made = actions.give_number(
        blank,
        given or numbering(),
        repeat_is_meant=False,
        actor=world.user("TC01A", Role.CLERK),
    )
    run_ready()
    return fresh(made)


def fresh(document: ReportDocument) -> ReportDocument:
    return ReportDocument.objects.select_related("version", "pdf", "docx", "paper").get(
        pk=document.pk
    )


def content(stored: StoredFile | None) -> bytes:
    assert stored is not None
    return path_of(stored).read_bytes()


def text(pdf: bytes) -> str:
    """Return what the pages of a PDF say."""
    opened = PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in opened)


def trusted(*revoked: Held) -> None:
    """Let the portal trust the authority of the tests, and know whom it revoked."""
    for kind, name, data in (
        ("roots", "ca.crt", authority().der()),
        ("revoked", "ca.crl", revoked_list(*revoked, at=TODAY)),
    ):
        folder = signed_pdf.trust_folder() / kind
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def holder(unit: str = SCHOOL, *, is_expired: bool = False, person: str = "Nguyễn Thị Mẫu") -> Held:
    """Return somebody with a certificate of a unit."""
    until = TODAY - DAY if is_expired else TODAY + 30 * DAY
    return clerk(unit, TODAY - 30 * DAY, until, person=person)


def signed(pdf: bytes, by: Held) -> bytes:
    return sign_pdf(pdf, by.signer(), SignaturePurpose())


def upload(data: bytes, name: str = "bao-cao-da-ky.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "application/pdf")


def close(text: str) -> str:
    """Return the text without what line breaks of a page put in or take out."""
    return "".join(text.split())


def with_words(text: str) -> dict[str, TypedAnswer]:
    """Return answers with this text as the assessment."""
    return {**numbers(), "assessment": TypedAnswer(text=text)}

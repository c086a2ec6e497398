"""The content of an official report: figures, head, basis."""

from dataclasses import replace

from quetsach.api import letters
from quetsach.api.reports import (
    ChildContribution,
    ChildUse,
    Correction,
    DocumentProof,
    FilingFacts,
    LookedStatement,
    OfficialReport,
    QuetsachError,
    RecheckFigures,
    ReportFormDefinition,
)
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases.rechecks.queries import printed
from quetsach_portal.letters.cascade import authority_of
from quetsach_portal.letters.mails import proof_on_pages
from quetsach_portal.letters.models import Letter, LetterCapacity, LetterState
from quetsach_portal.reports.after_signing import words_on_paper
from quetsach_portal.reports.models.document import ReportDocument
from quetsach_portal.reports.models.report import InputUsed, ReportInput, ReportVersion, VersionKind
from quetsach_portal.reports.phase_forms.changing import form_of
from quetsach_portal.reports.queries import figures_of, node_key, parent_id_in
from quetsach_portal.reports.totals.adding import Absence, names_of
from quetsach_portal.reports.writing.looked import look_of_version
from quetsach_portal.units.models import OrgUnit, UnitKind, line_of


def official_report(document: ReportDocument) -> OfficialReport:
    """Return the report as it is printed. Errors: E450 when the version was changed."""
    version = document.version
    form = form_of(version.form)
    children = _children(version)
    return OfficialReport(
        form=form,
        figures=figures_of(version),
        head=_head(document),
        basis=_basis(version),
        words=words_on_paper(version),
        signer=_signer(document),
        children=children,
        missing=names_of(version, Absence.MISSING),
        waiting=names_of(version, Absence.WAITING),
        returned=names_of(version, Absence.RETURNED),
        is_nil=version.kind == VersionKind.NIL,
        correction=_correction(version),
        verified=_verified(document, form),
        version=version.n,
        proof=proof_of(version),
        filed=FilingFacts(organ_id=version.slot.node.unit.id_old),
        urgency=letters.UrgencyStamp(document.urgency) if document.urgency else None,
        contact=(document.contact,) if document.contact.strip() else (),
        looked=_looked(version),
    )


def _looked(version: ReportVersion) -> LookedStatement | None:
    """Return what stands behind the version, None where it was made before that was kept."""
    statement = look_of_version(version)
    return statement if statement.words else None


def _verified(document: ReportDocument, form: ReportFormDefinition) -> tuple[RecheckFigures, ...]:
    """Return the re-checks beside their figures: those that had ended when the version was created.

    So all editions of a version are equal, and the signed text is the submitted text.
    """
    beside = {row.derived: row.id for row in form.counts() if row.derived is not None}
    return printed(document.version.slot, beside, until=document.version.created_at)


def proof_of(version: ReportVersion) -> DocumentProof:
    """Return the text at the foot of each page, and the address in the code beside it."""
    return proof_on_pages(version.slot.node.campaign_id, version.sha256)


def addressees(version: ReportVersion) -> tuple[str, ...]:
    """Return the addressees: the office above; for the root the body that ordered the campaign."""
    slot = version.slot
    above = parent_id_in(slot.node, slot.phase)
    if above is not None:
        return (CampaignNode.objects.get(pk=above).name_at_freeze,)
    ordered = authority_of(slot.node.campaign)
    return (ordered.body,) if ordered is not None and ordered.body else ()


def usual_code(unit: OrgUnit, kind: str) -> str:
    """Return the notation of a unit's reports: "BC-UBND" for UBND-TH or by its name, else ""."""
    head = head_of(unit, unit.name)
    if head.is_party:
        return letters.notation_for(head, kind, unit.doc_code or head.code or "")
    body = unit.doc_code.split("-")[0].strip() or head.code
    return f"{kind}-{body}" if body else ""


def head_of(unit: OrgUnit, name: str) -> letters.Letterhead:
    """Return the head of a unit's reports, in the manner of the Party where it belongs to it."""
    return letters.letterhead_of(name, in_party=unit.kind == UnitKind.PARTY)


def _head(document: ReportDocument) -> letters.Letterhead:
    version = document.version
    node = version.slot.node
    head = head_of(node.unit, node.name_at_freeze)
    above = parent_id_in(node, version.slot.phase)
    parent = None
    if head.parent_shown and above is not None:
        over = CampaignNode.objects.select_related("unit").get(pk=above)
        # A party committee reports to the people's committee, and is not below it.
        same = line_of(over.unit.kind) == line_of(node.unit.kind)
        parent = over.name_at_freeze if same else None
    return replace(
        head,
        parent=parent,
        parent_shown=parent is not None,
        code=document.code or None,
        number=document.number,
        place=document.place or None,
        signed_on=document.signed_on,
        addressees=addressees(version),
    )


def _signer(document: ReportDocument) -> letters.LetterSigner | None:
    if not document.signer_name and not document.signer_post:
        return None
    lines = []
    if document.on_behalf_of and document.capacity != LetterCapacity.ON_BEHALF:
        lines.append((letters.SigningCapacity.ON_BEHALF_OF_BODY, document.on_behalf_of))
    if document.capacity:
        lines.append((letters.SigningCapacity(document.capacity), document.capacity_of))
    return letters.LetterSigner(
        document.signer_post or None,
        document.signer_name or None,
        tuple(letters.SignatureLine(*line) for line in lines),
    )


def _basis(version: ReportVersion) -> tuple[str, ...]:
    """Return what the report answers: the letter of the office above, else that of the campaign."""
    node = version.slot.node
    released = Letter.objects.filter(state=LetterState.RELEASED, is_outside=False)
    letters_above = released.filter(node=node.parent_id, campaign=node.campaign)
    letter = letters_above.order_by("-released_at").first()
    if letter is not None:
        number, day = letter.full_number, letter.signed_on
        body, about = letter.issuer_name, letter.subject
    else:
        ordered = authority_of(node.campaign)
        if ordered is None or not ordered.number:
            # Not known: the clerk writes it in. The form may name another campaign's letter.
            return (f"Thực hiện {'.' * 40}, {node.name_at_freeze} báo cáo kết quả như sau:",)
        number, day, body, about = ordered.number, ordered.dated, ordered.body, ordered.about
    # Printed in Vietnamese whatever the language of the page is.
    sentence = f"Thực hiện Công văn số {number}"
    sentence += f" ngày {day:%d/%m/%Y}" if day is not None else ""
    sentence += f" của {body}" if body else ""
    sentence += f" về việc {about}" if about else ""
    return (f"{sentence}, {node.name_at_freeze} báo cáo kết quả như sau:",)


def _children(version: ReportVersion) -> tuple[ChildContribution, ...]:
    inputs = ReportInput.objects.filter(parent_version=version, child_version__isnull=False)
    inputs = inputs.exclude(used=InputUsed.MISSING).order_by(
        "child_slot__node__name_at_freeze", "pk"
    )
    return tuple(
        ChildContribution(
            node_key(row.child_slot.node_id),
            row.child_slot.node.name_at_freeze,
            child.n,
            child.sha256,
            figures_of(child),
            ChildUse(row.used),
            row.reason,
            child.created_at,
        )
        for row in inputs.select_related("child_slot__node", "child_version__form")
        if (child := row.child_version) is not None
    )


def _correction(version: ReportVersion) -> Correction | None:
    """Return the report that it replaces or supplements, if that was issued with a number."""
    if version.kind not in (VersionKind.CORRECTION, VersionKind.SUPPLEMENT):
        return None
    earlier = ReportDocument.objects.filter(version__slot=version.slot_id, number__isnull=False)
    earlier = earlier.filter(version__n__lt=version.n).select_related("version")
    before = earlier.order_by("-version__n", "-seq").first()
    if before is None:
        return None
    unit = version.slot.node.name_at_freeze
    return Correction(
        of=letters.Citation(before.full_number, before.signed_on, unit, kind="Báo cáo"),
        reason=version.reason,
        old=figures_of(before.version),
        is_supplement=version.kind == VersionKind.SUPPLEMENT,
    )


def describe_error(error: QuetsachError) -> str:
    """Return a problem of the engine as one text for users."""
    return f"{error.problem.what()}. {error.problem.todo()}"

"""Official reports for the tests: a unit's own, an added up one, a correction, hostile ones."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime

from quetsach.documents.letters.letter import (
    Citation,
    LetterSigner,
    SignatureLine,
    SigningCapacity,
    UrgencyStamp,
)
from quetsach.documents.reports.report import (
    Correction,
    FilingFacts,
    OfficialReport,
    RecheckFigures,
)
from quetsach.documents.typeset.letterhead import Letterhead
from quetsach.documents.typeset.proof import DocumentProof
from quetsach.forms.adding import add_up
from quetsach.forms.definition import (
    Aggregation,
    Choice,
    CountTable,
    CountUnit,
    FormPart,
    Label,
    ReportField,
    ReportFieldKind,
    ReportFormDefinition,
    TableColumn,
    TableCount,
)
from quetsach.forms.reading import shipped_form
from quetsach.forms.sample import share
from quetsach.forms.values import (
    AbsenceReason,
    Adjustment,
    ChildContribution,
    ChildUse,
    ChosenAnswers,
    FieldRows,
    FigureGrade,
    GradedCount,
    OwnValue,
    SummedFigure,
    TextValue,
    Value,
)

WHERE = "portal.example/kiem-tra"
DIGEST = hashlib.sha256(b"the version").hexdigest()
LINK = f"https://{WHERE}?so=05&ma={DIGEST[:16]}"
PROOF = DocumentProof(DIGEST, WHERE, LINK)
COLUMNS = (
    Label("TT", "No."),
    Label("Nội dung", "Content"),
    Label("Số lượng", "Quantity"),
    Label("Ghi chú", "Remarks"),
)


def label(text: str) -> Label:
    return Label(text, text)


def seed_form() -> ReportFormDefinition:
    return shipped_form("phu-luc-2022")


def every_kind() -> ReportFormDefinition:
    """Return a form with each kind of field, and more counts than fit beside a version."""
    counts = tuple(
        TableCount(f"count_{n}", label(f"Số máy tính đã xử lý theo hạng {n}"), CountUnit.MACHINES)
        for n in range(1, 8)
    )
    texts = Aggregation.TEXTS
    fields = (
        ReportField("words", label("Đánh giá"), aggregation=texts, below=True),
        ReportField(
            "staff",
            label("Số cán bộ"),
            kind=ReportFieldKind.COUNT,
            unit=CountUnit.PEOPLE,
            aggregation=Aggregation.SUM,
        ),
        ReportField(
            "tool",
            label("Công cụ đã dùng"),
            kind=ReportFieldKind.CHOICE,
            aggregation=texts,
            several=True,
            choices=(Choice("a", label("Bkav")), Choice("b", label("Kaspersky"))),
        ),
        ReportField(
            "cases",
            label("Danh sách sự cố"),
            kind=ReportFieldKind.TABLE,
            aggregation=texts,
            columns=(
                TableColumn("name", label("Tên mã độc")),
                TableColumn("seen", label("Số máy"), ReportFieldKind.COUNT, CountUnit.MACHINES),
            ),
        ),
        ReportField("contact", label("Đầu mối"), aggregation=Aggregation.LATEST),
    )
    return replace(
        seed_form(),
        code="every-kind",
        basis=None,
        sections=(
            FormPart("1", label("Thông tin chung"), fields),
            FormPart("2", label("Thông tin số liệu"), table=CountTable(COLUMNS, counts)),
        ),
    )


def digest_of(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def declared(number: int, remark: str = "") -> OwnValue:
    return OwnValue(GradedCount(number, FigureGrade.DECLARED, remark))


def own_of(form: ReportFormDefinition, number: int) -> dict[str, OwnValue]:
    """Return values for every entry of `form`: `number` for a count, its words for the others."""
    found: dict[str, OwnValue] = {}
    for place, entry in enumerate(form.entries()):
        value: Value = GradedCount(number + place, FigureGrade.DECLARED)
        if isinstance(entry, ReportField) and entry.kind is ReportFieldKind.TEXT:
            value = TextValue(f"Nội dung {number}", FigureGrade.DECLARED)
        elif isinstance(entry, ReportField) and entry.kind is ReportFieldKind.CHOICE:
            value = ChosenAnswers((entry.choices[number % 2].id,))
        elif isinstance(entry, ReportField) and entry.kind is ReportFieldKind.TABLE:
            value = FieldRows(((f"Mã độc {number}", *(str(number) for _ in entry.columns[1:])),))
        found[entry.id] = OwnValue(value)
    return found


def child(
    form: ReportFormDefinition, place: int, used: ChildUse = ChildUse.YES, reason: str = ""
) -> ChildContribution:
    name = f"Ủy ban nhân dân xã thứ {place}"
    figures = add_up(form, own_of(form, place), (), {})
    at = datetime(2022, 9, 20, 1, place % 60, tzinfo=UTC)
    return ChildContribution(
        f"n{place}", name, 1 + place % 3, digest_of(name), figures, used, reason, at
    )


def own_report(number: int | None = None) -> OfficialReport:
    """Return the report of one commune, with values from records and from people."""
    form = seed_form()
    own = {
        "unit": OwnValue(TextValue("Ủy ban nhân dân xã Tập Sơn", FigureGrade.DECLARED)),
        "assessment": OwnValue(
            TextValue("Đã rà soát 12 máy.\nKhông phát hiện mã độc.", FigureGrade.MEASURED)
        ),
        "proposals": OwnValue(AbsenceReason.NIL),
        "organisations_informed": OwnValue(GradedCount(14, FigureGrade.MEASURED)),
        "organisations_deployed": OwnValue(
            GradedCount(12, FigureGrade.DECLARED),
            GradedCount(11, FigureGrade.MEASURED),
            "một trường nộp bằng giấy",
        ),
        "people_took_part": OwnValue(GradedCount(0, FigureGrade.ATTESTED)),
    }
    return OfficialReport(
        form=form,
        figures=add_up(form, own, (), {}),
        head=Letterhead(
            unit="Ủy ban nhân dân\nxã Tập Sơn",
            parent_shown=False,
            code="UBND",
            number=number,
            place="Tập Sơn",
            signed_on=None if number is None else date(2022, 9, 28),
            addressees=("Ủy ban nhân dân huyện Trà Cú",),
        ),
        signer=LetterSigner(
            "Phó Chủ tịch",
            "Nguyễn Văn A",
            (
                SignatureLine(SigningCapacity.ON_BEHALF_OF_BODY, "Ủy ban nhân dân"),
                SignatureLine(SigningCapacity.FOR_SUPERIOR, "Chủ tịch"),
            ),
        ),
        recipients=("Như trên", "Lưu: VT"),
        proof=PROOF,
    )


def added_up(form: ReportFormDefinition | None = None, number: int | None = 5) -> OfficialReport:
    """Return the report of a district: children, one late, one left out, two missing, verified."""
    used = seed_form() if form is None else form
    children = (
        *(child(used, place) for place in range(1, 13)),
        child(used, 13, ChildUse.LATE),
        child(used, 14, ChildUse.EXCLUDED, "đã tính ở Phòng Giáo dục và Đào tạo"),
    )
    key = used.counts()[1].id
    adjustments = {key: Adjustment(-3, "hai trường báo cáo trùng")}
    figures = add_up(used, own_of(used, 12), children, adjustments)
    found = share(85, 120)
    assert found is not None
    return replace(
        own_report(number),
        form=used,
        figures=figures,
        head=replace(
            own_report(number).head,
            unit="Ủy ban nhân dân\nhuyện Trà Cú",
            place="Trà Cú",
            addressees=("Ủy ban nhân dân tỉnh Trà Vinh", "Sở Thông tin và Truyền thông"),
        ),
        legal=("Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05/3/2020 về công tác văn thư",),
        children=children,
        missing=("Ủy ban nhân dân xã Đại An", "Ủy ban nhân dân xã Hàm Giang"),
        verified=(
            RecheckFigures(
                "Máy tính đã được xử lý sạch", found, 2345, "máy tính", 0.96, "2022-09", key
            ),
        ),
        filed=FilingFacts(organ_id="000.00.24.H59", catalog=2022, notation="CNTT", copies=4),
    )


def corrected() -> OfficialReport:
    """Return a correction of the district's report: one figure and one text have changed."""
    before = added_up()
    new = dict(before.figures)
    key = before.form.counts()[2].id
    new[key] = replace(new[key], total=GradedCount(300, FigureGrade.DECLARED))
    new["assessment"] = replace(
        new["assessment"], total=TextValue("Đã rà soát lại toàn bộ.", FigureGrade.DECLARED)
    )
    cited = Citation(
        "05/BC-UBND", date(2022, 9, 28), "Ủy ban nhân dân huyện Trà Cú", kind="Báo cáo"
    )
    return replace(
        added_up(number=9),
        figures=new,
        version=2,
        correction=Correction(cited, "Xã Long Hiệp báo cáo lại", before.figures),
    )


def urgent() -> OfficialReport:
    """Return the correction with a stamp of urgency and an address at the foot of page 1."""
    contact = ("Địa chỉ: Khóm 3, thị trấn Trà Cú", "Thư điện tử: vanthu@huyen.example")
    return replace(corrected(), urgency=UrgencyStamp.FLASH, contact=contact)


def hostile(text: str) -> OfficialReport:
    """Return a report that has `text` in every place that a person fills."""
    line = " ".join(text.split())
    form = every_kind()
    said = {
        "words": OwnValue(
            TextValue(text, FigureGrade.MEASURED), TextValue("khác", FigureGrade.MEASURED), text
        ),
        "staff": OwnValue(
            GradedCount(3, FigureGrade.ATTESTED, text), GradedCount(4, FigureGrade.MEASURED), text
        ),
        "tool": OwnValue(ChosenAnswers(("a", "b"))),
        "cases": OwnValue(FieldRows(((text, "2"), ("A", text)))),
        "contact": OwnValue(TextValue(text, FigureGrade.DECLARED)),
        "count_1": declared(1, text),
    }
    below = replace(
        child(form, 1),
        name=text,
        figures=add_up(form, said, (), {}),
        used=ChildUse.LATE,
        reason=text,
    )
    figures = add_up(form, said, (below,), {"count_1": Adjustment(1, text)})
    return replace(
        added_up(form),
        figures=figures,
        head=Letterhead(unit=text, parent=text, code="UBND", place=line, addressees=(line, line)),
        about=line[:400],
        legal=(line,),
        basis=(line,),
        words=(text,),
        signer=LetterSigner(line[:40], line[:40], (SignatureLine(SigningCapacity.BY_ORDER, line),)),
        recipients=(line,),
        children=(below,),
        missing=(text,),
        verified=(),
        correction=Correction(Citation("1/BC-X", None, line), text, added_up(form).figures),
        filed=FilingFacts(),
    )


def figure(value: Value) -> SummedFigure:
    return SummedFigure(None, None, None, value)

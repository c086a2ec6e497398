"""A signed PDF is kept when it is the issued file with good signatures after it."""

import pytest

from quetsach_portal.files import signed_pdf
from quetsach_portal.web.acts import Refused
from tests.portal.reports import papers
from tests.signing.pades.authority import pdf
from tests.signing.pades.test_unchanged import drawn_by_signing

pytestmark = pytest.mark.django_db

UNIT = "Ủy ban nhân dân xã Một"


def test_the_issued_file_with_a_signature_is_taken_and_its_worth_depends_on_trust() -> None:
    issued = pdf()
    copy = papers.signed(issued, papers.holder(UNIT))
    unknown = signed_pdf.judged(copy, original=issued, units=(UNIT,))
    assert [flaw.value for flaw in unknown.verdict.signers[-1].flaws] == ["nobody-trusted"]
    papers.trusted()
    trusted = signed_pdf.judged(copy, original=issued, units=(UNIT,))
    assert trusted.verdict.signers[-1].flaws == ()


def test_what_is_unsigned_changed_or_of_another_unit_is_refused() -> None:
    papers.trusted()
    issued = pdf()
    copy = papers.signed(issued, papers.holder(UNIT))
    for raw, original, unit in (
        (issued, issued, UNIT),
        (copy, pdf("Khac"), UNIT),
        (copy, issued, "Trường khác"),
        (b"%PDF-1.4 rubbish", issued, UNIT),
    ):
        with pytest.raises(Refused) as refused:
            signed_pdf.judged(raw, original=original, units=(unit,))
        assert refused.value.field == "file"


def test_a_picture_on_a_figure_is_refused_for_that_and_not_as_changed() -> None:
    issued = pdf("So may nhiem: 3")
    copy = drawn_by_signing(issued, (72, 715, 160, 740), "Seal")
    with pytest.raises(Refused, match=r"place it on blank|hãy đặt vào chỗ trống"):
        signed_pdf.judged(copy, original=issued, units=(UNIT,))

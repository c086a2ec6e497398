"""The row of a file: accepted only with a digest, its remarks told in words."""

import pytest
from django.db import IntegrityError, transaction

from quetsach_portal.files.models import StoredFile
from tests.portal.files.conftest import Keep
from tests.portal.files.samples import (
    pdf,
    workbook,
)

pytestmark = pytest.mark.django_db


def test_F4_remarks_on_a_workbook_are_kept_and_told(kept: Keep) -> None:
    stored = StoredFile.objects.get(pk=kept(workbook(hidden=True), "a.xlsx", "register").pk)
    assert [one.code for one in stored.remark_list] == ["P141"]
    assert "Ghi chú" in stored.remark_list[0].what()


def test_an_accepted_file_without_a_digest_is_impossible(kept: Keep) -> None:
    stored = kept(pdf(), "a.pdf")
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.filter(pk=stored.pk).update(sha256="")

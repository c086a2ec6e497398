"""Pages of a PDF as pictures."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.page_pictures import WIDTH, page_count, page_picture
from tests.signing.pades.authority import pdf

pytestmark = pytest.mark.django_db


def stored(content: bytes):
    return store_upload(
        SimpleUploadedFile("a.pdf", content), purpose="document", owner_path="/1/", actor=None
    )


def test_a_page_is_a_picture_of_its_width() -> None:
    document = stored(pdf())
    assert page_count(document) == 1
    picture = page_picture(document, 1)
    assert picture is not None
    assert Image.open(BytesIO(picture)).size[0] == pytest.approx(WIDTH, abs=2)
    assert page_picture(document, 2) is None
    assert page_picture(document, 0) is None


def test_what_is_no_pdf_has_no_pages() -> None:
    document = stored(b"%PDF-1.4\n%%EOF\n")
    assert page_count(document) == 0
    assert page_picture(document, 1) is None

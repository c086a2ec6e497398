"""The pages of signature and number lead on in the order of the letter's way."""

import pytest

from quetsach_portal.letters.models import Letter
from quetsach_portal.people.models.roles import Role
from tests.portal.letters import staged
from tests.portal.letters.staged import text

pytestmark = pytest.mark.django_db


def test_the_main_button_follows_the_way_and_the_state(world, client_of) -> None:
    letter = staged.with_clerk(world)
    clerk, page = client_of("TC", Role.CLERK), f"/letters/{letter.pk}/"
    assert f"{page}signer/" in text(clerk.get(page))
    assert clerk.post(f"{page}way", {"way": "number"}).status_code == 302
    assert f"{page}number/" in text(clerk.get(page))
    assert f"{page}signer/" not in text(clerk.get(page))
    assert "signer_name" in clerk.get(f"{page}number/").context["form"].fields
    assert clerk.post(f"{page}way", {"way": "x"}).status_code == 302
    assert Letter.objects.get(pk=letter.pk).way == "number"


def test_the_signer_uploads_the_signed_pdf_and_the_clerk_enters_paper(world, client_of) -> None:
    letter = staged.numbered(world)
    Letter.objects.filter(pk=letter.pk).update(signature=None, original=None)
    page = f"/letters/{letter.pk}/"
    signer = client_of("TC", Role.SIGNER)
    assert signer.get(f"{page}signed/").status_code == 403, "the clerk enters what is on paper"
    Letter.objects.filter(pk=letter.pk).update(way="number")
    assert "Đã cấp số, chưa ký" in text(signer.get(page))
    assert f"{page}sign/" in text(signer.get(page))
    assert signer.get(f"{page}signed/").status_code == 200

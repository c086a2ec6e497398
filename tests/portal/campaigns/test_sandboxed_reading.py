"""Letters are read in a process of their own."""

import html

import pytest

from quetsach_portal.campaigns.actions.preparing import take_letter
from quetsach_portal.campaigns.models.campaign import ReadingState
from tests.portal.campaigns.acting import owner
from tests.portal.campaigns.letters_in import upload
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_document_that_cannot_be_read_says_so(register: World) -> None:
    made = take_letter(
        register.units["TC"], upload("thu.pdf", b"%PDF-1.7\nbroken\n%%EOF\n"), actor=owner(register)
    )
    run_ready()
    made.refresh_from_db()
    assert made.state == ReadingState.FAILED
    page = signed_in(owner(register)).get(f"/campaigns/new/letter/{made.pk}/")
    assert made.problem in html.unescape(page.content.decode())

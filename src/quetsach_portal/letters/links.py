"""Addresses that mails and printed codes lead to: pages that show, and change nothing by a GET."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from quetsach import api
from quetsach_portal.campaigns.public_page import check_address
from quetsach_portal.letters.models import Letter

CHECK_PATH = "/check/"
"""Where anybody asks whether a copy is what was issued; it stands on each page."""


def page_of_letter(letter: Letter) -> str:
    """Return the full address of the letter's page."""
    return f"{settings.QUETSACH.public_url}{reverse('letters:letter', args=[letter.pk])}"


def receipt_path(node_id: int) -> str:
    """Return the path of the page on which the unit of `node_id` confirms receipt."""
    return reverse("followup:receive", args=[node_id])


def receipt_page(node_id: int) -> str:
    """Return the full address of that page."""
    return f"{settings.QUETSACH.public_url}{receipt_path(node_id)}"


def proof_on_pages(campaign_id: int, sha256: str) -> api.DocumentProof:
    """Return what stands at the foot of each page of a document, and the address in its QR code.

    It leads to the public plane where that answers for documents, else to the portal.
    """
    base = check_address(campaign_id) or f"{settings.QUETSACH.public_url}{CHECK_PATH}".rstrip("/")
    where = urlsplit(base)
    return api.DocumentProof(sha256, f"{where.netloc}{where.path}", f"{base}/{sha256[:16]}/")

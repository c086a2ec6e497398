"""Addresses that mails and printed codes lead to: pages that show, and change nothing by a GET."""

from django.conf import settings
from django.urls import reverse

from quetsach_portal.letters.models import Letter


def page_of_letter(letter: Letter) -> str:
    """Return the full address of the letter's page."""
    return f"{settings.QUETSACH.public_url}{reverse('letters:letter', args=[letter.pk])}"


def receipt_path(node_id: int) -> str:
    """Return the path of the page on which the unit of `node_id` confirms receipt."""
    return reverse("followup:receive", args=[node_id])


def receipt_page(node_id: int) -> str:
    """Return the full address of that page."""
    return f"{settings.QUETSACH.public_url}{receipt_path(node_id)}"

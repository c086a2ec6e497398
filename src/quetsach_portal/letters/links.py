"""Addresses that mails and printed codes lead to: pages that show, and change nothing by a GET."""

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from quetsach_portal.letters.models import Letter


def page_of_letter(letter: Letter) -> str:
    """Return the full address of the letter's page."""
    return f"{settings.QUETSACH.public_url}{reverse('letters:letter', args=[letter.pk])}"


def receipt_path(letter: Letter, node_id: int) -> str:
    """Return the path of the page on which `node_id` confirms receipt; "" where there is none."""
    for kwargs in ({"letter_id": letter.pk, "node_id": node_id}, {"letter_id": letter.pk}):
        try:
            return reverse("followup:receipt", kwargs=kwargs)
        except NoReverseMatch:
            continue
    return ""


def receipt_page(letter: Letter, node_id: int) -> str:
    """Return the full address of the page of receipt, the letter's own page where there is none."""
    path = receipt_path(letter, node_id)
    return f"{settings.QUETSACH.public_url}{path}" if path else page_of_letter(letter)

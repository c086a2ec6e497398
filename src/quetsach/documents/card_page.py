"""The handling sheet as a page for a browser: one file, without any outside link."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from quetsach.documents.card import Card
from quetsach.documents.card_pdf import headings
from quetsach.documents.typesetting import qr_svg

CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""The page may load nothing and run nothing, whatever stands in the evidence."""

_TEMPLATE = Path(__file__).with_name("card.html")


def card_page(card: Card) -> str:
    """Return the page; texts of others are escaped, the same sheet gives the same bytes."""
    drawn = Markup(qr_svg(card.qr))  # noqa: S704 - squares drawn by us, no text stands in them
    return (
        _templates()
        .get_template(_TEMPLATE.name)
        .render(card=card, heads=headings(card), qr=drawn, policy=CONTENT_POLICY)
    )


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(_TEMPLATE.parent)
    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

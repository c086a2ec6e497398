"""What a campaign hands out as PDF: posters, leaflets, slides, sheets of steps."""

from quetsach.documents.handouts.faces import find_plain_face
from quetsach.documents.handouts.setting import Handout, handout_pdf, template_bytes
from quetsach.documents.handouts.values import (
    Call,
    Fetched,
    Imprint,
    Leaflet,
    Panel,
    Paper,
    Point,
    Poster,
    Slides,
    StepsSheet,
)

__all__ = [
    "Call",
    "Fetched",
    "Handout",
    "Imprint",
    "Leaflet",
    "Panel",
    "Paper",
    "Point",
    "Poster",
    "Slides",
    "StepsSheet",
    "can_print",
    "handout_pdf",
    "printed_alike",
]


def can_print(language: str) -> bool:
    """Tell whether this system has a typeface for `language`."""
    return find_plain_face(language) is not None


def printed_alike(language: str) -> bytes:
    """Return what decides, beside the texts, how a hand-out looks: templates and typefaces."""
    face = find_plain_face(language)
    named = "" if face is None else ",".join((face.family, *face.also))
    return named.encode() + template_bytes()

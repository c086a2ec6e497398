"""What a campaign hands out as PDF: posters, leaflets, slides, sheets of steps."""

from quetsach.documents.sheets.handouts import (
    CallToAction,
    Handout,
    HandoutPoint,
    Imprint,
    Leaflet,
    Panel,
    Poster,
    PosterSize,
    Slides,
    StepsSheet,
    ToolFacts,
    find_plain_face,
    handout_pdf,
    template_bytes,
)

__all__ = [
    "CallToAction",
    "Handout",
    "HandoutPoint",
    "Imprint",
    "Leaflet",
    "Panel",
    "Poster",
    "PosterSize",
    "Slides",
    "StepsSheet",
    "ToolFacts",
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

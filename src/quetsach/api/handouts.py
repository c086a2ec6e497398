"""What a campaign hands out as PDF: posters, leaflets, slides, sheets of steps."""

from quetsach.documents.sheets.handouts import CallToAction as CallToAction
from quetsach.documents.sheets.handouts import Handout as Handout
from quetsach.documents.sheets.handouts import HandoutPoint as HandoutPoint
from quetsach.documents.sheets.handouts import Imprint as Imprint
from quetsach.documents.sheets.handouts import Leaflet as Leaflet
from quetsach.documents.sheets.handouts import Panel as Panel
from quetsach.documents.sheets.handouts import Poster as Poster
from quetsach.documents.sheets.handouts import PosterSize as PosterSize
from quetsach.documents.sheets.handouts import Slides as Slides
from quetsach.documents.sheets.handouts import StepsSheet as StepsSheet
from quetsach.documents.sheets.handouts import ToolFacts as ToolFacts
from quetsach.documents.sheets.handouts import find_plain_face, template_bytes
from quetsach.documents.sheets.handouts import handout_pdf as handout_pdf


def can_print(language: str) -> bool:
    """Tell whether this system has a typeface for `language`."""
    return find_plain_face(language) is not None


def printed_alike(language: str) -> bytes:
    """Return what decides, beside the texts, how a hand-out looks: templates and typefaces."""
    face = find_plain_face(language)
    named = "" if face is None else ",".join((face.family, *face.also))
    return named.encode() + template_bytes()

"""The kinds of materials, in the order in which they are shown."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _lazy

from quetsach_public.pages.languages import LANGUAGES
from quetsach_public.pages.materials.words import words

__all__ = ["LANGUAGES", "LANGUAGE_NAMES", "SHEETS", "TEXTS", "Kind", "name_of"]


LANGUAGE_NAMES = {"vi": _lazy("Vietnamese"), "en": _lazy("English"), "km": _lazy("Khmer")}


class Kind(StrEnum):
    """What can be pulled."""

    POSTER_A4 = "poster-a4"
    POSTER_A3 = "poster-a3"
    LEAFLET = "leaflet"
    SHEET_WINDOWS = "sheet-windows"
    SHEET_ANDROID = "sheet-android"
    SHEET_IOS = "sheet-ios"
    SHEET_ROUTER = "sheet-router"
    SHEET_MACOS = "sheet-macos"
    SLIDES = "slides"
    LOUDSPEAKER = "loudspeaker"
    CHAT = "chat"


TEXTS = (Kind.LOUDSPEAKER, Kind.CHAT)
"""Those that are plain text."""

SHEETS = {
    Kind.SHEET_WINDOWS: "windows",
    Kind.SHEET_ANDROID: "android",
    Kind.SHEET_IOS: "ios",
    Kind.SHEET_ROUTER: "router",
    Kind.SHEET_MACOS: "macos",
}
"""Those that say what to do on one platform."""


def name_of(kind: str, language: str) -> str:
    """Return what people call it."""
    return str(words(language)["kinds"][kind])

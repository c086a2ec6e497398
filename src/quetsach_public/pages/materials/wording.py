"""Which materials a site offers: files with their editions, and the editions before them."""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from quetsach.instructions.steps import join_words
from quetsach_public import codes
from quetsach_public.pages.campaign import LANGUAGES, PageCampaign, prefix, sentence


@cache
def words(language: str) -> Mapping[str, Any]:
    """Return the words of `language` as nested tables. Raises KeyError for one we do not have."""
    if language not in LANGUAGES:
        raise KeyError(language)
    file = files("quetsach_public.pages.materials").joinpath(f"{language}.toml")
    text = file.read_text(encoding="utf-8")
    return tomllib.loads(join_words(text) if language == "km" else text)


PAGE = "/tai-lieu"
FILES = "/tai-lieu/tep/"
KEPT = "/static/tai-lieu/"
"""Where the site keeps the files; they are asked for under FILES, where they are counted."""

GROUPS = (
    ("print", ("poster-a4", "poster-a3", "leaflet")),
    ("steps", ("sheet-windows", "sheet-android", "sheet-ios", "sheet-router", "sheet-macos")),
    ("show", ("slides",)),
)


@dataclass(frozen=True)
class EarlierEdition:
    """An edition that was replaced; it is named, and no longer given out."""

    number: int
    day: date
    sha256: str


@dataclass(frozen=True)
class MaterialFile:
    """A file in its newest edition.

    Shapes: `ending` is pdf or txt; `kind` and `language` are of our own lists.
    """

    kind: str
    language: str
    number: int
    day: date
    data: bytes
    ending: str = "pdf"
    earlier: tuple[EarlierEdition, ...] = ()

    @property
    def sha256(self) -> str:
        """The digest of the file."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def name(self) -> str:
        """The file's name, which changes with its bytes."""
        end = f"{self.sha256[:8]}.{self.ending}"
        return f"{self.kind}-{self.language}-b{self.number}-{end}"


def counted_as(name: str) -> str:
    """Return what a pull of the file `name` is counted as: its kind and language."""
    return name.rpartition("-b")[0]


def offers(language: str, materials: Sequence[MaterialFile]) -> Mapping[str, Any]:
    """Return what the page in `language` shows: groups of files, each with other languages."""
    by_place = {(one.kind, one.language): one for one in materials}
    printed_in = {one.language for one in materials if one.ending == "pdf"}
    groups = []
    for group, kinds in GROUPS:
        rows = [row for kind in kinds if (row := _row(kind, language, by_place))]
        if rows:
            groups.append({"name": words(language)["page"][group], "rows": rows})
    return {
        "groups": groups,
        "lacks_own": bool(printed_in) and language not in printed_in,
        "texts": {
            kind: f"{FILES}{by_place[kind, language].name}"
            for kind in ("chat", "loudspeaker")
            if (kind, language) in by_place
        },
        "sheets": {
            kind.partition("-")[2]: _file(by_place[kind, language], language)
            for kind in GROUPS[1][1]
            if (kind, language) in by_place
        },
    }


def _row(
    kind: str, language: str, by_place: Mapping[tuple[str, str], MaterialFile]
) -> Mapping[str, Any] | None:
    own = by_place.get((kind, language))
    others = [
        _file(by_place[kind, other], other)
        for other in LANGUAGES
        if other != language and (kind, other) in by_place
    ]
    if own is None and not others:
        return None
    return {
        "name": words(language)["kinds"][kind],
        "file": None if own is None else _file(own, language),
        "others": others,
        "earlier": () if own is None else own.earlier,
    }


def _file(material: MaterialFile, language: str) -> Mapping[str, Any]:
    return {
        "path": f"{prefix(language)}{FILES}{material.name}",
        "language": material.language,
        "size": format_size(len(material.data)),
        "number": material.number,
        "day": f"{material.day:%d/%m/%Y}",
        "sha256": material.sha256,
    }


def format_size(count: int) -> str:
    """Return a size in KB as people with a slow line want to know it, rounded up."""
    return f"{-(-count // 1024)} KB"


SPOKEN = ("chat", "loudspeaker")


def spoken(
    kind: str, language: str, campaign: PageCampaign, *, unit: str, link: str, short: str = ""
) -> str:
    """Return the text of `kind` as `unit` gives it out, with `link` as the address.

    Shapes: `short` is the unit's code for typing, "" where there is none to be said.
    """
    text = words(language)[kind]
    places = {
        "unit": unit,
        "campaign": campaign.title,
        "link": link,
        "domains": ", ".join(campaign.domains) or site_of(campaign, language),
        "site": site_of(campaign, language),
        "code": read_out(short) if kind == "loudspeaker" else codes.format_code(short),
    }
    if kind == "loudspeaker":
        places["amnesty"] = sentence(text, campaign)
    counted = str(text["counted"]).format(**places) if short else ""
    return str(text["text"]).format(**places, counted=counted).strip() + "\n"


def read_out(short: str) -> str:
    """Return a code character by character, with a rest in its middle."""
    return "; ".join(", ".join(part) for part in (short[:4], short[4:]))


def site_of(campaign: PageCampaign, language: str) -> str:
    """Return where the pages of `language` begin, without the scheme, for running text."""
    return f"{campaign.address}{prefix(language)}".partition("://")[2]

"""Compose the texts of a handout for its issuer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from quetsach.api.handouts import (
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
)
from quetsach.instructions.steps import not_at_work, words_of
from quetsach_portal.participation.handouts.giver import SHEETS, HandoutIssuer, HandoutKind
from quetsach_public.pages.campaign import sentence, texts
from quetsach_public.pages.materials.wording import spoken, words
from quetsach_public.pages.tools import ListedTool, serving


@dataclass(frozen=True)
class Edition:
    """A version with its day."""

    number: int
    day: date


def text_of(kind: HandoutKind, language: str, giver: HandoutIssuer) -> str:
    """Return a material that is plain text."""
    link, short = giver.leads_to(language), giver.short
    return spoken(kind, language, giver.campaign, unit=giver.unit, link=link, short=short)


def handout_of(kind: HandoutKind, language: str, giver: HandoutIssuer, edition: Edition) -> Handout:
    """Return the content of a printed or displayed handout."""
    room = _Room(language, giver, edition)
    if kind in SHEETS:
        return _steps(room, SHEETS[kind])
    if kind is HandoutKind.LEAFLET:
        return _leaflet(room)
    if kind is HandoutKind.SLIDES:
        return _slides(room)
    paper = PosterSize.A3 if kind is HandoutKind.POSTER_A3 else PosterSize.A4
    steps = room.each("poster", "one", "two", "three")
    return Poster(room.imprint(), room.call("poster"), steps, paper)


@dataclass(frozen=True)
class _Room:
    language: str
    giver: HandoutIssuer
    edition: Edition

    @property
    def page(self) -> Mapping[str, Any]:
        """The words of the public page, which these repeat."""
        return texts(self.language)

    def say(self, part: str, key: str) -> str:
        places = self.giver.places(self.language)
        return str(words(self.language)[part][key]).format(**places)

    def each(self, part: str, *keys: str) -> tuple[str, ...]:
        return tuple(self.say(part, key) for key in keys)

    def imprint(self) -> Imprint:
        texts, giver, language = words(self.language), self.giver, self.language
        short = str(texts["page"]["edition_short"])
        return Imprint(
            language=language,
            campaign=giver.campaign.title,
            unit=giver.unit,
            link=giver.leads_to(language),
            shown=giver.printed_address(language),
            day=self.edition.day,
            code=giver.code_line(language),
            help=giver.help_line(language),
            edition=short.format(number=self.edition.number, day=f"{self.edition.day:%d/%m/%Y}"),
            review=str(texts["review"]),
        )

    def call(self, part: str) -> CallToAction:
        headline, below = self.each(part, "headline", "below")
        return CallToAction(headline, below, *self.each_of_all("scan", "scan_small"))

    def each_of_all(self, *keys: str) -> tuple[str, ...]:
        return tuple(str(words(self.language)["all"][key]) for key in keys)

    def panel(self, heading: str, *sentences: str, numbered: bool = False) -> Panel:
        return Panel(heading, tuple(HandoutPoint(one) for one in sentences), numbered)

    def steps(self) -> Panel:
        titled = [
            HandoutPoint(self.say("leaflet", f"{key}_text"), self.say("leaflet", key))
            for key in ("one", "two", "three")
        ]
        return Panel(self.say("leaflet", "act"), tuple(titled), numbered=True)

    def why(self) -> Panel:
        cracks = self.page["cracks"]
        return self.panel(cracks["heading"], cracks["one"], cracks["two"], cracks["three"])

    def instead(self) -> Panel:
        cracks = self.page["cracks"]
        named = [cracks[key] for key in ("office", "archive", "pictures", "licence")]
        return self.panel(cracks["instead"], *named)

    def amnesty(self) -> Panel:
        cracks, campaign = self.page["cracks"], self.giver.campaign
        return self.panel(sentence(cracks, campaign), sentence(cracks, campaign, "_text"))

    def fakes(self) -> Panel:
        return self.panel(*self.each("fakes", "heading", "one", "two", "three", "four"))

    def at_work(self) -> Panel:
        return self.panel(words_of(self.language)["heading"], not_at_work(self.language))

    def tools(self) -> Panel:
        if not self.giver.campaign.address:
            return self.panel(self.say("leaflet", "tools"), self.page["tools"]["none"])
        return self.panel(*self.each("leaflet", "tools", "tools_text"))


def _leaflet(room: _Room) -> Leaflet:
    counted = room.panel(room.say("slides", "join"), room.say("leaflet", "count"))
    return Leaflet(
        room.imprint(),
        room.call("leaflet"),
        left=(room.why(), room.instead()),
        right=(room.steps(), room.at_work(), room.tools(), counted),
        back=(room.fakes(), room.amnesty()),
    )


def _slides(room: _Room) -> Slides:
    harm = room.panel(*room.each("slides", "harm", "harm_one", "harm_two", "harm_three"))
    poster = room.call("poster")
    call = CallToAction(room.say("slides", "title"), poster.headline, poster.scan, poster.private)
    panels = (
        harm,
        room.why(),
        room.instead(),
        room.amnesty(),
        room.steps(),
        room.tools(),
        room.fakes(),
    )
    last = room.panel(*room.each("slides", "join", "join_one", "join_two", "join_three"))
    return Slides(room.imprint(), call, panels, last)


_COMMANDS = {
    "windows": 'certutil -hashfile "FILE" SHA256',
    "router": 'certutil -hashfile "FILE" SHA256',
    "macos": "shasum -a 256 ",
    "android": "",
    "ios": "",
}


def _steps(room: _Room, platform: str) -> StepsSheet:
    steps, platform_texts = room.page["steps"], room.page["steps"][platform]
    tools = serving(room.giver.tools, platform)
    return StepsSheet(
        imprint=room.imprint(),
        heading=steps["heading"].format(platform=platform_texts["name"]),
        lead=f"{steps['lead']} {not_at_work(room.language)}",
        steps=tuple(
            HandoutPoint(platform_texts[f"{key}_text"], platform_texts[key])
            for key in ("one", "two", "three")
        ),
        tools_heading=room.say("sheet", "tools"),
        tools=tuple(_fetched(tool, room.page["tools"]) for tool in tools),
        no_tools=room.say("sheet", "no_tools"),
        compare_heading=room.say("sheet", "compare"),
        compare=room.each("sheet", f"compare_{platform}", "compare_then"),
        command=_COMMANDS[platform].replace("FILE", _typed(tools)),
        again=room.say("sheet", "again"),
    )


def _typed(tools: Sequence[ListedTool]) -> str:
    """Return the file name for the command, if there is one file whose name can be typed."""
    plain = re.fullmatch(r"[A-Za-z0-9._-]{1,60}", tools[0].file) if len(tools) == 1 else None
    return plain[0] if plain else "FILE"


def _fetched(tool: ListedTool, labels: Mapping[str, str]) -> ToolFacts:
    facts = (
        (labels["maker"], tool.maker),
        (labels["version"], tool.version),
        (labels["file"], tool.file),
        (labels["address"], tool.address),
    )
    return ToolFacts(tool.name, facts, labels["digest"], tool.sha256)

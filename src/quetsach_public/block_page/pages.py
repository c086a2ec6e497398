"""The block page in three languages, laid out at the start, filled for each request."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from importlib.resources import files
from typing import Any

from quetsach.instructions.steps import (
    at_once,
    instruction,
    technicians_work,
    words_of,
)
from quetsach_public.block_page.releasing import ReleaseMethod
from quetsach_public.block_page.settings import BlockPageSettings
from quetsach_public.block_page.status import AddressHistory, BlockPageState
from quetsach_public.pages.building import PLATFORMS, page_templates
from quetsach_public.pages.campaign import LANGUAGES, texts
from quetsach_public.pages.filling import filled
from quetsach_public.settings import VIETNAM

HERE = "/.quetsach"
"""Before all addresses of ours: everything else belongs to the name that was asked for."""

ASSETS = {
    f"{HERE}/page.css": ("page.css", "text/css; charset=utf-8"),
    f"{HERE}/held.js": ("held.js", "text/javascript; charset=utf-8"),
    f"{HERE}/icon.svg": ("icon.svg", "image/svg+xml"),
}


@dataclass(frozen=True)
class PageFrames:
    """The pages of a language, with slots."""

    language: str
    words: Mapping[str, str]
    held: str
    wait: str


def frames(settings: BlockPageSettings) -> dict[str, PageFrames]:
    """Return the frames by language."""
    environment = page_templates()
    frames_by_language = {}
    for language in LANGUAGES:
        words = texts(language)
        context = {
            "t": {"review": "", **words},
            "words": words["held"],
            "language": language,
            "languages": [(one, texts(one)["language"]) for one in LANGUAGES],
            "platforms": PLATFORMS,
            "here": HERE,
            "minutes": round(settings.wait_s / 60),
            "hours": round(settings.release_s / 3600),
            "releases": settings.way is not ReleaseMethod.NONE,
            "settings": settings,
            "i": words_of(language),
            "at_once": at_once(settings.place, language),
            "work": technicians_work(language),
        }
        listed_page = environment.get_template("held.html").render(**context, rest="")
        waiting_page = environment.get_template("held-wait.html").render(**context, rest="/cho")
        frames_by_language[language] = PageFrames(
            language, words["held"], listed_page, waiting_page
        )
    return frames_by_language


def asset(path: str) -> tuple[bytes, str] | None:
    """Return the bytes and the kind of a file of ours."""
    if path not in ASSETS:
        return None
    name, kind = ASSETS[path]
    return files("quetsach_public.pages").joinpath(f"static/{name}").read_bytes(), kind


def block_page(
    frame: PageFrames, *, name: str, address: str, platform: str, proof: str, anew: bool = False
) -> bytes:
    """Return what happened and what to do; `name` only where it is on the list.

    Shapes: `proof` goes back with the press; `anew` says that a press could not be taken.
    """
    said = frame.words["what_name"] if name else frame.words["what"]
    slots = {
        "what": escape(said).replace("{name}", f"<b>{escape(name)}</b>"),
        "address": escape(address),
        "proof": escape(proof),
        "disconnect": escape(instruction("disconnect", frame.language, machine=platform).text),
        "anew": "" if anew else " hidden",
        f"open-{platform if platform in PLATFORMS else 'windows'}": " open",
    }
    return filled(frame.held, slots)


def wait_page(
    frame: PageFrames, phase: BlockPageState, stand: AddressHistory, settings: BlockPageSettings
) -> bytes:
    """Return the state of the address, and the next step."""
    slots = {
        "kind": _KINDS[phase],
        "said": escape(phase_sentence(frame, phase, stand, settings)),
        "phase": phase.value,
        "again": "" if phase in (BlockPageState.ASKED, BlockPageState.HELD) else " hidden",
    }
    return filled(frame.wait, slots)


_KINDS = {
    BlockPageState.HELD: "cannot-tell",
    BlockPageState.WAITING: "cannot-tell",
    BlockPageState.ASKED: "seen",
    BlockPageState.QUIET: "not-seen",
    BlockPageState.RELEASED: "not-seen",
    BlockPageState.HANDLED: "not-seen",
}


def phase_sentence(
    frame: PageFrames, phase: BlockPageState, stand: AddressHistory, settings: BlockPageSettings
) -> str:
    """Return the sentence of a phase."""
    return frame.words[f"is_{phase.value}"].format(
        pressed=_time(stand.pressed_at),
        check=_time(stand.pressed_at + settings.wait_s),
        asked=_time(stand.asked_at),
        until=_time(stand.released_until),
        handled=_time(stand.handled_at),
    )


def as_json(
    frame: PageFrames, phase: BlockPageState, stand: AddressHistory, settings: BlockPageSettings
) -> dict[str, Any]:
    """Return the same for the page's script."""
    said = phase_sentence(frame, phase, stand, settings)
    return {"phase": phase.value, "kind": _KINDS[phase], "said": said}


def _time(at: float) -> str:
    return f"{datetime.fromtimestamp(at, VIETNAM):%H:%M}"

"""Lay the pages out: whole ones with packed twins, and frames for what is said to one person."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from quetsach.instructions.steps import (
    PLACE_PATHS,
    WORKPLACES,
    MachinePlace,
    at_once,
    instruction,
    not_at_work,
    technicians_work,
    words_of,
)
from quetsach_public.answers import Age, AnswerKind, UnknownReason
from quetsach_public.pages.campaign import (
    LANGUAGES,
    PageCampaign,
    official_site,
    prefix,
    sentence,
    texts,
)
from quetsach_public.pages.folder import (
    folder_aside,
    put_in_place,
    shipped,
    write_hashed,
    write_packed,
)
from quetsach_public.pages.materials.wording import KEPT, PAGE, SPOKEN, MaterialFile, offers, spoken
from quetsach_public.pages.materials.wording import words as material_words
from quetsach_public.pages.recordings import SpokenFile, listening
from quetsach_public.pages.reviews import ReviewState, review_note
from quetsach_public.pages.tools import ListedTool, key_of, paths_of, serving, standing_of
from quetsach_public.qr import qr_svg

PLATFORMS = ("windows", "android", "router", "macos", "ios")
QUESTIONS = ("q1", "q2", "q3", "q4", "q5", "q6")


MATCHING = tuple(
    f"matching/{name}.js"
    for name in (
        *("names", "addresses", "tokens", "urls", "lookup"),
        *("inflate", "archives", "lines", "check", "worker"),
    )
)
"""The scripts of the worker that matches files, in the order in which they build on each other."""

CASES = (
    (
        "fake_one",
        "https://plo.vn/8-trang-web-gia-mao-bo-cong-an-va-cong-an-cac-tinh-post552265.html",
    ),
    (
        "fake_two",
        "https://plo.vn/tin-tac-loi-dung-dai-hoi-dang-dung-ma-doc-chiem-quyen-dieu-khien-danh-cap-"
        "du-lieu-post879449.html",
    ),
)
"""Cases that the page of tools quotes, each with the report in which it stands."""

MORE_PAGES = ("/that-hay-gia", "/cong-cu", "/phan-mem-be-khoa", "/nghia-la-gi", "/hoi-lai")
"""What the row of the head has no room for on a phone."""

CARRIER_INTERFACE = "carrier-api.json"
"""What a carrier's answerer does, as OpenAPI: served as it is, and shown as a page."""

RISKS = ("low", "middle", "high")
_JOINING = (
    *("wrong", "wrong_what", "wrong_old", "wrong_fast", "wrong_code", "wrong_typed"),
    *("wrong_dead", "wrong_mark", "wrong_idle", "idle", "through", "staff", "relative", "public"),
)
_THANKS = ("thanks_unit", "thanks_code", "thanks_all", "thanks_share", "thanks_share_staff")
_SHOWN = ("name", "maker", "version", "sha256")
_SHEETS = (
    ("/nghia-la-gi", "meaning.html"),
    ("/cong-cu", "tools.html"),
    ("/so-tep", "files.html"),
    ("/phan-mem-be-khoa", "cracks.html"),
)


WITH_LIST = "/trang-dau"
"""Where the first page lies that leads to the matching of files: with an open list it is shown."""


@dataclass(frozen=True)
class SiteSheet:
    """A page of the site at its path; frames have slots and are no pages by themselves."""

    path: str
    html: str


def build_site(
    folder: Path,
    campaign: PageCampaign,
    tools: Sequence[ListedTool] = (),
    materials: Sequence[MaterialFile] = (),
    signed: Mapping[str, bytes] | None = None,
    *,
    recordings: Sequence[SpokenFile] = (),
    reviews: Mapping[str, ReviewState] | None = None,
) -> None:
    """Write all pages of all languages to `folder`, which is replaced as a whole.

    Shapes: `pages/<path>/index.html` with `.gz` beside it, `static/` with hashed names,
    `frames.json` by language.
    """
    aside = folder_aside(folder)
    try:
        for recording in recordings:
            write_packed(aside / "static" / "ghi-am" / recording.name, recording.data)
        more = {"recordings": recordings, "reviews": reviews or {}}
        _fill(aside, campaign, tools, materials, signed or {}, more)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    put_in_place(aside, folder)


def _fill(
    aside: Path,
    campaign: PageCampaign,
    tools: Sequence[ListedTool],
    materials: Sequence[MaterialFile],
    signed: Mapping[str, bytes],
    more: Mapping[str, Any],
) -> None:
    listed = {
        "tools": [{key: getattr(one, key) for key in _SHOWN} for one in tools],
        **standing_of(signed),
    }
    assets = {
        "style": write_hashed(aside, "page.css", shipped("page.css")),
        "script": write_hashed(aside, "files.js", shipped("files.js")),
        "match_page": write_hashed(aside, "match.js", shipped("match.js")),
        "match_worker": write_hashed(aside, "matching.js", b"\n".join(map(shipped, MATCHING))),
        "icon": write_hashed(aside, "icon.svg", shipped("icon.svg")),
        "figures_style": write_hashed(aside, "figures.css", shipped("figures.css")),
        "figures_script": write_hashed(aside, "figures.js", shipped("figures.js")),
        "later_script": write_hashed(aside, "later.js", shipped("later.js")),
        "copying": write_hashed(aside, "copy.js", shipped("copy.js")),
        "tools_path": write_hashed(aside, "tools.json", json.dumps(listed).encode()),
        "interface_path": write_hashed(aside, CARRIER_INTERFACE, shipped(CARRIER_INTERFACE)),
    }
    for one in materials:
        write_packed(aside / KEPT.strip("/") / one.name, one.data)
    catalogue = paths_of(signed)
    for path, data in catalogue.items():
        write_packed(aside / path.lstrip("/"), data)
    frames: dict[str, Any] = {}
    for language in LANGUAGES:
        room = _room(language, campaign, tools, assets)
        room.values.update(catalogue=list(catalogue), key=key_of(signed))
        room.values["spoken_files"] = listening(language, more["recordings"])
        room.values["t"] = {**room.values["t"], "review": review_note(language, more["reviews"])}
        room.values.update(_handed_out(language, campaign, materials))
        for sheet in _pages(room):
            name = f"{prefix(language)}{sheet.path}".strip("/")
            write_packed(aside / "pages" / name / "index.html", sheet.html.encode())
        frames[language] = _frames(room)
    text = json.dumps(frames, ensure_ascii=False, sort_keys=True)
    (aside / "frames.json").write_text(text, encoding="utf-8")


def build_closed_site(folder: Path, campaign: PageCampaign) -> None:
    """Write to `folder`, which is replaced as a whole, that the public page is closed."""
    aside = folder_aside(folder)
    assets = {
        "style": write_hashed(aside, "page.css", shipped("page.css")),
        "icon": write_hashed(aside, "icon.svg", shipped("icon.svg")),
    }
    frames = {}
    for language in LANGUAGES:
        page = _room(language, campaign, (), assets).render("closed.html", "/")
        write_packed(aside / "pages" / prefix(language).strip("/") / "index.html", page.encode())
        frames[language] = dict.fromkeys(("closed", "busy", "gone"), page)
    (aside / "frames.json").write_text(json.dumps(frames, ensure_ascii=False), encoding="utf-8")
    put_in_place(aside, folder)


@dataclass(frozen=True)
class _Room:
    """What every template of a language is given."""

    environment: Environment
    values: dict[str, Any]

    def render(self, template: str, here: str, **more: Any) -> str:
        return self.environment.get_template(template).render(**self.values, here=here, **more)


def _room(
    language: str, campaign: PageCampaign, tools: Sequence[ListedTool], assets: Mapping[str, str]
) -> _Room:
    values = {
        "t": {**texts(language), "review": review_note(language, {})},
        "language": language,
        "prefix": prefix(language),
        "prefixes": {one: prefix(one) for one in LANGUAGES},
        "languages": [(one, texts(one)["language"]) for one in LANGUAGES],
        "campaign": campaign,
        "amnesty": {
            "heading": sentence(texts(language)["cracks"], campaign),
            "text": sentence(texts(language)["cracks"], campaign, "_text"),
        },
        **assets,
        "i": words_of(language),
        "not_at_work": not_at_work(language),
        "places": list(PLACE_PATHS.items()),
        "tools": tools,
        "interface": json.loads(shipped(CARRIER_INTERFACE)),
        "scan": qr_svg(f"{campaign.address}{prefix(language)}/nha-mang")
        if campaign.address
        else "",
        "official": official_site(campaign),
        "cases": CASES,
        "more_pages": MORE_PAGES,
        "platforms": PLATFORMS,
        "questions": QUESTIONS,
    }
    return _Room(page_templates(), values)


@cache
def page_templates() -> Environment:
    """Return the templates of all public pages, compiled once: that takes longer than filling."""
    return Environment(
        loader=PackageLoader("quetsach_public.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _handed_out(
    language: str, campaign: PageCampaign, materials: Sequence[MaterialFile]
) -> dict[str, Any]:
    """Return what the templates say of the materials; an address in a text ends in a slot."""
    link = f"{campaign.address}{prefix(language)}@@tail@@"
    spoken_texts = [
        (kind, spoken(kind, language, campaign, unit=campaign.office, link=link)) for kind in SPOKEN
    ]
    names = {one: texts(one)["language"] for one in LANGUAGES}
    offered = offers(language, materials)
    return {
        "m": material_words(language),
        "names": names,
        "offered": offered,
        "spoken": spoken_texts,
    }


def _as_a_start(name: str) -> str:
    """Return a name of devices as it begins a line; iPhone stays as its maker writes it."""
    return name if name[1:2].isupper() else name[:1].upper() + name[1:]


def _place_page(room: _Room, place: MachinePlace) -> str:
    """Return the steps for a machine that belongs to no home, with a slot for its unit."""
    language, words = room.values["language"], room.values["t"]
    names = {"server": words["devices"]["server"]}
    names |= {one: words["steps"][one]["name"] for one in ("android", "ios", "router")}
    others = [
        (_as_a_start(name), instruction("disconnect", language, machine=machine).text)
        for machine, name in names.items()
    ]
    return room.render(
        "place.html",
        PLACE_PATHS[place],
        place=place.value,
        at_once=at_once(place, language),
        work=technicians_work(language),
        others=others,
    )


def _pages(room: _Room) -> Iterator[SiteSheet]:
    words = room.values["t"]
    yield SiteSheet("/", room.render("start.html", "/", has_list=False))
    yield SiteSheet(WITH_LIST, room.render("start.html", "/", has_list=True))
    yield SiteSheet("/lam-sach", room.render("choose.html", "/lam-sach"))
    for place in WORKPLACES:
        page = _place_page(room, place).replace("@@unit@@", "")
        yield SiteSheet(PLACE_PATHS[place], page)
    for path, template in _SHEETS:
        yield SiteSheet(path, room.render(template, path))
    general = room.render("materials.html", PAGE)
    for slot, filled in (("query", ""), ("unit", ""), ("tail", "/")):
        general = general.replace(f"@@{slot}@@", filled)
    yield SiteSheet(PAGE, general)
    yield SiteSheet("/nha-mang/giao-dien", room.render("carrier-api.html", "/nha-mang/giao-dien"))
    yield SiteSheet("/nha-mang/quet", room.render("carrier-print.html", "/nha-mang/quet"))
    for one in PLATFORMS:
        path = f"/lam-sach/{one}"
        own = serving(room.values["tools"], one)
        said = {"words": words["steps"][one], "platform": one, "own": own}
        yield SiteSheet(path, room.render("steps.html", path, **said))


def _results(room: _Room) -> dict[str, str]:
    """Return the part of the page for each answer, with what the answer does not mean."""
    words = room.values["t"]["result"]
    answers = {
        kind.value: (words[name], words[f"{name}_text"], words[f"{name}_not"])
        for kind, name in (
            *((AnswerKind.NOT_SEEN, "not_seen"), (AnswerKind.SEEN, "seen")),
            (AnswerKind.TOO_OLD, "too_old"),
        )
    } | {
        f"{AnswerKind.CANNOT_TELL}:{why}": (words["cannot_tell"], words[why], words["cannot_not"])
        for why in UnknownReason
    }
    return {
        key: room.render(
            "result.html",
            "/kiem-tra",
            kind=key.partition(":")[0],
            shared=key.endswith(f":{UnknownReason.SHARED}"),
            heading=heading,
            said=text,
            not_said=not_said,
            next=words["next_seen" if key == AnswerKind.SEEN else "next_other"],
        )
        for key, (heading, text, not_said) in answers.items()
    }


def _frames(room: _Room) -> dict[str, Any]:
    """Return what is filled for one person: frames with slots, and the words for their slots."""
    words = room.values["t"]
    result = words["result"]
    notices = {
        key: room.render(
            "notice.html", "/", heading=words[f"{key}_title"], said=words[f"{key}_text"]
        )
        for key in ("busy", "gone")
    }
    return {
        "results": _results(room),
        **notices,
        "join": room.render("join.html", "/tham-gia", of_unit=False),
        "join_unit": room.render("join.html", "/tham-gia", of_unit=True),
        "slip": room.render("slip.html", "/phieu"),
        "slip_words": words["slip"],
        "places": {PLACE_PATHS[place]: _place_page(room, place) for place in WORKPLACES},
        "slip_sent": room.render(
            "notice.html", "/phieu", heading=words["slip"]["sent"], said=words["slip"]["sent_text"]
        ),
        "selftest": room.render("selftest.html", "/tu-danh-gia"),
        "thanks": room.render("thanks.html", "/cam-on"),
        "figures": _figures(room),
        "materials": room.render("materials.html", PAGE),
        "verify": room.render("real.html", "/that-hay-gia", can_check=True),
        "verify_none": room.render("real.html", "/that-hay-gia", can_check=False),
        "verify_words": words["documents"],
        "match": room.render("matching.html", "/kiem-tra-tep"),
        "later": room.render("later.html", "/hoi-lai"),
        "later_ticket": room.render("later-ticket.html", "/hoi-lai"),
        "later_push": room.render("later-push.html", "/hoi-lai"),
        "later_path": f"{room.values['prefix']}/hoi-lai",
        "later_words": words["later"]["said"] | {one: result[one] for one in UnknownReason},
        "carrier": room.render("carrier.html", "/nha-mang"),
        "carrier_slip": room.render("carrier-slip.html", "/nha-mang"),
        "carrier_words": words["carrier"]["said"],
        "carrier_interface": room.values["interface_path"],
        "words": {
            **{key: result[key] for key in ("family", "lives", "since", "last", "botnet")},
            **{key: result[key] for key in ("hint_title", "hint_day", "hint_old", "hint_kept")},
            **{age.value: result[age.value] for age in Age},
            **{key: words["join"][key] for key in _JOINING},
            **{key: words["thanks"][key.removeprefix("thanks_")] for key in _THANKS},
            "data_of": words["data_of"],
            **{key: words["selftest"][key] for key in ("result", "missing", *RISKS)},
            "clean": words["menu"]["steps"],
            "materials_unit": room.values["m"]["page"]["lead_unit"],
            "materials_named": room.values["m"]["page"]["lead_named"],
        },
        "devices": words["devices"],
    }


def _figures(room: _Room) -> dict[str, Any]:
    """Return the frame of the figures, with the words that its numbers need."""
    words, dot = room.values["t"]["figures"], "," if room.values["language"] == "en" else "."
    none = room.render("notice.html", "/so-lieu", heading=words["heading"], said=words["none"])
    page = room.render("figures.html", "/so-lieu", dot=dot)
    return {"page": page, "none": none, "words": words, "dot": dot}

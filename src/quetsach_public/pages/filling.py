"""Fill the frames for whoever asks; all that comes from outside is escaped."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import Any

from quetsach_public.answers import Answer, Kind
from quetsach_public.clock import VIETNAM
from quetsach_public.codes import Audience, Unit
from quetsach_public.hints import Hint
from quetsach_public.pages.building import PLATFORMS
from quetsach_public.table import Table

_SLOT = re.compile(r"@@([a-z0-9-]+)@@")


def filled(frame: str, slots: Mapping[str, str]) -> bytes:
    """Return `frame` with its slots; what stands in a slot is never looked at for slots again."""
    return _SLOT.sub(lambda found: slots.get(found[1], ""), frame).encode()


def result_page(
    frames: Mapping[str, Any],
    answer: Answer,
    table: Table | None,
    hints: Sequence[Hint],
    platform: str,
) -> bytes:
    """Return the page of an answer."""
    key = answer.kind.value if answer.why is None else f"{answer.kind}:{answer.why}"
    words = frames["words"]
    on = _steps_for(answer, platform)
    made = "" if table is None else words["data_of"].format(when=shown_time(table.made_at))
    slots = {
        "facts": _facts(answer, words, frames["devices"]),
        "hints": _hints(hints, words),
        "platform": f"/{on}" if on else "",
        "made": escape(made),
    }
    return filled(frames["results"][key], slots)


def join_page(
    frames: Mapping[str, Any],
    *,
    ticket: str,
    code: str = "",
    act: str = "",
    wrong: str = "",
    unit: Unit | None = None,
) -> bytes:
    """Return the form to be counted; `wrong` names the sentence that says what is wrong.

    Shapes: `unit` is whose code it is, where that is known and may be said.
    """
    words = frames["words"]
    slots = {"ticket": escape(ticket), "code": escape(code), f"checked-{act}": " checked"}
    if wrong:
        place = "ma" if wrong in OF_CODES else "viec"
        title = "wrong_mark" if wrong in OF_CODES else "idle" if wrong == "wrong_idle" else "wrong"
        slots["wrong"] = (
            f'<div class="wrong" role="alert"><h2>{escape(words[title])}</h2>'
            f'<p><a href="#{place}">{escape(words[wrong])}</a></p></div>'
        )
    if unit is not None:
        slots["unit"] = (
            f'<p class="unit">{escape(words["through"])} <strong>{escape(unit.name)}</strong>'
            f" ({escape(words[unit.audience.value])})</p>"
        )
    return filled(frames["join_unit" if code and wrong not in OF_CODES else "join"], slots)


OF_CODES = ("wrong_code", "wrong_typed", "wrong_dead")
"""What can be wrong with a code itself."""


def selftest_page(
    frames: Mapping[str, Any], answers: Mapping[str, str], risk: str, steps: str
) -> bytes:
    """Return the self-assessment; with `risk` (low, middle, high, missing) its result above."""
    words = frames["words"]
    slots = {
        f"checked-{one}-{'y' if said == '1' else 'n'}": " checked" for one, said in answers.items()
    }
    if risk:
        kind = {"low": "not-seen", "high": "seen"}.get(risk, "cannot-tell")
        slots["said"] = (
            f'<div class="answer {kind}" role="alert"><h2>{escape(words["result"])}</h2>'
            f'<p>{escape(words[risk])}</p><p><a href="{escape(steps)}">{escape(words["clean"])}</a>'
            "</p></div>"
        )
    return filled(frames["selftest"], slots)


def thanks_page(
    frames: Mapping[str, Any], share: str, code: str, unit: Unit | None = None
) -> bytes:
    """Return the page of thanks with the address to share, and materials under the same code.

    Shapes: `code` as it stands in a query, "" for none; `unit` is whose it is, where that may be
    said.
    """
    words = frames["words"]
    if unit is not None:
        said = words["thanks_unit"].format(unit=unit.name)
    else:
        said = words["thanks_code" if code else "thanks_all"]
    query = f"?ma={escape(code)}" if code else ""
    # A code for staff, pressed by relatives, would count them among the unit's people.
    of_staff = unit is not None and unit.audience is Audience.STAFF
    slots = {
        "said": escape(said),
        "sharing": escape(words["thanks_share_staff" if of_staff else "thanks_share"]),
        "share": escape(share),
        "query": query,
    }
    return filled(frames["thanks"], slots)


def materials_page(frames: Mapping[str, Any], code: str, unit: Unit | None = None) -> bytes:
    """Return the page of materials on which all links bear `code`, as it stands in a query.

    Shapes: `unit` is whose code it is, where that may be said.
    """
    words = frames["words"]
    said = words["materials_unit"]
    if unit is not None:
        said = words["materials_named"].format(unit=unit.name)
    slots = {
        "unit": f'<p class="hint">{escape(said)}</p>',
        "query": f"?ma={escape(code)}",
        "tail": f"/tham-gia?ma={escape(code)}",
    }
    return filled(frames["materials"], slots)


def _steps_for(answer: Answer, platform: str) -> str:
    """Return whose steps are proposed: of what the family lives on before of what is held.

    "" where neither is known.
    """
    asked = answer.seen.family.devices if answer.seen is not None else ()
    known = [{"camera": "router"}.get(one, one) for one in asked]
    if platform in known or (platform in PLATFORMS and not known):
        return platform
    return next((one for one in known if one in PLATFORMS), "")


def _facts(answer: Answer, words: Mapping[str, str], devices: Mapping[str, str]) -> str:
    if answer.kind is not Kind.SEEN or answer.seen is None or answer.age is None:
        return ""
    seen = answer.seen
    name = words["botnet"] if seen.family.name.lower() == "botnet" else seen.family.name
    rows = [
        (words["family"], name),
        (words["lives"], ", ".join(devices[one] for one in seen.family.devices if one in devices)),
        (words["since"], _shown_day(seen.first) if seen.first < seen.last else ""),
        (words["last"], _shown_day(seen.last)),
    ]
    listed = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows if value
    )
    return f"<dl>{listed}</dl><p>{escape(words[answer.age.value])}</p>"


def _hints(hints: Sequence[Hint], words: Mapping[str, str]) -> str:
    if not hints:
        return ""
    said = [
        words["hint_old"].format(what=one.what)
        if one.ended is None
        else words["hint_day"].format(what=one.what, day=_shown_day(one.ended))
        for one in hints
    ]
    listed = "".join(f"<p>{escape(one)}</p>" for one in said)
    return f"<h2>{escape(words['hint_title'])}</h2>{listed}<p>{escape(words['hint_kept'])}</p>"


def _shown_day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def shown_time(at: datetime) -> str:
    """Return a moment as people here read it."""
    return f"{at.astimezone(VIETNAM):%H:%M, %d/%m/%Y}"

"""Fill the frames for each request; all outside text is escaped."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import Any

from quetsach_public.answers import AnswerKind, CheckAnswer, OutdatedSystem
from quetsach_public.codes import CodeAudience, CodeUnit
from quetsach_public.pages.building import PLATFORMS
from quetsach_public.settings import VIETNAM
from quetsach_public.table import AddressTable

_SLOT = re.compile(r"@@([a-z0-9-]+)@@")


def filled(frame: str, slots: Mapping[str, str]) -> bytes:
    """Return `frame` with its slots filled; their content is never searched for slots again."""
    return _SLOT.sub(lambda found: slots.get(found[1], ""), frame).encode()


def result_page(
    frames: Mapping[str, Any],
    answer: CheckAnswer,
    table: AddressTable | None,
    hints: Sequence[OutdatedSystem],
    platform: str,
) -> bytes:
    """Return the page of an answer."""
    key = answer.kind.value if answer.why is None else f"{answer.kind}:{answer.why}"
    words = frames["words"]
    on = _steps_for(answer, platform)
    as_of = "" if table is None else words["data_of"].format(when=format_time(table.made_at))
    slots = {
        "facts": _facts(answer, words, frames["devices"]),
        "hints": _hints(hints, words),
        "platform": f"/{on}" if on else "",
        "made": escape(as_of),
    }
    return filled(frames["results"][key], slots)


def join_page(
    frames: Mapping[str, Any],
    *,
    ticket: str,
    code: str = "",
    act: str = "",
    wrong: str = "",
    unit: CodeUnit | None = None,
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


def slip_page(frames: Mapping[str, Any], code: str, wrong: str = "") -> bytes:
    """Return the form for a slip; `wrong` names the sentence that says what is wrong."""
    slots = {"code": escape(code)}
    if wrong:
        words = frames["slip_words"]
        slots["wrong"] = (
            f'<div class="wrong" role="alert"><h2>{escape(words["wrong"])}</h2>'
            f'<p><a href="#ma">{escape(words[wrong])}</a></p></div>'
        )
    return filled(frames["slip"], slots)


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
    frames: Mapping[str, Any], share: str, code: str, unit: CodeUnit | None = None
) -> bytes:
    """Return the page of thanks with the address to share, and materials under the same code.

    Shapes: `code` as it stands in a query, "" for none; `unit` is whose it is, where that may be
    said.
    """
    words = frames["words"]
    if unit is not None:
        sentence = words["thanks_unit"].format(unit=unit.name)
    else:
        sentence = words["thanks_code" if code else "thanks_all"]
    query = f"?ma={escape(code)}" if code else ""
    # A code for staff, pressed by relatives, would count them among the unit's people.
    of_staff = unit is not None and unit.audience is CodeAudience.STAFF
    slots = {
        "said": escape(sentence),
        "sharing": escape(words["thanks_share_staff" if of_staff else "thanks_share"]),
        "share": escape(share),
        "query": query,
    }
    return filled(frames["thanks"], slots)


def place_page(frames: Mapping[str, Any], path: str, unit: CodeUnit | None) -> bytes:
    """Return the steps of a workplace, with its name where a code told it and it may be said."""
    named = "" if unit is None else f'<p class="unit"><strong>{escape(unit.name)}</strong></p>'
    return filled(frames["places"][path], {"unit": named})


def materials_page(frames: Mapping[str, Any], code: str, unit: CodeUnit | None = None) -> bytes:
    """Return the page of materials on which all links bear `code`, as it stands in a query.

    Shapes: `unit` is whose code it is, where that may be said.
    """
    words = frames["words"]
    sentence = words["materials_unit"]
    if unit is not None:
        sentence = words["materials_named"].format(unit=unit.name)
    slots = {
        "unit": f'<p class="hint">{escape(sentence)}</p>',
        "query": f"?ma={escape(code)}",
        "tail": f"/tham-gia?ma={escape(code)}",
    }
    return filled(frames["materials"], slots)


def _steps_for(answer: CheckAnswer, platform: str) -> str:
    """Return whose steps are proposed: of what the family lives on before of what is held.

    "" where neither is known.
    """
    asked = answer.seen.family.devices if answer.seen is not None else ()
    known = [{"camera": "router"}.get(one, one) for one in asked]
    if platform in known or (platform in PLATFORMS and not known):
        return platform
    return next((one for one in known if one in PLATFORMS), "")


def _facts(answer: CheckAnswer, words: Mapping[str, str], devices: Mapping[str, str]) -> str:
    if answer.kind is not AnswerKind.SEEN or answer.seen is None or answer.age is None:
        return ""
    sighting = answer.seen
    name = words["botnet"] if sighting.family.name.lower() == "botnet" else sighting.family.name
    rows = [
        (words["family"], name),
        (
            words["lives"],
            ", ".join(devices[one] for one in sighting.family.devices if one in devices),
        ),
        (words["since"], shown_day(sighting.first) if sighting.first < sighting.last else ""),
        (words["last"], shown_day(sighting.last)),
    ]
    listed = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows if value
    )
    return f"<dl>{listed}</dl><p>{escape(words[answer.age.value])}</p>"


def _hints(hints: Sequence[OutdatedSystem], words: Mapping[str, str]) -> str:
    if not hints:
        return ""
    by_day: dict[date | None, list[str]] = {}
    for hint in hints:
        names = by_day.setdefault(hint.ended, [])
        names += [] if hint.what in names else [hint.what]
    sentences = [
        words["hint_old"].format(what=", ".join(names))
        if day is None
        else words["hint_day"].format(what=", ".join(names), day=shown_day(day))
        for day, names in by_day.items()
    ]
    listed = "".join(f"<p>{escape(one)}</p>" for one in sentences)
    return f"<h2>{escape(words['hint_title'])}</h2>{listed}<p>{escape(words['hint_kept'])}</p>"


def shown_day(day: date) -> str:
    """Return a day as people here read it."""
    return f"{day:%d/%m/%Y}"


def format_time(at: datetime) -> str:
    """Return a moment as people here read it."""
    return f"{at.astimezone(VIETNAM):%H:%M, %d/%m/%Y}"


COUNTERS = ("deployed", "joined", "line", "scanned", "cleaned", "found", "clean")


def figures_page(
    frame: Mapping[str, Any], figures: Mapping[str, Any], drawn: Mapping[str, str], *, is_old: bool
) -> bytes:
    """Return the page of `figures`.

    Shapes: `frame` is that of a language (`building`), `figures` what the portal wrote, `drawn`
    its pictures as SVG.
    """
    words, dot = frame["words"], frame["dot"]
    slots = {
        "as-of": escape(words["as_of"].format(when=_time(figures["at"]))),
        "stale": f">{escape(words['old'])}" if is_old else " hidden>",
        "counters": "\n".join(_counter(one, figures["counters"], words, dot) for one in COUNTERS),
        "days": drawn["days"],
        "day-rows": "".join(_day(one, dot) for one in reversed(figures["days"])),
        "map": drawn["map"],
        "band-rows": _bands(figures, words, dot),
        "more": escape(words["more"].format(count=figures["more"])) if figures["more"] else "",
        "hourly": escape(words["hourly"].format(when=_time(figures["units_at"]))),
    }
    return filled(frame["page"], slots)


def _counter(name: str, counters: Mapping[str, Any], words: Mapping[str, str], dot: str) -> str:
    count = counters.get(name)
    shown = words["few"] if count is None else _grouped(count, dot)
    looked = counters.get("looked")
    label = words[name].format(
        all=_grouped(counters["units"], dot),
        # A portal of an earlier version does not say it.
        looked="?" if looked is None else _grouped(looked, dot),
    )
    return f'<div><dt>{escape(label)}</dt><dd data-figure="{name}">{escape(shown)}</dd></div>'


def _day(row: Sequence[Any], dot: str) -> str:
    day, people, units = row
    shown = f"{date.fromisoformat(day):%d/%m/%Y}"
    return (
        f"<tr><td>{shown}</td>{_number(_grouped(people, dot))}{_number(_grouped(units, dot))}</tr>"
    )


def _bands(figures: Mapping[str, Any], words: Mapping[str, str], dot: str) -> str:
    bands = []
    for row in figures["rows"]:
        units = f"{_grouped(row['deployed'], dot)}/{_grouped(row['units'], dot)}"
        mark = " ?" if row.get("questioned") else ""
        bands.append(_banded(row["name"], units, row.get("band"), words, mark))
    if (group := figures["group"]) is not None:
        units = _grouped(group["units"], dot)
        bands.append(_banded(words["small"], units, group.get("band"), words))
    return "".join(bands)


def _banded(
    name: str, units: str, band: int | None, words: Mapping[str, str], mark: str = ""
) -> str:
    shown = "–" if band is None else words[f"band_{int(band)}"]
    return f"<tr><td>{escape(name)}</td>{_number(units)}{_number(shown + mark)}</tr>"


def _number(text: str) -> str:
    return f'<td class="n">{escape(text)}</td>'


def _grouped(number: int, dot: str) -> str:
    return f"{int(number):,}".replace(",", dot)


def _time(iso: str) -> str:
    return f"{datetime.fromisoformat(iso).astimezone(VIETNAM):%H:%M, %d/%m/%Y}"

"""Steps for a machine that may be infected, by kind of place and machine.

Who sits at a machine of an office disconnects it, leaves it on, calls and notes the time: scanning
or deleting would destroy what the technician needs. The technician scans, removes and proves. At
home nobody is called: there the cleaning steps of the machine's kind stand at once.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any


class MachinePlace(StrEnum):
    """Where a machine stands, and so who decides what is done with it."""

    OFFICE = "office"
    SCHOOL = "school"
    CLINIC = "clinic"
    HOME = "home"


@dataclass(frozen=True)
class Instruction:
    """One step. Shapes: `text` is a whole sentence, which stands without the title, too."""

    code: str
    title: str
    text: str


_AT_WORK = ("disconnect", "leave_on", "call", "note")
AT_ONCE: Mapping[MachinePlace, tuple[str, ...]] = {
    MachinePlace.OFFICE: _AT_WORK,
    MachinePlace.SCHOOL: _AT_WORK,
    MachinePlace.CLINIC: ("patients", *_AT_WORK),
    MachinePlace.HOME: (),
}
"""What the person at the machine does at once; at home there are the cleaning steps instead."""

WORK = ("scan", "rescan", "cracked", "passwords", "prove", "reconnect")
"""What the technician does afterwards, in this order, in every place but a home."""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "disconnect": ("disconnect", "leave_on", "note"),
    "scan": ("scan", "rescan", "cracked"),
    "passwords": ("passwords", "prove", "reconnect"),
}
"""The three parts of a technician's sheet: he is the one who was called."""

WORKPLACES = tuple(place for place in MachinePlace if AT_ONCE[place])
HOME_STEPS = ("one", "two", "three")
PLACE_PATHS: Mapping[MachinePlace, str] = {
    MachinePlace.OFFICE: "/lam-sach/co-quan",
    MachinePlace.SCHOOL: "/lam-sach/truong-hoc",
    MachinePlace.CLINIC: "/lam-sach/y-te",
    MachinePlace.HOME: "/lam-sach",
}
"""Where the public page shows the steps of a place."""


# Khmer has no spaces, and lines are broken by a dictionary: the words of this list stay whole.

_JOINER = "\u2060"
_WORDS = (
    *("មេ|រោគ", "កុំ|ព្យូ|ទ័រ", "កម្ម|វិធី", "ទូរ|ស័ព្ទ", "យុទ្ធនា|ការ", "អង្គ|ភាព", "បច្ចុប្បន្ន|ភាព"),
    *("រូប|ភាព", "ទុក|ទទេ", "បី|ជំហាន", "ពាក្យ|សម្ងាត់", "ដំណើរ|ការ", "អ៊ី|មែល", "អ៊ីន|ធឺ|ណិត"),
)
_WHOLE = {word.replace("|", ""): word.replace("|", _JOINER) for word in _WORDS}
_FOUND = re.compile("|".join(sorted(_WHOLE, key=len, reverse=True)))


def join_words(text: str) -> str:
    """Return `text` with its words of the list joined."""
    return _FOUND.sub(lambda found: _WHOLE[found[0]], text)


@cache
def words_of(language: str) -> Mapping[str, Any]:
    """Return the words of `language` (vi, en or km). Errors: FileNotFoundError for another."""
    file = Path(__file__).parent.joinpath(f"{language}.toml")
    text = file.read_text(encoding="utf-8")
    return tomllib.loads(join_words(text) if language == "km" else text)


def instruction(code: str, language: str, *, machine: str = "", tool: str = "") -> Instruction:
    """Return one step, as it is for the kind of `machine`; `tool` is the scanner's name.

    Errors: KeyError for a step that is not in the table.
    """
    words = words_of(language)
    step = words["steps"][code]
    text = step.get(machine, step["text"]) if machine else step["text"]
    return Instruction(code, step["title"], text.replace("{tool}", tool or words["scanner"]))


def at_once(place: MachinePlace, language: str, *, machine: str = "") -> tuple[Instruction, ...]:
    """Return what the person at the machine does at once; nothing for a home."""
    return tuple(instruction(code, language, machine=machine) for code in AT_ONCE[place])


def technicians_work(language: str, *, tool: str = "") -> tuple[Instruction, ...]:
    """Return what the technician does after the machine is off the network."""
    return tuple(instruction(code, language, tool=tool) for code in WORK)


def home_steps(language: str, machine: str) -> tuple[Instruction, ...]:
    """Return how people clean a machine of their own. Errors: KeyError for an unknown kind."""
    words = words_of(language)["home"][machine]
    return tuple(Instruction(code, words[code], words[f"{code}_text"]) for code in HOME_STEPS)


def not_at_work(language: str) -> str:
    """Return the sentence that sends people at work from the steps for homes to their own."""
    titles = [step.title for step in at_once(MachinePlace.OFFICE, language)]
    listed = ", ".join([titles[0], *(title[:1].lower() + title[1:] for title in titles[1:])])
    sentence = str(words_of(language)["not_at_work"])
    return sentence.replace("{steps}", listed[:1].lower() + listed[1:])

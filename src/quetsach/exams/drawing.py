"""What an exam asks, drawn from a secret seed: nobody can guess it, and nobody can choose it."""

import hmac
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quetsach.errors.catalogue import N_
from quetsach.errors.exceptions import QuetsachError
from quetsach.exams.truth import (
    FORMAT,
    MOST_MACHINES,
    MOST_OCCASIONS,
    ExamMachine,
    ExamTruth,
    Occasion,
)
from quetsach.hostnames import parse_name, suffix_section
from quetsach.inventory.model import InventoryMachine, NetworkRole
from quetsach.texts import _

MARK_LETTERS = 12
"""A mark has 26 * 32 ** 11 values: nobody meets one by chance, and nobody guesses one."""

_HEAD = "abcdefghijklmnopqrstuvwxyz"
_REST = _HEAD + "234567"

FIRST_PORT, LAST_PORT = 18_000, 31_999
"""Below what systems give out by themselves: Linux from 32768 on, Windows from 49152 on."""

_ASKING = frozenset({NetworkRole.ORDINARY, NetworkRole.SERVER})

_NO_MACHINE = N_("the table names no machine that an exam could ask")
_TOO_MANY = N_("more than 10,000 connections: take fewer machines, or fewer for each")
_NO_WINDOW = N_("the window ends before it begins, or is shorter than a minute for each connection")
_BAD_DOMAIN = N_("the name must be one of your own domain, such as exam.example.gov.vn")


@dataclass(frozen=True)
class ExamOptions:
    """What somebody asks of an exam, before anything is drawn.

    Shapes: `sample` draws so many of the machines, all where it is None; `server` is "" or an
    address in its shortest form. Units: seconds since 1970, UTC.
    """

    domain: str
    from_s: int
    until_s: int
    each: int = 1
    sample: int | None = None
    server: str = ""
    server_port: int = 80


def new_seed() -> str:
    """Return a seed that nobody can guess, as 64 hex digits."""
    return secrets.token_hex(32)


def draw_exam(machines: Sequence[InventoryMachine], wishes: ExamOptions, seed: str) -> ExamTruth:
    """Return the exam that `seed` draws: the same seed, machines and wishes give the same one.

    Machines that ask for others (resolvers, proxies, gateways) are not drawn.
    Errors: E320 when such an exam cannot be.
    """
    asking = [machine for machine in machines if machine.duty in _ASKING]
    _check(asking, wishes)
    drawn = _drawn_machines(len(asking), wishes.sample, seed)
    if len(drawn) * wishes.each > MOST_OCCASIONS:
        raise QuetsachError("E320", wishes.domain, reason=_(_TOO_MANY))
    occasions = _occasions(drawn, wishes, seed)
    return ExamTruth(
        format=FORMAT,
        domain=_own_domain(wishes.domain),
        server=wishes.server,
        server_port=wishes.server_port if wishes.server else 0,
        from_s=wishes.from_s,
        until_s=wishes.until_s,
        seed=seed,
        machines=tuple(map(_exam_machine, asking)),
        # In the order of the marks, which tells nothing of machine or time.
        occasions=tuple(sorted(occasions, key=lambda occasion: occasion.mark)),
    )


def _check(asking: Sequence[InventoryMachine], wishes: ExamOptions) -> None:
    if not asking or len(asking) > MOST_MACHINES:
        raise QuetsachError(
            "E320", wishes.domain, reason=_(_NO_MACHINE if not asking else _TOO_MANY)
        )
    if wishes.until_s - wishes.from_s < 60 * wishes.each:
        raise QuetsachError("E320", "--from, --to", reason=_(_NO_WINDOW))


def _own_domain(text: str) -> str:
    """Return the domain in canonical form. Errors: E320 for a suffix under which all register."""
    name = parse_name(text)
    # With its mark and a dot the name is still at most 253 letters long.
    if name is None or "." not in name.ascii or len(name.ascii) > 253 - MARK_LETTERS - 1:
        raise QuetsachError("E320", text, reason=_(_BAD_DOMAIN))
    if suffix_section(name.ascii):
        raise QuetsachError("E320", text, reason=_(_BAD_DOMAIN))
    return name.ascii


def _drawn_machines(count: int, sample: int | None, seed: str) -> list[int]:
    ranked = sorted(range(count), key=lambda place: _number(seed, f"machine {place}"))
    return sorted(ranked if sample is None else ranked[:sample])


def _occasions(drawn: Sequence[int], wishes: ExamOptions, seed: str) -> Iterator[Occasion]:
    marks: set[str] = set()
    ports = iter(
        sorted(range(FIRST_PORT, LAST_PORT + 1), key=lambda port: _number(seed, f"port {port}"))
    )
    for place in drawn:
        for turn in range(wishes.each):
            name = f"{place} {turn}"
            mark = _mark(_number(seed, f"mark {name}"))
            if mark in marks:
                continue
            marks.add(mark)
            span = wishes.until_s - wishes.from_s
            when_s = wishes.from_s + _number(seed, f"time {name}") % span
            yield Occasion(mark, place, when_s, next(ports))


def _number(seed: str, name: str) -> int:
    # Marks are shown before the exam: no generator whose state they would tell.
    return int.from_bytes(hmac.digest(bytes.fromhex(seed), name.encode(), "sha256"), "big")


def _mark(number: int) -> str:
    number, place = divmod(number, len(_HEAD))
    letters = [_HEAD[place]]
    for _turn in range(MARK_LETTERS - 1):
        number, place = divmod(number, len(_REST))
        letters.append(_REST[place])
    return "".join(letters)


def _exam_machine(machine: InventoryMachine) -> ExamMachine:
    return ExamMachine(machine.key, machine.name, machine.macs, machine.addresses, machine.unit)

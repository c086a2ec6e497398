"""Each occasion of an exam judged: was the machine named that truly made the connection?"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from quetsach.attribution.model import CERTAINTIES, Certainty
from quetsach.errors.catalogue import N_
from quetsach.exams.receipts import ConnectionReceipt
from quetsach.exams.truth import ExamMachine, ExamTruth
from quetsach.inventory.cells import bare_name, is_generic_name, mac_of

_MAC = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}[-:]){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f])")

OTHER_MAC = N_("the hardware address named is none of the machine that connected")
OTHER_ROW = N_("the row of the inventory that was named is another machine's")
OTHER_NAME = N_("the name is another machine's")
OTHER_ADDRESS = N_("the address was not that of the machine that connected")
OTHER_RUNNER = N_("the script was run on another machine of the table")
TWO_MACHINES = N_("its receipt has hardware addresses of several machines of the table")
NOTHING_TO_COMPARE = N_("nothing that was named can be compared with what is known")


class ExamOutcome(StrEnum):
    """What became of one occasion."""

    RIGHT = "right"
    WRONG = "wrong"
    AMONG_RIVALS = "among-rivals"
    NOT_AMONG_RIVALS = "not-among-rivals"
    NO_DEVICE = "no-device"
    NOT_SEEN = "not-seen"
    NO_RECEIPT = "no-receipt"
    NOT_DONE = "not-done"
    VOID = "void"


@dataclass(frozen=True)
class NamedMachine:
    """A machine as the engine names it; "" is not named, `key` is its row of the inventory."""

    device: str
    address: str = ""
    mac: str = ""
    host_name: str = ""
    key: str = ""


@dataclass(frozen=True)
class ExamStatement:
    """What one sighting or trace says of an occasion: who, how sure, by which way, and where.

    Shapes: `steps` as a row of sightings.parquet keeps them, "" where there are none.
    """

    named: NamedMachine
    grade: Certainty
    way: str
    rivals: tuple[NamedMachine, ...] = ()
    sighting: str = ""
    steps: str = ""


@dataclass(frozen=True)
class TrueMachine:
    """The machine of an occasion: its row of the table, and what it said of itself."""

    row: ExamMachine
    receipt: ConnectionReceipt

    @property
    def names(self) -> frozenset[str]:
        """All its names as they are compared; one that thousands share is none."""
        names = (self.row.name, self.receipt.host)
        return frozenset(bare_name(name) for name in names if name and not is_generic_name(name))


@dataclass(frozen=True)
class JudgedOccasion:
    """One occasion with what was said of it, and how it came out.

    Shapes: `by_grade` says for each grade in which something was said whether all of it was right,
    `by_way` the same for each way that led to a name; `why` is a message id in English, "" where
    all is right.
    """

    mark: str
    machine: int
    outcome: ExamOutcome
    why: str = ""
    statements: tuple[ExamStatement, ...] = ()
    by_grade: Mapping[Certainty, bool] = field(default_factory=dict)
    by_way: Mapping[str, bool] = field(default_factory=dict)


def judge_occasions(
    truth: ExamTruth,
    receipts: Mapping[str, ConnectionReceipt],
    statements: Mapping[str, Sequence[ExamStatement]],
    in_evidence: Collection[str],
) -> list[JudgedOccasion]:
    """Return every occasion, judged, in the order of the truth.

    Shapes: `receipts` and `statements` by mark; `in_evidence` are marks that stand there at all.
    """
    owners = _owners(truth)
    judged = []
    for occasion in truth.occasions:
        receipt = receipts.get(occasion.mark)
        void = "" if receipt is None else _why_void(receipt, occasion.machine, owners)
        if receipt is None:
            # Nobody meets a mark by chance: without its receipt the connection took place, too.
            is_done = occasion.mark in in_evidence
            missing = ExamOutcome.NO_RECEIPT if is_done else ExamOutcome.NOT_DONE
            outcome = JudgedOccasion(occasion.mark, occasion.machine, missing)
        elif void:
            outcome = JudgedOccasion(occasion.mark, occasion.machine, ExamOutcome.VOID, void)
        else:
            machine = TrueMachine(truth.machines[occasion.machine], receipt)
            said = tuple(statements.get(occasion.mark, ()))
            outcome = _judged(
                JudgedOccasion(occasion.mark, occasion.machine, ExamOutcome.NOT_SEEN, "", said),
                machine,
                is_seen=occasion.mark in in_evidence,
            )
        judged.append(outcome)
    return judged


def _judged(occasion: JudgedOccasion, true: TrueMachine, *, is_seen: bool) -> JudgedOccasion:
    if not occasion.statements:
        outcome = ExamOutcome.NO_DEVICE if is_seen else ExamOutcome.NOT_SEEN
        return JudgedOccasion(occasion.mark, occasion.machine, outcome)
    by_grade: dict[Certainty, bool] = {}
    by_way: dict[str, bool] = {}
    whys: list[tuple[int, str]] = []
    for statement in occasion.statements:
        why = _why_wrong(statement, true)
        if why == NOTHING_TO_COMPARE:
            continue
        by_grade[statement.grade] = by_grade.get(statement.grade, True) and not why
        if _is_named(statement.grade):
            by_way[statement.way] = by_way.get(statement.way, True) and not why
        if why:
            whys.append((CERTAINTIES.index(statement.grade), why))
    if not by_grade:
        return JudgedOccasion(
            occasion.mark,
            occasion.machine,
            ExamOutcome.VOID,
            NOTHING_TO_COMPARE,
            occasion.statements,
        )
    return JudgedOccasion(
        occasion.mark,
        occasion.machine,
        _outcome(by_grade),
        min(whys)[1] if whys else "",
        occasion.statements,
        by_grade,
        by_way,
    )


def _outcome(by_grade: Mapping[Certainty, bool]) -> ExamOutcome:
    """Return the outcome: one wrong name is wrong, however many others are right."""
    named = [right for grade, right in by_grade.items() if _is_named(grade)]
    if named:
        return ExamOutcome.RIGHT if all(named) else ExamOutcome.WRONG
    every = all(by_grade.values())
    return ExamOutcome.AMONG_RIVALS if every else ExamOutcome.NOT_AMONG_RIVALS


def _is_named(grade: Certainty) -> bool:
    return grade in (Certainty.CERTAIN, Certainty.LIKELY)


def _why_wrong(statement: ExamStatement, true: TrueMachine) -> str:
    """Return why a statement is wrong, "" where it is right."""
    why = why_another(statement.named, true)
    if _is_named(statement.grade) or not why:
        return why
    # Several are possible: it is enough that the true one is among them.
    rivals = [why_another(rival, true) for rival in statement.rivals]
    return "" if "" in rivals else why


def why_another(named: NamedMachine, true: TrueMachine) -> str:
    """Return why the machine named is another one than the true one, "" where it is the same.

    What the machine said of itself goes before the office's table, which the exam is to check, too.
    One part that contradicts is enough; without any part that agrees there is nothing to compare.
    """
    macs = true.receipt.macs or true.row.macs
    mac_agrees = bool(named.mac) and named.mac in macs
    if named.mac and macs and not mac_agrees:
        return OTHER_MAC
    if named.key and named.key != true.row.key:
        return OTHER_ROW
    if mac_agrees or named.key:
        return ""
    name = bare_name(named.host_name)
    if name and not is_generic_name(name) and true.names:
        return "" if name in true.names else OTHER_NAME
    addresses = true.receipt.addresses or true.row.addresses
    if named.address and addresses:
        return "" if named.address in addresses else OTHER_ADDRESS
    return NOTHING_TO_COMPARE


def named_by_text(device: str, truth: ExamTruth, address: str = "") -> NamedMachine:
    """Return the machine that a device's key names: a row's key, "NAME (MAC)", or an address."""
    keys = {machine.key for machine in truth.machines}
    places = [mac for text in _MAC.findall(device) if (mac := mac_of(text)) is not None]
    if device in keys:
        return NamedMachine(device, address, key=device)
    name = _MAC.sub("", device).strip(" ()")
    is_name = bool(name) and name != address
    return NamedMachine(device, address, places[0] if places else "", name if is_name else "")


def _owners(truth: ExamTruth) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    """Return which rows of the table have each hardware address, and which each name."""
    macs: dict[str, set[int]] = {}
    names: dict[str, set[int]] = {}
    for place, machine in enumerate(truth.machines):
        for mac in machine.macs:
            macs.setdefault(mac, set()).add(place)
        if machine.name and not is_generic_name(machine.name):
            names.setdefault(bare_name(machine.name), set()).add(place)
    return macs, names


def _why_void(
    receipt: ConnectionReceipt,
    machine: int,
    owners: tuple[dict[str, set[int]], dict[str, set[int]]],
) -> str:
    """Return why a receipt cannot be that of its machine, "" where it can.

    All that it shares with the table belongs to other rows: the script ran elsewhere. One part that
    fits its own row and another that fits a strange one show a mistake of the table, and that is
    what an exam is to find: it counts. But no machine has the cards of two rows: who wrote so would
    be right whoever is named.
    """
    macs, names = owners
    cards = _rows(receipt.macs, macs)
    if cards and not set.intersection(*cards):
        return TWO_MACHINES
    rows = [*cards, *_rows([bare_name(receipt.host)], names)]
    return OTHER_RUNNER if rows and not any(machine in row for row in rows) else ""


def _rows(parts: Iterable[str], owners: Mapping[str, set[int]]) -> list[set[int]]:
    return [owners[part] for part in parts if part in owners]

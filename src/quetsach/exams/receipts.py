"""Receipts of an exam: what a machine says of itself at the moment of its connection.

They come back from many machines and are strangers' files: small, strict, each told when refused.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from quetsach.addresses import parse_address
from quetsach.atomic_files import read_at_most
from quetsach.errors.catalogue import N_
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.exams.truth import ExamTruth
from quetsach.inventory.cells import mac_of
from quetsach.texts import _

FORMAT = "quetsach-exam-receipt/1"

MOST_RECEIPTS = 50_000
"""How many files of a folder are looked at."""

_MOST_BYTES = 32 * 1024
_NAME = re.compile(r".+\.json", re.IGNORECASE)

_NO_RECEIPT = N_("it is no receipt of an exam")
_OTHER_EXAM = N_("it belongs to another exam")
_NO_MARK = N_("its mark was never drawn")
_TWO = N_("two receipts of one mark contradict each other; neither counts")
_MANY = N_("more receipts than an exam can have")

_Text = Annotated[str, msgspec.Meta(max_length=200)]
_Few = Annotated[tuple[_Text, ...], msgspec.Meta(max_length=64)]


class ConnectionReceipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one machine says of itself and of one connection.

    Shapes: `port` is the source port that it used, 0 where it does not know; `asked` and
    `connected` say whether name and server were tried with success.
    Units: `at` in seconds since 1970, UTC, by the machine's own clock.
    """

    format: Literal["quetsach-exam-receipt/1"]
    exam: _Text
    mark: _Text
    at: Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799)]
    utc_offset: _Text
    host: _Text
    macs: _Few
    addresses: _Few
    port: Annotated[int, msgspec.Meta(ge=0, le=65_535)]
    asked: bool
    connected: bool


@dataclass(frozen=True)
class ReceiptReading:
    """The receipts of an exam by mark, and what was refused, each with its reason."""

    receipts: Mapping[str, ConnectionReceipt]
    problems: tuple[Problem, ...] = ()


def read_receipts(folder: Path, truth: ExamTruth, exam: str) -> ReceiptReading:
    """Return the receipts in `folder`; links are not followed, and folders in it are searched."""
    marks = {occasion.mark for occasion in truth.occasions}
    by_mark: dict[str, ConnectionReceipt] = {}
    twice: set[str] = set()
    problems: list[Problem] = []
    for path in _receipt_files(folder, problems):
        receipt, reason = _read(path)
        if receipt is None or receipt.exam != exam or receipt.mark not in marks:
            if receipt is not None:
                reason = _OTHER_EXAM if receipt.exam != exam else _NO_MARK
            problems.append(_refused(path, reason))
        elif by_mark.setdefault(receipt.mark, receipt) != receipt:
            twice.add(receipt.mark)
            problems.append(_refused(path, _TWO))
    kept = {mark: receipt for mark, receipt in sorted(by_mark.items()) if mark not in twice}
    return ReceiptReading(kept, tuple(problems))


def _receipt_files(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    count = 0
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if not _NAME.fullmatch(name):
                continue
            count += 1
            if count > MOST_RECEIPTS:
                problems.append(_refused(folder, _MANY))
                return
            yield Path(parent, name)


def _read(path: Path) -> tuple[ConnectionReceipt | None, str]:
    if path.is_symlink() or not path.is_file():
        return None, _NO_RECEIPT
    with suppress(QuetsachError, msgspec.MsgspecError, UnicodeError):
        content = read_at_most(path, _MOST_BYTES)
        if len(content) <= _MOST_BYTES:
            # Windows' editors put a mark before the text.
            receipt = msgspec.json.decode(
                content.removeprefix(b"\xef\xbb\xbf"), type=ConnectionReceipt
            )
            return _canonical(receipt), ""
    return None, _NO_RECEIPT


def _canonical(receipt: ConnectionReceipt) -> ConnectionReceipt:
    """Return a receipt with addresses as evidence has them; what is no address falls away."""
    macs = {mac for text in receipt.macs if (mac := mac_of(text)) is not None}
    addresses = {
        str(address)
        for text in receipt.addresses
        if (address := parse_address(text)) is not None and not address.is_loopback
    }
    return msgspec.structs.replace(
        receipt, macs=tuple(sorted(macs)), addresses=tuple(sorted(addresses))
    )


def _refused(path: Path, reason: str) -> Problem:
    return Problem("E323", str(path), {"reason": _(reason)})


def machines_of(receipts: Iterable[ConnectionReceipt], truth: ExamTruth) -> set[int]:
    """Return the places of the machines that took part, by the marks of their receipts."""
    by_mark = {occasion.mark: occasion.machine for occasion in truth.occasions}
    return {by_mark[receipt.mark] for receipt in receipts}

"""Converts a set of indicators to the files of one form: selects, writes, checks for safety."""

import re
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from quetsach.addresses import parse_address
from quetsach.blocklists.choose import BlockChoices, BlockSelection, choose
from quetsach.blocklists.contract import (
    BlockEntry,
    BlockReason,
    Files,
    Mode,
    OmittedIndicator,
    Output,
    Policy,
    ReleaseSummary,
)
from quetsach.blocklists.entries import (
    loaded_name_of,
    planted_address_of,
    planted_name_of,
    stamp,
    until,
    verification_entries,
)
from quetsach.blocklists.folder import (
    FORMAT,
    KEYS_FILE,
    SIDE_FILE,
    PreviousRelease,
    ReleaseDifference,
    difference,
    difference_text,
    keys_text,
    side_text,
)
from quetsach.blocklists.never_block import (
    NeverBlockList,
    built_in,
    find_never_block,
    read_never_block,
)
from quetsach.blocklists.outputs.registry import NAMES, output_named
from quetsach.blocklists.readme import readme
from quetsach.errors.exceptions import QuetsachError
from quetsach.hostnames import parse_name
from quetsach.indicators.model import IndicatorKind, IndicatorSet
from quetsach.indicators.restriction import Audience
from quetsach.texts import _

_NAME = re.compile(r"[a-z][a-z0-9-]{0,23}")
_LARGEST_SERIAL = 2**32 - 2
_LARGEST_SID = 2**31 - 1

README = "README.txt"
CHANGES = "changes.txt"
UNDO = "undo/"


@dataclass(frozen=True)
class ConvertRequest:
    """The request for a conversion.

    Shapes: `never_block` are (name, text) of files; `take` are keys taken in spite of an
    allow-list.
    `audience` None is the own organisation for a file of a device, and its clients as well for a
    form of exchange.
    Units: `days` until the whole release is over.
    """

    form: str
    at: datetime
    mode: Mode = Mode.WATCH
    policy: Policy = Policy.NXDOMAIN
    sensor: tuple[str, ...] = ()
    name: str = "quetsach"
    title: str = ""
    days: int = 30
    number: int = 1
    serial: int | None = None
    first_sid: int = 1_990_000
    limit: int | None = None
    never_block: tuple[tuple[str, str], ...] = ()
    take: frozenset[str] = frozenset()
    whole_address: bool = False
    accept_private: bool = False
    audience: Audience | None = None
    test_name: str | None = None
    test_address: str | None = None
    previous: PreviousRelease | None = None


@dataclass(frozen=True)
class ConvertedRelease:
    """The files of one release in one form, and the facts about them.

    Shapes: `files` are for the device; `undo` takes exactly them back; `delta` leads from the last
    release to this one, where the form can.
    """

    output: Output
    about: ReleaseSummary
    digest: str
    files: Files
    undo: Files
    delta: Files
    chosen: BlockSelection
    written: Sequence[BlockEntry]
    changed: ReleaseDifference | None
    previous_id: str = ""

    def folder(self) -> Files:
        """Return every file of the release's folder."""
        files = {**self.files, **self.delta}
        files |= {UNDO + name: text for name, text in self.undo.items()}
        if self.changed is not None:
            files[CHANGES] = difference_text(self._shown_changes(self.changed))
        files[KEYS_FILE] = keys_text(self.written)
        listed = [*files, README, SIDE_FILE]
        files[README] = readme(
            self.output,
            self.about,
            files=listed,
            lost=self.chosen.left_out,
            noted=self.chosen.noted,
            changed=self.changed,
        )
        files[SIDE_FILE] = side_text(self.facts(listed))
        return files

    def _shown_changes(self, changed: ReleaseDifference) -> ReleaseDifference:
        """Return the changes without the names of what came under a restriction since."""
        withheld = {
            omitted.indicator.key
            for omitted in self.chosen.left_out
            if omitted.why is BlockReason.RESTRICTED
        }
        removed = tuple(block for block in changed.removed if block.indicator.key not in withheld)
        return replace(changed, removed=removed)

    def facts(self, files: Sequence[str]) -> dict[str, Any]:
        """Return the content of the side file."""
        about = self.about
        changed = self.changed
        return {
            "format": FORMAT,
            "form": self.output.name,
            "name": about.name,
            "list_id": about.list_id,
            "set_sha256": self.digest,
            "title": about.title,
            "mode": None if self.output.exchange else about.mode,
            "policy": about.policy if self.output.policies else None,
            "made": stamp(about),
            "expires": until(about),
            "serial": about.serial,
            "number": about.number,
            "test_name": about.test_name,
            "test_address": about.test_address,
            "loaded_name": about.loaded_name if self.output.answers else None,
            "taken": about.taken,
            "left_out_by_reason": Counter(str(omitted.why) for omitted in self.chosen.left_out),
            "audience": about.audience,
            "left_out": [
                _left_out(omitted)
                for omitted in self.chosen.left_out
                if omitted.why is not BlockReason.RESTRICTED
            ],
            "noted": [_left_out(omitted) for omitted in self.chosen.noted],
            "changed": None
            if changed is None
            else {
                "since": self.previous_id,
                "added": len(changed.added),
                "removed": len(changed.removed),
                "kept": changed.kept,
            },
            "files": list(files),
        }


def convert(indicators: IndicatorSet, request: ConvertRequest) -> ConvertedRelease:
    """Return the files that `request` asks for.

    Errors: E240 no such form; E241 it has not this mode; E242 a line of the never-block list;
    E243 a value that does not fit; E245 a file would block something on the never-block list;
    E246 nothing was left.
    """
    output = _output(request.form)
    _check(output, request)
    about = _about(indicators, output, request)
    proofs = verification_entries(output, about)
    for block in proofs:
        if about.never_block.holds(block.indicator):
            reason = _("%(key)s, the test entry of the file, is on the never-block list") % {
                "key": block.indicator.key
            }
            raise QuetsachError("E243", output.name, reason=reason)
    since = {} if request.previous is None else request.previous.entries
    cut = None if output.splits or request.limit is None else request.limit - len(proofs)
    chosen = choose(
        indicators.indicators,
        output,
        about,
        wishes=BlockChoices(request.take, request.whole_address),
        since={key: block.since_us for key, block in since.items()},
        room=cut,
    )
    if not chosen.entries:
        raise QuetsachError("E246", output.name, reason=_most_frequent(chosen))
    about = replace(about, taken=len(chosen.entries), left_out=len(chosen.left_out))
    return _written(output, about, chosen, digest=indicators.digest, request=request)


def _written(
    output: Output,
    about: ReleaseSummary,
    chosen: BlockSelection,
    *,
    digest: str,
    request: ConvertRequest,
) -> ConvertedRelease:
    entries = chosen.written()
    whole = [*verification_entries(output, about), *entries]
    changed = None if request.previous is None else difference(entries, request.previous)
    delta: Files = {}
    # Rules that only watch do not begin to block because entries come and go.
    alike = (output.name, str(about.mode), about.name)
    led_on = request.previous is not None and request.previous.made_as == alike
    # A new name or address to prove each release; the delta must bring that along as well.
    if changed is not None and output.delta is not None and led_on:
        delta = output.delta(
            [*verification_entries(output, about), *changed.added], changed.removed, about
        )
    files = output.render(whole, about)
    _check_never_block(output, about, {**files, **delta})
    undo = {} if output.undo is None else output.undo(whole, about)
    before = "" if request.previous is None else request.previous.list_id
    return ConvertedRelease(
        output, about, digest, files, undo, delta, chosen, entries, changed, before
    )


def _output(name: str) -> Output:
    output = output_named(name)
    if output is None:
        raise QuetsachError("E240", name, known=", ".join(NAMES))
    return output


def _check(output: Output, request: ConvertRequest) -> None:
    if request.mode not in output.modes:
        raise QuetsachError(
            "E241",
            output.name,
            mode=request.mode,
            other=output.modes[0],
            use=", ".join(output.instead),
        )
    if request.policy is not Policy.NXDOMAIN and request.policy not in output.policies:
        raise QuetsachError("E243", output.name, reason=f"--policy {request.policy}")
    sensor_wanted = request.policy is Policy.REDIRECT
    if sensor_wanted != bool(request.sensor):
        raise QuetsachError("E243", output.name, reason=_("--policy redirect requires --sensor"))
    checks = (
        (_NAME.fullmatch(request.name), f"--name {request.name}"),
        (0 < request.days <= 3650, f"--days {request.days}"),
        (0 < request.number < _LARGEST_SID, f"--number {request.number}"),
        (0 < request.first_sid < _LARGEST_SID, f"--sid {request.first_sid}"),
        (request.limit is None or request.limit > 2, f"--limit {request.limit}"),
        (all(map(parse_address, request.sensor)), f"--sensor {' '.join(request.sensor)}"),
    )
    for fits, reason in checks:
        if not fits:
            raise QuetsachError("E243", output.name, reason=reason)


def _about(indicators: IndicatorSet, output: Output, request: ConvertRequest) -> ReleaseSummary:
    list_id = f"qs-{indicators.digest[:12]}"
    base = NeverBlockList() if output.exchange else built_in(accept_private=request.accept_private)
    return ReleaseSummary(
        name=request.name,
        list_id=list_id,
        title=request.title,
        mode=request.mode,
        policy=request.policy,
        at=request.at,
        expires=request.at + timedelta(days=request.days),
        serial=_serial(output, request),
        number=request.number,
        first_sid=request.first_sid,
        limit=request.limit,
        sensor=request.sensor,
        test_name=_test_name(output, request, planted_name_of(list_id)),
        test_address=_test_address(output, request, planted_address_of(list_id)),
        loaded_name=loaded_name_of(list_id),
        never_block=read_never_block(request.never_block, base),
        audience=_audience(output, request),
    )


def _audience(output: Output, request: ConvertRequest) -> Audience:
    if request.audience is not None:
        return request.audience
    return Audience.CLIENTS if output.exchange else Audience.ORGANISATION


def _serial(output: Output, request: ConvertRequest) -> int:
    # Seconds since 1970 rise by themselves and fit until 2106. Undoing takes the one above.
    before = 0 if request.previous is None else request.previous.serial
    if request.serial is None:
        return max(int(request.at.timestamp()), before + 2)
    if not before + 1 < request.serial <= _LARGEST_SERIAL:
        raise QuetsachError("E243", output.name, reason=f"--serial {request.serial}")
    return request.serial


def _test_name(output: Output, request: ConvertRequest, computed: str) -> str:
    if request.test_name is None:
        return computed
    name = parse_name(request.test_name)
    if name is None or "." not in name.ascii:
        raise QuetsachError("E243", output.name, reason=f"--test-name {request.test_name}")
    return name.ascii


def _test_address(output: Output, request: ConvertRequest, computed: str) -> str:
    if request.test_address is None:
        return computed
    address = parse_address(request.test_address)
    if address is None or address.version != 4:
        raise QuetsachError("E243", output.name, reason=f"--test-address {request.test_address}")
    return str(address)


def _check_never_block(output: Output, about: ReleaseSummary, files: Files) -> None:
    """Parse the written files independently: the last check before they are returned.

    Errors: E245.
    """
    if output.exchange:
        return
    pages = IndicatorKind.URL in output.covers
    for name, text in files.items():
        content = "\n".join(_decoded(text)) if name.endswith(".lst") else text
        blocked = find_never_block(
            content, about.never_block, comment=output.comment, pages=pages, answers=about.sensor
        )
        for word in blocked:
            raise QuetsachError("E245", name, reason=word)


def _decoded(text: str) -> Iterator[str]:
    for line in text.splitlines():
        # Lists of addresses are not coded; a coded name has neither a dot nor a colon.
        plain_line = "." in line or ":" in line
        yield line if plain_line else b64decode(line).decode("utf-8", "replace")


def _most_frequent(chosen: BlockSelection) -> str:
    counts = Counter(omitted.why for omitted in chosen.left_out)
    return ", ".join(f"{why} {count}" for why, count in counts.most_common(3)) or "0"


def _left_out(omitted: OmittedIndicator) -> dict[str, Any]:
    origin = next(iter(omitted.indicator.origins), None)
    return {
        "key": omitted.indicator.key,
        "kind": omitted.indicator.kind,
        "rule": omitted.indicator.rule,
        "why": omitted.why,
        "detail": omitted.detail,
        "list": "" if origin is None else origin.list_name,
        "row": None if origin is None else origin.row,
        "place": "" if origin is None else origin.place,
    }

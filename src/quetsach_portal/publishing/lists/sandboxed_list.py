"""Functions that read lists inside the sandbox; they import no Django."""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import msgspec

from quetsach.sandbox.contract import ReportProgress, SandboxLimits, encode_answer
from quetsach_public.addresses import caller_of, is_inside_address, span_of
from quetsach_public.table_writing import MOST_ADDRESSES

LIMITS = SandboxLimits(memory=4 << 30, seconds=1200, file_bytes=1 << 20, answer=256 << 20)
ACT = "quetsach_portal.publishing.lists.sandboxed_list:read_list_in_sandbox"
MOST = {"listed": 1_000_000, "ranges": 100_000, "shared": 20_000}
WIDEST = {4: 6, 6: 12}
"""No network with a shorter prefix is one of a country or of one company."""

_HERE = timezone(timedelta(hours=7))
_USED = frozenset({"allocated", "assigned"})
_CELLS = re.compile(r"[,;\t]")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class ListInput(msgspec.Struct, frozen=True):
    """The file at `path`, of which `kind`; of a registry's file the rows of `country`.

    `today` is the portal's, None for that of this machine.
    """

    path: str
    kind: str
    country: str = ""
    today: date | None = None


class ListContent(msgspec.Struct, frozen=True):
    """What is in a list.

    Shapes: a row is [address, family, first day, last day], [network], or [network, why];
    `left_out` are [reason, how many, first example].
    """

    rows: list[list[str]]
    left_out: list[tuple[str, int, str]] = []


class UnusableList(Exception):
    """Nothing of the file is used; its text is the reason's name."""


def read_list_in_sandbox(payload: bytes, _report: ReportProgress) -> bytes:
    """Answer what is in a list, or the name of the reason why it cannot be used."""
    from quetsach.api import problems

    list_input = msgspec.json.decode(payload, type=ListInput)
    try:
        if list_input.kind == "listed":
            return encode_answer(msgspec.to_builtins(_checked(_listed(list_input), "listed")))
        text = Path(list_input.path).read_bytes().decode("utf-8-sig", "replace")
        rows = _delegated(text, list_input.country) if _is_delegated(text) else _networks(text)
        return encode_answer(
            msgspec.to_builtins(_checked(_gathered(rows, list_input.kind), list_input.kind))
        )
    except UnusableList as unusable:
        return encode_answer(problem=str(unusable))
    except problems.QuetsachError as error:
        return encode_answer(problem=f"{error.problem.what()} {error.problem.todo()}")


class _LeftOut:
    """Counts what is left out, with the first example of each reason."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[int, str]] = {}

    def add(self, reason: str, example: str) -> None:
        count, first = self._held.get(reason, (0, example))
        self._held[reason] = count + 1, first[:120]

    def rows(self) -> list[tuple[str, int, str]]:
        return [(reason, *held) for reason, held in sorted(self._held.items())]


def _checked(read: ListContent, kind: str) -> ListContent:
    if not read.rows:
        raise UnusableList("nothing")
    if len(read.rows) > MOST[kind]:
        raise UnusableList("too-many")
    if kind == "ranges" and sum(_v4_size(row[0]) for row in read.rows) > MOST_ADDRESSES:
        raise UnusableList("too-wide")
    return read


def _v4_size(network: str) -> int:
    version, first, last = span_of(network)
    return last - first + 1 if version == 4 else 0


def _listed(list_input: ListInput) -> ListContent:
    """Return each address with the family that was seen last, its first and its last day."""
    from quetsach.api import problems, traces

    addresses: dict[str, tuple[str, str, str]] = {}
    out = _LeftOut()
    tomorrow = (list_input.today or datetime.now(_HERE).date()) + timedelta(days=1)
    with problems.in_language("vi"):
        for file in traces.read_notice_files([Path(list_input.path)]):
            for wrong in file.rejected:
                out.add(wrong.reason, wrong.excerpt)
            for notice in file.notices:
                caller = caller_of(notice.address)
                if caller is None or is_inside_address(caller):
                    out.add("private-address", notice.address)
                elif notice.when_us is None:
                    out.add("no-time", notice.address)
                else:
                    first, last = _day(notice.when_us), _day(notice.end_us or notice.when_us)
                    if not date(2000, 1, 1) <= first <= last <= tomorrow:
                        out.add("bad-time", notice.address)
                        continue
                    _keep(addresses, notice.address, notice.family, first, last)
    return ListContent(
        [[address, *facts] for address, facts in sorted(addresses.items())], out.rows()
    )


def _keep(
    addresses: dict[str, tuple[str, str, str]], address: str, family: str, first: date, last: date
) -> None:
    family = family[:80]
    earlier = addresses.get(address)
    if earlier is None:
        addresses[address] = family, first.isoformat(), last.isoformat()
        return
    newer = family if family and last.isoformat() >= earlier[2] else earlier[0] or family
    addresses[address] = (
        newer,
        min(earlier[1], first.isoformat()),
        max(earlier[2], last.isoformat()),
    )


def _day(us: int) -> date:
    return datetime.fromtimestamp(us / 1_000_000, UTC).astimezone(_HERE).date()


_Row = tuple[str, "Network | None", str]
"""The line as written, its network, and its reason."""


def _is_delegated(text: str) -> bool:
    head = next((one for one in text.splitlines() if one and not one.startswith("#")), "")
    return head.count("|") >= 5


def _delegated(text: str, country: str) -> Iterator[_Row]:
    """Yield the networks of `country` in a registry's file of what it gave out.

    Source: RIR statistics exchange format: registry|cc|type|start|value|date|status.
    """
    for line in text.splitlines():
        cells = line.strip().split("|")
        if line.startswith("#") or len(cells) < 7 or cells[1].upper() != country.upper():
            continue
        kind, start, size, status = cells[2], cells[3], cells[4], cells[6]
        if kind not in ("ipv4", "ipv6") or status not in _USED:
            continue
        try:
            if kind == "ipv6":
                yield line, ipaddress.ip_network(f"{start}/{int(size)}"), ""
                continue
            first = ipaddress.IPv4Address(start)
            for one in ipaddress.summarize_address_range(first, first + (int(size) - 1)):
                yield line, one, ""
        except ValueError:
            yield line, None, ""


def _networks(text: str) -> Iterator[_Row]:
    for number, line in enumerate(text.splitlines()):
        cells = [one.strip().strip('"') for one in _CELLS.split(line, 1)]
        if not cells[0] or cells[0].startswith("#"):
            continue
        why = " ".join(cells[1].split())[:100] if len(cells) > 1 else ""
        try:
            yield line, ipaddress.ip_network(cells[0]), why
        except ValueError:
            # The first line may name the columns.
            if number:
                yield line, None, why


def _gathered(rows: Iterable[_Row], kind: str) -> ListContent:
    networks: dict[str, str] = {}
    out = _LeftOut()
    for line, network, why in rows:
        if network is None:
            out.add("bad-network", line)
        elif _is_private(network):
            out.add("private-address", line)
        elif network.prefixlen < WIDEST[network.version]:
            out.add("too-wide", line)
        elif network.version == 6 and network.prefixlen > 64:
            out.add("too-narrow", line)
        elif kind == "shared" and not why:
            out.add("no-reason", line)
        else:
            networks.setdefault(str(network), why)
        if len(networks) > MOST[kind]:
            raise UnusableList("too-many")
    rows_of = [[one, why] if kind == "shared" else [one] for one, why in sorted(networks.items())]
    return ListContent(rows_of, out.rows())


def _is_private(network: Network) -> bool:
    ends = (network.network_address, network.broadcast_address)
    callers = [caller_of(str(one)) for one in ends]
    return any(one is None or is_inside_address(one) for one in callers)

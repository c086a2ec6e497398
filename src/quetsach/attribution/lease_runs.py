"""Lease records as runs: what one machine did with one address without a break, as columns.

A machine that renews its lease every hour is one run. That is what makes ten million records few
enough to think about, and it loses nothing: a run keeps its first and its last record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.attribution.columns import (
    TextColumn,
    by_word,
    changes,
    flat,
    numbers,
    path_order,
    shifted,
    worded,
)
from quetsach.attribution.model import LeaseAct
from quetsach.attribution.record_notes import NoteKind, OddRecords, odd_records
from quetsach.clocks import LATEST_US, MICROSECONDS
from quetsach.inventory.cells import bare_name

DEFAULT_LEASE_S = 86_400
"""Taken for a lease whose length the record does not say: a day, the usual setting of routers."""

INFINITE_S = 0xFFFF_FFFF
"""A lease so long never ends (RFC 2131, 3.3)."""

NEVER = 1 << 62
"""The end of what has no end, in us."""

JOIN_US = 30 * 60 * MICROSECONDS
"""Two sightings of a machine on an address at most so far apart mean that it held it between."""

UNTOLD = -1
"""The number of a machine, or of a server, that a record does not name."""

ACTS = tuple(LeaseAct)
GIVEN, RESERVED, SEEN = (
    ACTS.index(one) for one in (LeaseAct.GIVEN, LeaseAct.RESERVED, LeaseAct.SEEN)
)


@dataclass(frozen=True)
class MachineTable:
    """What distinguishes machines, by number: hardware addresses first, then the rest."""

    macs: TextColumn
    clients: TextColumn
    names: TextColumn
    client_of: memoryview
    name_of: memoryview

    def parts(self, machine: int) -> tuple[str, str, str]:
        """Return hardware address, client id and latest name of a machine; "" where unknown."""
        mac = self.macs.text(machine) if machine < len(self.macs) else ""
        client, name = self.client_of[machine], self.name_of[machine]
        return (
            mac,
            self.clients.text(client) if client >= 0 else "",
            self.names.text(name) if name >= 0 else "",
        )

    def find(self, machine: str) -> int | None:
        """Return the number of the machine of this hardware address, client id or name."""
        before = 0
        for words in (self.macs, self.clients, self.names):
            code = words.find(machine)
            if code is not None:
                return before + code
            before += len(words)
        return None

    def key(self, machine: int) -> str:
        """Return what identifies the machine: hardware address, else client id or name."""
        for words in (self.macs, self.clients, self.names):
            if machine < len(words):
                return words.text(machine)
            machine -= len(words)
        return ""


@dataclass(frozen=True)
class LeaseRuns:
    """Runs by address and time, each in a row of these columns; -1 is unknown.

    Shapes: `address`, `machine` and `server` are codes, `act` is a place in ACTS, `first` and
    `last` are rows of `file` and `offset`, which are those of the table that came in.
    Units: `start` and `end` in us since 1970; `end` is NEVER where there is none.
    """

    addresses: TextColumn
    machines: MachineTable
    servers: TextColumn
    address: memoryview
    act: memoryview
    machine: memoryview
    server: memoryview
    start: memoryview
    end: memoryview
    rough: memoryview
    first: memoryview
    last: memoryview
    file: memoryview
    offset: memoryview


def runs_of(
    leases: pa.Table, sources: Sequence[str], offsets: Mapping[int, int]
) -> tuple[LeaseRuns, list[OddRecords]]:
    """Return the runs of lease records in any order, and which records are odd.

    Shapes: `leases` follows LEASE; `offsets` (us to add) by file.
    Cost: one sort.
    """
    leases, odd = _usable(leases)
    when = shifted(flat(leases["when_us"]), leases["file"], offsets)
    address, addresses = worded(leases["address"])
    server, servers = worded(leases["server"])
    machine, machines = _machines(leases, when)
    act = by_word(leases["act"], lambda words: pc.index_in(words, value_set=_ACTS)).cast(pa.int8())
    keys = {
        "address": address,
        "when": when,
        "path": path_order(leases["file"], sources),
        "offset": flat(leases["offset"]),
        "act": act,
        "machine": pc.fill_null(machine, UNTOLD),
        "server": pc.fill_null(server, UNTOLD),
        "end": _ends(act, when, leases["seconds"]),
    }
    del address, when, machine, server, act
    order = pc.sort_indices(pa.table(keys), sort_keys=[(name, "ascending") for name in keys])
    del keys["path"], keys["offset"]
    columns = {name: keys.pop(name).take(order) for name in [*keys]}
    columns["rough"] = pc.fill_null(flat(leases["rough"]), False).cast(pa.uint8()).take(order)
    starts, lasts = _borders(columns)

    def at(name: str, places: pa.Array) -> memoryview:
        return numbers(columns.pop(name).take(places))

    pa.default_memory_pool().release_unused()
    runs = LeaseRuns(
        addresses,
        machines,
        servers,
        start=at("when", starts),
        end=at("end", lasts),
        first=numbers(order.take(starts).cast(pa.uint32())),
        last=numbers(order.take(lasts).cast(pa.uint32())),
        file=numbers(leases["file"]),
        offset=numbers(leases["offset"]),
        **{name: at(name, starts) for name in ("address", "act", "machine", "server", "rough")},
    )
    return runs, odd


def _usable(leases: pa.Table) -> tuple[pa.Table, list[OddRecords]]:
    """Return the records that can be used, and count those that cannot, or that look broken."""
    when = leases["when_us"]
    known_acts = by_word(leases["act"], lambda words: pc.is_in(words, value_set=_ACTS))
    known_acts = pc.fill_null(known_acts, False)
    in_time = pc.and_(pc.greater_equal(when, 0), pc.less(when, LATEST_US))
    addressed = by_word(leases["address"], _is_told)
    mac, client, name = (
        pc.fill_null(by_word(leases[name], _is_told), False)
        for name in ("mac", "client_id", "host_name")
    )
    nobody = pc.invert(pc.or_(pc.or_(mac, client), name))
    holding = by_word(leases["act"], lambda words: pc.is_in(words, value_set=_HOLDING))
    holding = pc.fill_null(holding, False)
    negative = pc.less(leases["seconds"], 0)
    odd = [
        odd_records(NoteKind.UNKNOWN_ACT, pc.invert(known_acts), leases),
        odd_records(NoteKind.TIME_OUT_OF_RANGE, pc.invert(pc.fill_null(in_time, False)), leases),
        odd_records(NoteKind.NO_ADDRESS, pc.invert(pc.fill_null(addressed, False)), leases),
        odd_records(NoteKind.NO_MACHINE, pc.and_(nobody, holding), leases),
        odd_records(NoteKind.END_BEFORE_START, pc.fill_null(negative, False), leases),
    ]
    kept = pc.fill_null(pc.and_(pc.and_(known_acts, in_time), addressed), False)
    if not pc.all(kept, min_count=0).as_py():
        leases = leases.filter(kept)
    return leases, [one for one in odd if one.count]


_ACTS = pa.array([*ACTS], pa.string())
_HOLDING = pa.array([str(LeaseAct.GIVEN), str(LeaseAct.RESERVED), str(LeaseAct.SEEN)])


def _is_told(words: pa.Array) -> pa.Array:
    return pc.greater(pc.utf8_length(words), 0)


def _ends(act: pa.Array, when: pa.Array, lengths: pa.ChunkedArray) -> pa.Array:
    """Return when the lease of each record ends: after a day where no length is recorded."""
    told = pc.fill_null(flat(lengths), 0)
    seconds = pc.if_else(pc.equal(told, 0), DEFAULT_LEASE_S, told)
    seconds = pc.min_element_wise(pc.max_element_wise(seconds, 0), INFINITE_S)
    ends = pc.add(when, pc.multiply(seconds, MICROSECONDS))
    ends = pc.if_else(pc.equal(seconds, INFINITE_S), pa.scalar(NEVER, pa.int64()), ends)
    ends = pc.if_else(pc.equal(act, GIVEN), ends, when)
    ends = pc.if_else(pc.equal(act, RESERVED), pa.scalar(NEVER, pa.int64()), ends)
    return pc.if_else(pc.equal(act, SEEN), pc.add(when, 1), ends)


def _borders(columns: Mapping[str, pa.Array]) -> tuple[pa.Array, pa.Array]:
    """Return the first and the last row of each run."""
    count = len(columns["when"])
    if not count:
        return pa.array([], pa.int64()), pa.array([], pa.int64())
    act, when, end = columns["act"], columns["when"], columns["end"]
    fresh = changes(
        columns["address"], columns["machine"], columns["server"], act, columns["rough"]
    )
    gap = _apart(act, when, end)
    # Who is not named twice need not be one.
    gap = pc.or_(gap, pc.equal(columns["machine"].slice(1), UNTOLD))
    fresh = pc.or_(fresh, pa.concat_arrays([pa.array([True]), gap]))
    starts = pc.indices_nonzero(fresh).cast(pa.int64())
    lasts = pa.concat_arrays([pc.subtract(starts.slice(1), 1), pa.array([count - 1], pa.int64())])
    return starts, lasts


def _apart(act: pa.Array, when: pa.Array, end: pa.Array) -> pa.Array:
    """Return for each row after the first whether it does not go on what the one before began."""
    before = len(when) - 1
    later, until = when.slice(1), end.slice(0, before)
    is_seen = pc.equal(act.slice(1), SEEN)
    over = pc.greater(later, until)
    far = pc.greater(pc.subtract(later, until), JOIN_US - 1)
    goes_on = pc.or_(is_seen, pc.equal(act.slice(1), GIVEN))
    return pc.or_(pc.if_else(is_seen, far, over), pc.invert(goes_on))


def _machines(leases: pa.Table, when: pa.Array) -> tuple[pa.Array, MachineTable]:
    """Return the number of the machine of each record, null where it names none.

    A client id or a name that went with one hardware address only, wherever both were recorded, is
    that machine also where it is alone. Names are one where their first label is.
    """
    mac, macs = worded(leases["mac"])
    client, clients = worded(leases["client_id"])
    name, names = worded(leases["host_name"])
    machine = pc.coalesce(mac, _looked_up(client, mac, len(clients), len(macs)))
    first_name = len(macs) + len(clients)
    bare = _first_of_label(names).take(name)
    machine = pc.coalesce(machine, _looked_up(bare, machine, len(names), first_name))
    count = first_name + len(names)
    latest = [_latest(machine, one, when, count) for one in (client, name)]
    return machine, MachineTable(macs, clients, names, *latest)


def _first_of_label(names: TextColumn) -> pa.Array:
    """Return for each name the first one with its first label: PC-07 for pc-07.xa.example."""
    first_codes: dict[str, int] = {}
    labels = (bare_name(names.text(code)) for code in range(len(names)))
    codes = [first_codes.setdefault(label, code) for code, label in enumerate(labels)]
    return pa.array(codes, pa.int32())


def _looked_up(code: pa.Array, names: pa.Array, words: int, first: int) -> pa.Array:
    """Return the machine of each code: the only one it went with, else one of its own."""
    own = (
        pa.array(range(first, first + words), pa.int32()) if words < 1 else _count_up(first, words)
    )
    both = pa.table({"code": code, "known": names}).filter(
        pc.and_(pc.is_valid(code), pc.is_valid(names))
    )
    if not len(both):
        return own.take(code)
    by_code = both.group_by("code").aggregate([("known", "min"), ("known", "max")])
    by_code = by_code.filter(pc.equal(by_code["known_min"], by_code["known_max"]))
    if len(by_code):
        where = pc.index_in(_count_up(0, words), value_set=by_code["code"])
        own = pc.coalesce(flat(by_code["known_min"]).take(where), own)
    return own.take(code)


def _count_up(first: int, length: int) -> pa.Array:
    ones = pa.repeat(pa.scalar(1, pa.int32()), length)
    return pc.add(pc.cumulative_sum(ones), pa.scalar(first - 1, pa.int32()))


def _latest(machine: pa.Array, code: pa.Array, when: pa.Array, count: int) -> memoryview:
    """Return for each machine the code it had last, -1 where it never had one."""
    uses = pa.table({"machine": machine, "code": code, "when": when}).filter(
        pc.and_(pc.is_valid(machine), pc.is_valid(code))
    )
    if not len(uses):
        return numbers(pa.repeat(pa.scalar(-1, pa.int32()), count))
    pairs = uses.group_by(["machine", "code"]).aggregate([("when", "max")])
    del uses
    order = pc.sort_indices(
        pairs,
        sort_keys=[("machine", "ascending"), ("when_max", "ascending"), ("code", "ascending")],
    )
    owner, last = (flat(pairs[name]).take(order) for name in ("machine", "code"))
    is_last = pa.concat_arrays([changes(owner).slice(1), pa.array([True])])
    owner, last = owner.filter(is_last), last.filter(is_last)
    where = pc.index_in(_count_up(0, count), value_set=owner)
    return numbers(pc.fill_null(last.take(where), -1))

"""The picture of the own network that a sweep has gathered: who is who, seen from its evidence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from quetsach.addresses import CARRIER, Network, is_within
from quetsach.attribution.devices import Attributor
from quetsach.attribution.hourly_devices import HourlyDevices
from quetsach.attribution.identity import Identities
from quetsach.attribution.lease_history import LeaseHistory
from quetsach.attribution.model import InsideEndpoint, OutsideEndpoint
from quetsach.attribution.questions import NetworkContext, Resolver, find_proxies, find_resolvers
from quetsach.attribution.record_notes import RecordNote
from quetsach.scanning.job import WorkerTools
from quetsach.scanning.plan import Plan, splits_of
from quetsach.scanning.translations import PublicEndpoints, scan_translations, translation_search
from quetsach.schema import LEASE, TRANSLATION
from quetsach.sweeping.evidence_checks import (
    ClockEstimates,
    compare_clocks,
    with_servers,
)
from quetsach.sweeping.gather import GatheredEvidence, rows_of
from quetsach.sweeping.naming import SightingNamer
from quetsach.sweeping.own_network import OwnNetwork
from quetsach.sweeping.source_times import (
    DoubtedLeases,
    TimeDoubts,
    confirm,
    doubted,
    known_sources,
    set_zone_origins,
    time_doubts,
)
from quetsach.texts import _

if TYPE_CHECKING:
    from quetsach.attribution.port_blocks import PortBlockRule
    from quetsach.attribution.translations import TranslationHistory

MOST_NATS = 3
"""An office's router, its provider's, and one to spare."""


@dataclass(frozen=True)
class TranslationChains:
    """The translations found, asked from the outside inwards."""

    history: "TranslationHistory"
    doubts: Mapping[str, str] = field(default_factory=dict)

    def chains(
        self, seen: OutsideEndpoint, *, slack_us: int = 0
    ) -> list[tuple[InsideEndpoint, ...]]:
        """Return each chain that can be meant, best first; the last of a chain is inside."""
        chains = _resolve(seen, [self.history], slack_us=slack_us)
        return [tuple(doubted(inner, self.doubts) for inner in chain) for chain in chains]


def _resolve(
    outside: OutsideEndpoint, histories: "list[TranslationHistory]", **slack_us: int
) -> list[tuple[InsideEndpoint, ...]]:
    # Few sweeps ask who was behind a public address.
    from quetsach.attribution.port_blocks import resolve

    return resolve(outside, histories, **slack_us)


def read_translations(
    plan: Plan,
    endpoints: Iterable[OutsideEndpoint],
    tools: WorkerTools,
    *,
    rules: "tuple[PortBlockRule, ...]" = (),
    offsets: Mapping[int, int] | None = None,
    left_out: frozenset[int] = frozenset(),
) -> TranslationChains:
    """Return the translations to `endpoints` that the logs of `plan` record.

    Each pass looks for the addresses that the one before led to: behind a provider's translation
    there is the office's own. `left_out` are files that were read already under another name.
    """
    from quetsach.attribution.translations import TranslationHistory

    questions = list(endpoints)
    sources = [one.shown for one in plan.files]
    tables: list[pa.Table] = []
    done: dict[str, frozenset[int]] = {}
    unread = _unread(questions, done)
    history = TranslationHistory(_joined([]), sources, rules=rules, offsets=offsets or {})
    for _nat in range(MOST_NATS):
        if not unread.ports:
            break
        tables.append(_pass(plan, unread, tools, left_out))
        done.update(unread.ports)
        history = TranslationHistory(_joined(tables), sources, rules=rules, offsets=offsets or {})
        inner = [
            OutsideEndpoint(chain[-1].address, chain[-1].port, question.when_us)
            for question in questions
            for chain in _resolve(question, [history])
        ]
        unread = _unread(inner, done)
    return TranslationChains(history)


def _unread(
    endpoints: Iterable[OutsideEndpoint], done: Mapping[str, frozenset[int]]
) -> PublicEndpoints:
    """Return the addresses with their ports that were not looked for yet."""
    ports: dict[str, set[int] | None] = {}
    for endpoint in endpoints:
        port_set = ports.setdefault(endpoint.address, set())
        if endpoint.port is None:
            ports[endpoint.address] = None
        elif port_set is not None:
            port_set.add(endpoint.port)
    return PublicEndpoints(
        {
            address: frozenset(found or ())
            for address, found in sorted(ports.items())
            if address not in done
        }
    )


def _pass(
    plan: Plan, endpoints: PublicEndpoints, tools: WorkerTools, left_out: frozenset[int]
) -> pa.Table:
    search = translation_search(endpoints, tools.zone, tools.job.options.sieve)
    batches = [
        batch
        for number, file in enumerate(plan.files)
        if file.layout.translates and number not in left_out
        for split in splits_of(number, file)
        for batch in scan_translations(split, search)
    ]
    return pa.Table.from_batches(batches, TRANSLATION)


def _joined(tables: list[pa.Table]) -> pa.Table:
    return pa.concat_tables([TRANSLATION.empty_table(), *tables])


@dataclass(frozen=True, eq=False)
class GatheredNetwork:
    """Histories, clocks and roles, ready to name devices."""

    leases: LeaseHistory
    translations: TranslationChains | None
    attributor: Attributor
    hourly: HourlyDevices
    clocks: ClockEstimates
    because: dict[str, str]
    knowledge: OwnNetwork
    doubts: TimeDoubts
    attributors: Mapping[int, Attributor] = field(default_factory=dict)

    def attributor_of(self, file: int) -> Attributor:
        """Return what names the devices in file number `file`, by its own inside networks."""
        return self.attributors.get(file, self.attributor)

    def naming(self, tools: WorkerTools) -> SightingNamer:
        """Return what names the sightings of this sweep."""
        return SightingNamer(
            self.attributor_of,
            cache(tools.lookup.label),
            self.clocks.offsets_us,
            self.clocks.slack_us,
            self.doubts,
        )

    def notes(self) -> list[RecordNote]:
        """Return what is wrong with the records of leases and translations."""
        translated = self.translations.history.notes() if self.translations is not None else ()
        return [*self.leases.notes(), *translated]


def gather_network(
    gathered: GatheredEvidence,
    plan: Plan,
    tools: WorkerTools,
    knowledge: OwnNetwork,
    outside_questions: tuple[OutsideEndpoint, ...] = (),
) -> GatheredNetwork:
    """Return the picture that the evidence and the office's own tables give.

    `outside_questions` come from notices; the sightings themselves ask others.
    """
    rows = with_servers(lease_rows(gathered.lease_spools), [one.format for one in gathered.sources])
    clocks = _clocks(gathered, plan, rows, tools)
    doubts = time_doubts(gathered.sources)
    sources = [one.path for one in gathered.sources]
    names = Identities(knowledge.inventory, machines_in(rows))
    leases = LeaseHistory(rows, sources, offsets=clocks.offsets_us)
    del rows
    insides = {
        number: networks
        for number, file in enumerate(plan.files)
        if file.declared is not None and (networks := file.declared.networks())
    }
    everywhere = tuple(dict.fromkeys(chain(tools.inside, *insides.values())))
    inside = partial(is_within, networks=everywhere)
    resolvers = find_resolvers(gathered.asks, inside)
    proxies = find_proxies(gathered.relays, inside)
    publics = knowledge.all_publics()
    translations = _translations(gathered, plan, tools, knowledge, outside_questions, clocks)
    if translations is not None:
        translations = replace(translations, doubts=doubts.records)

    told_leases = DoubtedLeases(leases, doubts.records)

    @cache
    def attributor(networks: tuple[Network, ...]) -> Attributor:
        return Attributor(
            told_leases,
            NetworkContext(networks, publics, resolvers, proxies, knowledge.duty),
            tools.lookup.lists_address,
            names=names,
            translations=translations,
            overrides=knowledge.overrides,
        )

    hourly = HourlyDevices(attributor(tools.inside), told_leases, names, knowledge.overrides)
    return GatheredNetwork(
        leases,
        translations,
        attributor(tools.inside),
        hourly,
        clocks,
        _because(resolvers, proxies),
        knowledge,
        doubts,
        {number: attributor(networks) for number, networks in insides.items()},
    )


def _clocks(
    gathered: GatheredEvidence, plan: Plan, rows: pa.Table, tools: WorkerTools
) -> ClockEstimates:
    """Return how the clocks differ; what is known of the times is set in the sources."""
    set_zone_origins(gathered.sources, plan.files, tools.job.options)
    trusted = known_sources(gathered.sources)
    declared_us = {
        number: file.declared.offset_us
        for number, file in enumerate(plan.files)
        if file.declared is not None and file.declared.clock_offset_s is not None
    }
    clocks = compare_clocks(
        gathered.spools,
        rows,
        _of_computers(plan),
        trusted=trusted,
        declared_us=declared_us,
        formats=[one.format for one in gathered.sources],
    )
    confirm(gathered.sources, clocks.found, trusted)
    return clocks


def _translations(
    gathered: GatheredEvidence,
    plan: Plan,
    tools: WorkerTools,
    knowledge: OwnNetwork,
    outside_questions: tuple[OutsideEndpoint, ...],
    clocks: ClockEstimates,
) -> TranslationChains | None:
    """Return the translations that notices and sightings ask for, None where none do."""
    questions = [*outside_questions, *_questions(gathered.spools, knowledge.all_publics())]
    if not questions:
        return None
    twins = frozenset(
        number for number, one in enumerate(gathered.sources) if one.duplicate_of is not None
    )
    return read_translations(
        plan,
        questions,
        tools,
        rules=knowledge.rules,
        offsets=clocks.offsets_us,
        left_out=twins,
    )


def _questions(
    spools: list[tuple[int, Path]], publics: tuple[Network, ...]
) -> Iterator[OutsideEndpoint]:
    """Yield what the sightings ask of translations: those seen from one of our own addresses."""
    if not publics:
        return
    is_public: dict[str, bool] = {}
    for _number, path in spools:
        with path.open("rb") as file, pa.ipc.open_stream(file) as stream:
            for batch in stream:
                table = pa.Table.from_batches([batch])
                when = table.column("@timestamp").cast(pa.int64()).to_pylist()
                address = table.column("source.ip").to_pylist()
                port = table.column("source.port").to_pylist()
                for moment, own_address, own_port in zip(when, address, port, strict=True):
                    if own_address is None:
                        continue
                    if own_address not in is_public:
                        is_public[own_address] = is_within(own_address, publics)
                    if is_public[own_address]:
                        yield OutsideEndpoint(own_address, own_port, moment)


def _of_computers(plan: Plan) -> frozenset[int]:
    """Return the files that a collector took from a single machine."""
    own = (number for number, one in enumerate(plan.files) if one.format.startswith("host-"))
    return frozenset(own)


def lease_rows(spools: Sequence[tuple[int, Path]]) -> pa.Table:
    """Return the rows of LEASE in some spools, with each text kept once.

    Millions of leases repeat the same few.
    """
    parts = []
    for spool in spools:
        rows = rows_of([spool], LEASE)
        columns = [
            column.dictionary_encode()
            if pa.types.is_string(column.type)
            # Copied, or it would keep all that was read with it.
            else pa.concat_arrays([pa.array([], column.type), *column.chunks])
            for column in rows.columns
        ]
        parts.append(pa.table(columns, names=LEASE.names))
    if not parts:
        return LEASE.empty_table()
    rows = pa.concat_tables(parts).unify_dictionaries()
    parts.clear()
    pa.default_memory_pool().release_unused()
    return rows


def machines_in(rows: pa.Table) -> Iterator[tuple[str, str, str]]:
    """Yield each machine that records name: hardware address, client id, name."""
    if not rows.num_rows:
        return
    columns = rows.select(["mac", "client_id", "host_name"]).group_by(
        ["mac", "client_id", "host_name"], use_threads=False
    )
    for row in columns.aggregate([]).to_pylist():
        yield row["mac"] or "", row["client_id"] or "", row["host_name"] or ""


def _because(resolvers: dict[str, Resolver], proxies: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Return in words why an address is taken for one that asks for others."""
    texts = {
        address: _("web proxy of %(clients)s addresses; its own log would tell which one asked")
        % {"clients": len(clients)}
        for address, clients in proxies.items()
    }
    for address, one in resolvers.items():
        facts = {"clients": len(one.clients), "servers": ", ".join(one.servers[:3])}
        texts[address] = _("asked by %(clients)s addresses, and itself asks %(servers)s") % facts
    return texts


MOST_SPOTS = 10_000
"""How many pairs of device and resolver are named."""


def blind_spots_json(gathered: GatheredEvidence, picture: GatheredNetwork) -> list[dict[str, Any]]:
    """Return each inside address that could ask a public resolver unseen, with its device.

    Shapes: `address`, `device`, `resolver` (a name or an address), `path` of the source.
    A line that no indicator brought in tells of addresses only where it is a sample.
    """
    spots = []
    for (client, resolver), (number, when_us) in sorted(gathered.encrypted.items()):
        attributor = picture.attributor_of(number)
        if not attributor.is_inside(client) or is_within(client, (CARRIER,)):
            continue
        offset_us = picture.clocks.offsets_us.get(number, 0)
        at_us = None if when_us is None else when_us + offset_us
        device = attributor.at(client, at_us, picture.clocks.slack_us.get(number, 0))
        spots.append(
            {
                "address": client,
                "device": device.device or client,
                "resolver": resolver,
                "path": gathered.sources[number].path,
            }
        )
        if len(spots) >= MOST_SPOTS:
            break
    return spots

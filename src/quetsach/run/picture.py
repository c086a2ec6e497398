"""The picture of the own network that a sweep has gathered: who is who, seen from its evidence."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import pyarrow as pa

from quetsach.addresses import Network
from quetsach.attribute.devices import Attributor, is_within
from quetsach.attribute.identity import Identities
from quetsach.attribute.lease_history import LeaseHistory
from quetsach.attribute.model import Certainty, Outside
from quetsach.attribute.proxies import find_proxies
from quetsach.attribute.record_notes import RecordNote
from quetsach.attribute.resolvers import Resolver, find_resolvers
from quetsach.attribute.surroundings import Surroundings
from quetsach.pipeline.job import Tools
from quetsach.pipeline.plan import Plan
from quetsach.run.clocks import Clocks, compare_clocks
from quetsach.run.gather import Gathered, rows_of
from quetsach.run.knowledge import Knowledge
from quetsach.run.lease_servers import with_servers
from quetsach.run.name import Naming
from quetsach.run.translations import Chains, read_translations
from quetsach.schema import LEASE
from quetsach.texts import _

HALF_HOUR_US = 1_800_000_000


@dataclass(frozen=True, eq=False)
class Picture:
    """Histories, clocks and roles, ready to name devices."""

    leases: LeaseHistory
    translations: Chains | None
    attributor: Attributor
    clocks: Clocks
    because: dict[str, str]
    knowledge: Knowledge

    def naming(self, tools: Tools) -> Naming:
        """Return what names the sightings of this sweep."""
        return Naming(
            self.attributor,
            cache(tools.lookup.label),
            self.clocks.offsets_us,
            self.clocks.slack_us,
        )

    def notes(self) -> list[RecordNote]:
        """Return what is wrong with the records of leases and translations."""
        translated = self.translations.history.notes() if self.translations is not None else ()
        return [*self.leases.notes(), *translated]

    @cache  # noqa: B019 - a picture lives as long as its sweep
    def alive(self, address: str, hour_us: int) -> str | None:
        """Return the device that had `address` throughout an hour; None where that is in doubt."""
        found = self.attributor.at(address, hour_us + HALF_HOUR_US, HALF_HOUR_US)
        sure = found.grade in {Certainty.CERTAIN, Certainty.LIKELY}
        return found.device if sure else None


def picture_of(
    gathered: Gathered,
    plan: Plan,
    tools: Tools,
    knowledge: Knowledge,
    asked: tuple[Outside, ...] = (),
) -> Picture:
    """Return the picture that the evidence and the office's own tables give.

    `asked` are questions from outside (notices) beside those of the sightings themselves.
    """
    rows = with_servers(
        rows_of(gathered.lease_spools, LEASE), [one.format for one in gathered.sources]
    )
    clocks = compare_clocks(gathered.spools, rows, _of_computers(plan))
    sources = [one.path for one in gathered.sources]
    leases = LeaseHistory(_encoded(rows), sources, offsets=clocks.offsets_us)
    inside = partial(is_within, networks=tools.inside)
    resolvers = find_resolvers(gathered.asks, inside)
    proxies = find_proxies(gathered.relays, inside)
    publics = knowledge.all_publics()
    questions = [*asked, *_questions(gathered.spools, publics)]
    twins = frozenset(
        number for number, one in enumerate(gathered.sources) if one.duplicate_of is not None
    )
    translations = (
        read_translations(
            plan,
            questions,
            tools,
            rules=knowledge.rules,
            offsets=clocks.offsets_us,
            left_out=twins,
        )
        if questions
        else None
    )
    attributor = Attributor(
        leases,
        Surroundings(tools.inside, publics, resolvers, proxies, knowledge.duty),
        tools.lookup.lists_address,
        names=Identities(knowledge.inventory, _machines(rows)),
        translations=translations,
        overrides=knowledge.overrides,
    )
    return Picture(
        leases, translations, attributor, clocks, _because(resolvers, proxies), knowledge
    )


def _questions(spools: list[tuple[int, Path]], publics: tuple[Network, ...]) -> Iterator[Outside]:
    """Yield what the sightings ask of translations: those seen from one of our own addresses."""
    if not publics:
        return
    known: dict[str, bool] = {}
    for _number, path in spools:
        with path.open("rb") as file, pa.ipc.open_stream(file) as stream:
            for batch in stream:
                table = pa.Table.from_batches([batch])
                when = table.column("@timestamp").cast(pa.int64()).to_pylist()
                address = table.column("source.ip").to_pylist()
                port = table.column("source.port").to_pylist()
                for moment, one, its in zip(when, address, port, strict=True):
                    if one is None:
                        continue
                    if one not in known:
                        known[one] = is_within(one, publics)
                    if known[one]:
                        yield Outside(one, its, moment)


def _of_computers(plan: Plan) -> frozenset[int]:
    """Return the files in which a single machine tells of itself, as a collector took them."""
    own = (number for number, one in enumerate(plan.files) if one.format.startswith("host-"))
    return frozenset(own)


def _encoded(rows: pa.Table) -> pa.Table:
    """Return `rows` with each text kept once: millions of leases repeat the same few."""
    for place, field in enumerate(rows.schema):
        if pa.types.is_string(field.type):
            column = rows.column(place).dictionary_encode()
            rows = rows.set_column(place, field.name, column)
    return rows


def _machines(rows: pa.Table) -> Iterator[tuple[str, str, str]]:
    """Yield each machine that records name: hardware address, client id, name."""
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

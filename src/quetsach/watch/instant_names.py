"""The device behind a sighting by what is known at this moment: leases at hand, roles, own tables.

Later records may say more: whoever sweeps the day again with all of them has the last word.
"""

from collections.abc import Sequence
from functools import cache, partial

import pyarrow as pa

from quetsach.addresses import is_within
from quetsach.attribution.devices import Attributor
from quetsach.attribution.identity import Identities
from quetsach.attribution.lease_history import LeaseHistory
from quetsach.attribution.questions import (
    Attribution,
    NetworkContext,
    find_proxies,
    find_resolvers,
)
from quetsach.scanning.job import WorkerTools
from quetsach.schema import LEASE
from quetsach.sweeping.evidence_checks import with_servers
from quetsach.sweeping.naming import SightingNamer
from quetsach.sweeping.network_context import machines_in
from quetsach.sweeping.own_network import OwnNetwork
from quetsach.sweeping.row_naming import named_rows
from quetsach.sweeping.source_times import (
    YEAR_GUESSED,
    ZONE_ASSUMED,
    DoubtedLeases,
    TimeDoubts,
)
from quetsach.watch.state import WatchState, readable

ASKS, RELAYS = "asks", "relays"
ZONE_KIND, YEAR_KIND = "zone applied", "year guessed"
"""Kinds of pairs in the state: client and server, and streams whose times are doubtful."""


class InstantNames:
    """Names sightings; leases and roles are read from the state whenever they changed."""

    def __init__(self, state: WatchState, tools: WorkerTools, knowledge: OwnNetwork) -> None:
        self._state, self._tools, self._knowledge = state, tools, knowledge
        self._naming: SightingNamer | None = None

    def change(self, tools: WorkerTools | None = None) -> None:
        """Take note that leases, roles or the list changed."""
        self._tools = tools or self._tools
        self._naming = None

    def of(self, batch: pa.RecordBatch, stream: int) -> list[Attribution]:
        """Return who is behind each sighting of `batch`, which a stream of this number gave."""
        if self._naming is None:
            self._naming = self._at_hand()
        numbers = batch.column("quetsach.sighting.id").to_pylist()
        return [row.attribution for row in named_rows(batch, numbers, stream, self._naming)]

    def _at_hand(self) -> SightingNamer:
        tools, knowledge = self._tools, self._knowledge
        forms = dict(self._state.run("SELECT number, form FROM stream"))
        paths = dict(self._state.run("SELECT number, path FROM stream"))
        count = max(forms, default=0) + 1
        rows = with_servers(
            self._leases(), [forms.get(number, "").split(" ")[0] for number in range(count)]
        )
        names = [paths.get(number, "") for number in range(count)]
        inside = partial(is_within, networks=tools.inside)
        # A zone that nobody named is assumed: no device is certain by such a time.
        is_assumed = not tools.job.options.zone_declared
        leases = DoubtedLeases(
            LeaseHistory(rows, names), self._doubted(names, is_assumed=is_assumed)
        )
        attributor = Attributor(
            leases,
            NetworkContext(
                tools.inside,
                knowledge.all_publics(),
                find_resolvers(self._pairs(ASKS), inside),
                find_proxies(self._pairs(RELAYS), inside),
                knowledge.duty,
            ),
            tools.lookup.lists_address,
            names=Identities(knowledge.inventory, machines_in(rows)),
            overrides=knowledge.overrides,
        )
        doubts = TimeDoubts(
            lines=dict.fromkeys(self._doubtful(YEAR_KIND), YEAR_GUESSED),
            zoneless=frozenset(range(count)) if is_assumed else frozenset(),
        )
        return SightingNamer(lambda _file: attributor, cache(tools.lookup.label), doubts=doubts)

    def _doubted(self, paths: Sequence[str], *, is_assumed: bool) -> dict[str, str]:
        """Return why the times of each source of leases are guessed, by its path."""
        zones = self._doubtful(ZONE_KIND) if is_assumed else ()
        reasons = dict.fromkeys(zones, ZONE_ASSUMED)
        reasons |= dict.fromkeys(self._doubtful(YEAR_KIND), YEAR_GUESSED)
        return {paths[number]: why for number, why in reasons.items() if number < len(paths)}

    def _doubtful(self, kind: str) -> list[int]:
        return [int(stream) for stream, _ in self._pairs(kind)]

    def _pairs(self, kind: str) -> set[tuple[str, str]]:
        return set(self._state.run("SELECT client, server FROM pair WHERE kind = ?", kind))

    def _leases(self) -> pa.Table:
        batches: list[pa.RecordBatch] = []
        for (rows,) in self._state.run(
            "SELECT rows FROM row_batch WHERE kind = 'lease' ORDER BY number"
        ):
            with readable(self._state.folder), pa.ipc.open_stream(rows) as stream:
                batches += list(stream)
        with readable(self._state.folder):
            return pa.Table.from_batches(batches, LEASE)

"""Logs of address translation, searched for public addresses through one NAT behind another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from quetsach.attribution.model import InsideEndpoint, OutsideEndpoint
from quetsach.attribution.port_blocks import PortBlockRule, resolve
from quetsach.attribution.translations import TranslationHistory
from quetsach.scanning.job import WorkerTools
from quetsach.scanning.plan import Plan, splits_of
from quetsach.scanning.translations import PublicEndpoints, scan_translations, translation_search
from quetsach.schema import TRANSLATION

MOST_NATS = 3
"""An office's router, its provider's, and one to spare."""


@dataclass(frozen=True)
class TranslationChains:
    """The translations found, asked from the outside inwards."""

    history: TranslationHistory

    def chains(
        self, seen: OutsideEndpoint, *, slack_us: int = 0
    ) -> list[tuple[InsideEndpoint, ...]]:
        """Return each chain that can be meant, best first; the last of a chain is inside."""
        return resolve(seen, [self.history], slack_us=slack_us)


def read_translations(
    plan: Plan,
    endpoints: Iterable[OutsideEndpoint],
    tools: WorkerTools,
    *,
    rules: tuple[PortBlockRule, ...] = (),
    offsets: Mapping[int, int] | None = None,
    left_out: frozenset[int] = frozenset(),
) -> TranslationChains:
    """Return the translations to `endpoints` that the logs of `plan` record.

    Each pass looks for the addresses that the one before led to: behind a provider's translation
    there is the office's own. `left_out` are files that were read already under another name.
    """
    questions = list(endpoints)
    sources = [one.shown for one in plan.files]
    tables: list[pa.Table] = []
    done: dict[str, frozenset[int]] = {}
    unread = _unread(questions, done)
    history = TranslationHistory(_joined([]), sources, rules=rules, offsets=offsets or {})
    for _ in range(MOST_NATS):
        if not unread.ports:
            break
        tables.append(_pass(plan, unread, tools, left_out))
        done.update(unread.ports)
        history = TranslationHistory(_joined(tables), sources, rules=rules, offsets=offsets or {})
        inner = [
            OutsideEndpoint(chain[-1].address, chain[-1].port, question.when_us)
            for question in questions
            for chain in resolve(question, [history])
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

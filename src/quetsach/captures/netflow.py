"""Files of NetFlow 5, NetFlow 9 and IPFIX packets, as collectors and captures of them leave."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from quetsach.captures.contract import CaptureDamaged, CaptureSource, LineSink, UnreadReason
from quetsach.captures.flow_packets import (
    IPFIX,
    DataSet,
    FlowTemplate,
    TemplateStore,
    data_sets,
    fits,
    head_at,
    records_of,
    records_of_5,
)
from quetsach.captures.flow_records import ExportHead, Record, flow_of
from quetsach.captures.flows import FlowPairs
from quetsach.clocks import within
from quetsach.errors.catalogue import N_

MOST_BYTES = 512 << 20
"""A larger file is not read: it is held in memory as a whole."""

MOST_BESIDE_BYTES = 16 << 20
"""A larger file beside it is not searched for templates."""

MOST_WAITING_BYTES = 64 << 20
"""So much waits for templates that come later."""

_SAME_EXPORTER_US = 3_000_000
_A_DAY_US = 86_400 * 1_000_000
_TRIED = 3


class NetFlow:
    """Reads the flows in packets of NetFlow and IPFIX."""

    kind = "netflow"
    title = N_("NetFlow 5, NetFlow 9 and IPFIX packets")
    reads = N_("connections with translations and verdicts; templates of files beside it count")
    wants_beside = True

    def recognise(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Return whether a packet of one of these begins the file."""
        return head_at(head) is not None

    def decode(self, source: CaptureSource, sink: LineSink) -> None:
        """Write one event for each connection, and for each half whose other half is not there."""
        if source.path.stat().st_size > MOST_BYTES:
            raise CaptureDamaged(UnreadReason.TOO_LONG)
        content = source.path.read_bytes()
        decode_packets(content, sink, tuple(_stores_of(source.beside)))
        head = head_at(content)
        if not sink.lines and head is not None:
            # Templates alone: a file that was read, and that others may need.
            when = within(head.when_us)
            sink.event(
                {"@timestamp": when, "event.dataset": "flows.exporter", "event.type": "info"}
            )


def decode_packets(content: bytes, sink: LineSink, beside: tuple[TemplateStore, ...] = ()) -> None:
    """Write the flows of packets that stand one behind the other in `content`.

    Shapes: `beside` are the templates of other files, for sets that have none in `content`.
    """
    store, pairs = TemplateStore(), FlowPairs(sink)
    waiting: list[DataSet] = []
    size = 0
    for data_set in data_sets(content, store, sink):
        if not data_set.template:
            _add(records_of_5(data_set.content), data_set.head, pairs, sink)
        elif data_set.key() in store.told:
            _read(data_set, store.told[data_set.key()][0], pairs, sink)
        elif size + len(data_set.content) <= MOST_WAITING_BYTES:
            waiting.append(data_set)
            size += len(data_set.content)
        else:
            sink.miss(UnreadReason.NO_TEMPLATE)
    for data_set in waiting:
        own = store.told.get(data_set.key())
        template = own[0] if own is not None else _template_beside(data_set, beside, sink)
        if template is not None:
            _read(data_set, template, pairs, sink)
    pairs.finish()


def _stores_of(paths: tuple[Path, ...]) -> Iterator[TemplateStore]:
    silent = LineSink(_Nowhere(), 0)  # type: ignore[arg-type]  # nothing is ever written
    for path in paths:
        try:
            if path.stat().st_size > MOST_BESIDE_BYTES:
                continue
            store = TemplateStore()
            for _data_set in data_sets(path.read_bytes(), store, silent):
                pass
        except OSError:
            continue
        yield store


class _Nowhere:
    """What a file is read into that is only searched for templates."""


def _read(data_set: DataSet, template: FlowTemplate, pairs: FlowPairs, sink: LineSink) -> None:
    if not template.is_options:
        _add(records_of(data_set.content, template), data_set.head, pairs, sink)


def _add(records: Iterator[Record], head: ExportHead, pairs: FlowPairs, sink: LineSink) -> None:
    for record in records:
        flow = flow_of(record, head)
        if flow is None:
            sink.miss(UnreadReason.NO_ENDS)
        else:
            pairs.add(flow)


def _template_beside(
    data_set: DataSet, beside: tuple[TemplateStore, ...], sink: LineSink
) -> FlowTemplate | None:
    """Return the template that other files have for a set, None where it is not clear which.

    Files of several exporters may lie in one folder, and each numbers its templates as it likes.
    """
    told = [store.told[data_set.key()] for store in beside if data_set.key() in store.told]
    own = [one for one in told if _is_same_exporter(one[1], data_set.head)]
    candidates = _different(own or ([] if data_set.head.uptime_ms is not None else told))
    if len(candidates) > 1:
        candidates = [one for one in candidates if one.is_options or _reads_well(data_set, one)]
    if len(candidates) == 1 and (own or _reads_well(data_set, candidates[0])):
        return candidates[0]
    several = len(candidates) > 1
    sink.miss(UnreadReason.TWO_TEMPLATES if several else UnreadReason.NO_TEMPLATE)
    return None


def _is_same_exporter(told: ExportHead, ours: ExportHead) -> bool:
    first, second = told.started_us(), ours.started_us()
    if first is None or second is None:
        return ours.version == IPFIX and abs(told.when_us - ours.when_us) < _A_DAY_US
    return abs(first - second) < _SAME_EXPORTER_US


def _different(told: list[tuple[FlowTemplate, ExportHead]]) -> list[FlowTemplate]:
    return list(dict.fromkeys(template for template, _head in told))


def _reads_well(data_set: DataSet, template: FlowTemplate) -> bool:
    """Return whether the first records of a set, laid out so, tell flows of that time."""
    if not fits(data_set.content, template):
        return False
    flows = [
        flow_of(record, data_set.head)
        for record in islice(records_of(data_set.content, template), _TRIED)
    ]
    sane = (
        flow is not None
        and (
            flow.start_us is None
            or -_A_DAY_US < data_set.head.when_us - flow.start_us < 35 * _A_DAY_US
        )
        for flow in flows
    )
    return bool(flows) and all(sane)

"""The tree over the rows of the trail, and proofs that acts stand in it.

An anchor of the night signs the tree over all rows up to its own. A proof leads from the rows of
some acts to the tree of the first anchor behind them, by digests alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from quetsach.api.signing import PublicKey
from quetsach.api.trails import FORMAT, MOST_ACTS, GrowingTree, leaf_of, sides
from quetsach_portal.audit.anchors import Anchor, AnchorFault, restorations, signature_of
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.record import fields_of
from quetsach_portal.web.acts import Refused


def tree_up_to(seq: int) -> str:
    """Return the tree over the rows up to `seq`. Cost: one pass over their digests."""
    return _tree(0, seq)


def _tree(first: int, end: int) -> str:
    """Return the tree over the rows behind number `first` up to `end`."""
    tree = GrowingTree()
    for digest in _digests(first, end):
        tree.add(leaf_of(digest))
    return tree.root()


def _digests(first: int, end: int) -> Iterator[str]:
    rows = AuditEvent.objects.filter(seq__gt=first, seq__lte=end).order_by("seq")
    yield from rows.values_list("digest", flat=True).iterator(chunk_size=5000)


def unlike_trees(
    anchors: Iterable[tuple[int, Anchor]], keys: Iterable[PublicKey]
) -> Iterator[AnchorFault]:
    """Yield each anchor of ours whose tree is not that of the rows.

    Anchors of rows that a restored backup lost are passed over. Cost: one pass over all digests.
    """
    trusted, past = {key.raw for key in keys}, restorations()
    signed = []
    for line, anchor in anchors:
        signature = signature_of(anchor) if anchor.tree else None
        is_lost = any(restored.lost(anchor) for restored in past)
        if signature is not None and signature.public_key in trusted and not is_lost:
            signed.append((anchor.seq, line, anchor.tree))
    if not signed:
        return
    waiting = sorted(signed, reverse=True)
    tree = GrowingTree()
    for digest in _digests(0, waiting[0][0]):
        tree.add(leaf_of(digest))
        while waiting and waiting[-1][0] == tree.size:
            _seq, line, expected = waiting.pop()
            if tree.root() != expected:
                reason = f"the rows up to {tree.size} are not those that were signed"
                yield AnchorFault(line, reason, is_of_chain=True)


def proof_of(
    events: Sequence[AuditEvent], anchors: Iterable[Anchor], *, code: str, with_rows: bool
) -> dict[str, Any]:
    """Return the proof that these rows stand in the trail, for `api.trails.check_acts`.

    Shapes: `code` is what is printed on the report. Without rows it holds digests alone; with them
    who acted as well.
    Errors: Refused without acts, and until the night has signed the last one.
    Cost: one pass over all digests for each act.
    """
    if not 0 < len(events) <= MOST_ACTS:
        raise Refused(f"{len(events)} acts: a proof holds 1 to {MOST_ACTS}")
    last, chains = max(event.seq for event in events), {one.chain for one in restorations()[-1:]}
    behind = [
        anchor
        for anchor in anchors
        if anchor.tree and anchor.seq >= last and anchor.chain in (chains or {""})
    ]
    if not behind:
        raise Refused(f"act {last} is in no signed tree yet: the next one is signed at night")
    anchor = min(behind, key=lambda one: one.seq)
    return {
        "format": FORMAT,
        "code": code,
        "acts": [_act(event, anchor.seq, with_rows=with_rows) for event in events],
        "anchor": msgspec.to_builtins(anchor),
    }


def _act(event: AuditEvent, size: int, *, with_rows: bool) -> dict[str, Any]:
    path = [_tree(first, end) for first, end, _is_left in sides(event.seq - 1, size)]
    act: dict[str, Any] = {"seq": event.seq, "digest": event.digest, "path": path}
    return {**act, "row": fields_of(event)} if with_rows else act

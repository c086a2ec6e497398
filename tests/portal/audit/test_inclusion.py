"""L4: acts are proved by the tree that the night has signed; rows written anew are found by it."""

import json
from pathlib import Path

import msgspec
import pytest

from quetsach.api.trails import check_acts
from quetsach_portal.audit.anchors import Anchor, keys_folder, make_anchor, office_keys
from quetsach_portal.audit.inclusion import proof_of, tree_up_to, unlike_trees
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.web.acts import Refused
from tests.portal.audit.trail import rewrite, write

pytestmark = [pytest.mark.django_db, pytest.mark.asvs("V16.4.2")]


def anchored() -> Anchor:
    anchor = make_anchor(tree_up_to)
    assert anchor is not None
    assert anchor.tree
    return anchor


def files(folder: Path, proof: dict, anchors: list[Anchor]) -> tuple[Path, Path]:
    paths = folder / "acts.json", folder / "anchors.jsonl"
    paths[0].write_text(json.dumps(proof))
    paths[1].write_bytes(b"\n".join(map(msgspec.json.encode, anchors)))
    return paths


@pytest.mark.parametrize("with_rows", [True, False])
def test_L4_acts_are_proved_by_the_first_head_behind_them(tmp_path: Path, with_rows: bool) -> None:
    write(5)
    first = anchored()
    write(8)
    second = anchored()
    acts = list(AuditEvent.objects.filter(seq__in=(6, 9)).order_by("seq"))
    proof = proof_of(acts, [first, second], code="a" * 16, with_rows=with_rows)
    path, anchors = files(tmp_path, proof, [first, second])
    verdict = check_acts(path, anchors=anchors, keys=[keys_folder()])
    # These rows hold no code of a report: they stand there, and may be of another one.
    assert verdict.exit_code == (3 if with_rows else 0)
    assert all(act.is_there for act in verdict.acts)
    assert [act.seq for act in verdict.acts] == [6, 9]
    assert [bool(act.row) for act in verdict.acts] == [with_rows] * 2
    assert check_acts(path, anchors=None, keys=[keys_folder()]).exit_code == 3
    assert check_acts(path, anchors=anchors, keys=[]).exit_code == 1


def test_an_act_that_no_night_has_signed_is_not_proved_yet() -> None:
    write(3)
    anchor = anchored()
    plain = make_anchor()
    write(1)
    acts = list(AuditEvent.objects.order_by("-seq")[:1])
    with pytest.raises(Refused, match="in no signed tree yet"):
        proof_of(acts, [anchor, plain], code="a" * 16, with_rows=False)
    with pytest.raises(Refused):
        proof_of([], [anchor], code="a" * 16, with_rows=False)


def test_L4_rows_that_were_written_anew_are_unlike_the_signed_tree() -> None:
    write(4)
    anchor = anchored()
    write(4)
    later = anchored()
    assert list(unlike_trees([(1, anchor), (2, later)], office_keys())) == []
    rewrite("Người Khác")
    faults = list(unlike_trees([(1, anchor), (2, later)], office_keys()))
    assert [(fault.line, fault.is_of_chain) for fault in faults] == [(1, True), (2, True)]
    assert list(unlike_trees([(2, later)], ())) == []

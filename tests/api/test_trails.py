"""Acts are proved by the tree of a published head, and by nothing that was altered."""

import copy
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.api.signing import read_signing_key, sign_digest, to_json, write_key_pair
from quetsach.api.trails import (
    FORMAT,
    MOST_ACTS,
    MOST_BYTES,
    anchor_digest,
    check_acts,
    row_digest,
    verify_acts,
)
from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.keys import PublicKey, SigningKey
from quetsach.signing.signature import SignedKind
from tests.signing.test_trail_proof import path_to, tree_of


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return read_signing_key(
        write_key_pair("office", tmp_path_factory.mktemp("k"), owner="x").private
    )


def row(seq: int, code: str | None = "a" * 16) -> dict[str, object]:
    detail = {} if code is None else {"code": code}
    return {"seq": seq, "action": "report.submitted", "actor": "Cán Bộ", "detail": detail}


def made(key: SigningKey, *, with_rows: bool = True, code: str | None = "a" * 16) -> dict:
    rows = [row(seq, code) for seq in range(1, 12)]
    digests = [row_digest(one) for one in rows]
    facts = {"at": "2026-11-30T00:00:00+07:00", "chain": "", "portal": "https://x.example"}
    anchor = {**facts, "seq": 11, "digest": digests[-1], "tree": tree_of(digests)}
    moment = datetime(2026, 11, 30, tzinfo=UTC)
    anchor["signature"] = to_json(sign_digest(key, SignedKind.FILE, anchor_digest(anchor), moment))
    acts = [
        {"seq": seq, "digest": digests[seq - 1], "path": path_to(digests, seq - 1)}
        | ({"row": rows[seq - 1]} if with_rows else {})
        for seq in (3, 7)
    ]
    return {"format": FORMAT, "code": "a" * 16, "acts": acts, "anchor": anchor}


def verdict_of(proof: object, key: SigningKey, published: list[bytes] | None = None) -> int:
    trusted = [PublicKey(key.public.raw)]
    lines = [json.dumps(proof["anchor"]).encode()] if published is None else published
    return verify_acts(json.dumps(proof).encode(), lines, trusted).exit_code


@pytest.mark.parametrize("with_rows", [True, False])
def test_a_proof_holds_with_its_rows_and_by_digests_alone(key: SigningKey, with_rows: bool) -> None:
    proof = made(key, with_rows=with_rows)
    assert verdict_of(proof, key) == 0
    assert ("Cán Bộ" in json.dumps(proof, ensure_ascii=False)) is with_rows


@pytest.mark.parametrize("code", [None, ""])
def test_a_row_without_a_code_does_not_pass_for_a_code(key: SigningKey, code: str | None) -> None:
    proof = made(key, code=code)
    assert verdict_of(proof, key) == 3
    assert verdict_of(made(key, code="b" * 16), key) == 1
    del proof["acts"][0]["row"], proof["acts"][1]["row"]
    assert verdict_of(proof, key) == 0


def test_without_a_published_head_it_is_not_known(key: SigningKey) -> None:
    assert verdict_of(made(key), key, []) == 3
    assert verdict_of(made(key), key, [b"", b"{}", b"\xff", b"[]", b"7"]) == 3


def test_another_key_and_no_key_prove_nothing(key: SigningKey, tmp_path: Path) -> None:
    other = read_signing_key(write_key_pair("other", tmp_path, owner="y").private)
    assert verdict_of(made(key), other) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda proof: proof["acts"][0].update(seq=4),
        lambda proof: proof["acts"][0].update(digest="0" * 64),
        lambda proof: proof["acts"][0]["path"].reverse(),
        lambda proof: proof["acts"][0]["path"].pop(),
        lambda proof: proof["acts"][0]["row"].update(actor="Người Khác"),
        lambda proof: proof["acts"].__setitem__(0, {**proof["acts"][1], "seq": 3}),
        lambda proof: proof["anchor"].update(tree="0" * 64),
        lambda proof: proof["anchor"].update(seq=12),
        lambda proof: proof["anchor"].update(at="2020-01-01T00:00:00+07:00"),
        lambda proof: proof.update(code="b" * 16),
    ],
)
def test_whatever_was_altered_is_found(key: SigningKey, change) -> None:
    proof = copy.deepcopy(made(key))
    change(proof)
    assert verdict_of(proof, key) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"[]", b"7", b"\xff", b"[" * 100_000, b'{"format": "quetsach-acts/2"}',
        json.dumps({"format": FORMAT, "acts": [], "anchor": {}, "code": ""}).encode(),
        json.dumps({"format": FORMAT, "acts": [{}] * (MOST_ACTS + 1), "code": ""}).encode(),
        json.dumps({"format": FORMAT, "acts": [{"seq": "x"}], "anchor": {}, "code": 1}).encode(),
        b'{"format": "quetsach-acts/1", "code": "", "acts": [{"seq": 1e999, "digest": "", "path": '
        b'[]}], "anchor": {"at": "", "portal": "", "signature": 0}}',
    ],
)  # fmt: skip
def test_what_is_no_proof_is_a_coded_error(content: bytes) -> None:
    with pytest.raises(QuetsachError) as raised:
        verify_acts(content, [], [])
    assert raised.value.problem.code == "E456"


@given(st.binary(max_size=300))
def test_no_bytes_do_more_than_be_refused(content: bytes) -> None:
    with pytest.raises(QuetsachError):
        verify_acts(content, [content], [])


@pytest.mark.parametrize("content", [b"", b"[" + b"1," * (MOST_BYTES // 2) + b"1]"])
def test_a_file_that_is_none_or_too_long_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "acts.json"
    path.write_bytes(content)
    with pytest.raises(QuetsachError) as raised:
        check_acts(path, anchors=None, keys=[])
    assert raised.value.problem.code == "E456"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError) as raised:
        check_acts(tmp_path / "khong-co", anchors=None, keys=[])
    assert raised.value.problem.code == "E101"

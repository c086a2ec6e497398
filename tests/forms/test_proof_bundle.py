"""The proof bundle as a file: same bytes, damage found, signed once, hostile input refused."""

import json
import random

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.proof_bundle import sign_bundle, write_bundle
from quetsach.forms.proving import verify_bundle
from quetsach.forms.reading import shipped_form
from quetsach.forms.value_json import canonical
from quetsach.forms.version import (
    version_json,
)
from quetsach.signing.keys import generate_key_pair
from quetsach.signing.signature import SignatureState
from tests.forms.proved import (
    ALL,
    FORM,
    NOON,
    OTHER,
    ROOT,
    B,
    is_good,
    rewritten,
    version,
    whole,
)
from tests.oracles.proof import told_plainly
from tests.whole import daily


def test_line_ends_alone_are_no_reports_however_many_are_promised() -> None:
    said = {"format": "quetsach-proof/1", "root": "a" * 64, "versions": 10**12, "forms": 10**12}
    found = verify_bundle(canonical(said) + b"\n" * 100_000)
    assert found.exit_code == 1
    assert len(found.faults) < 2_000, "what is kept grows with the bytes, not with the line ends"


def test_the_same_versions_make_the_same_bytes_whatever_their_order() -> None:
    shuffled = random.Random(4).sample(ALL, len(ALL))
    stranger = version("stranger", 1)
    other_form = shipped_form("su-co")
    assert write_bundle(ROOT, [*shuffled, stranger, *ALL], (other_form, FORM)) == whole()


def test_the_root_alone_is_a_bundle_with_its_parts_missing() -> None:
    found = verify_bundle(write_bundle(ROOT, (), (FORM,)))
    assert found.exit_code == 3
    assert [one.name for one in found.missing] == ["Đơn vị commune", "Đơn vị other"]


STEP = daily(3, whole=1)


def test_every_damaged_byte_is_found() -> None:
    sound = write_bundle(version("c", 1, (B,)), (B,), (FORM,))
    assert is_good(verify_bundle(sound))
    for place in range(0, len(sound), STEP):
        damaged = bytearray(sound)
        damaged[place] ^= 1 << (place % 8)
        try:
            found = verify_bundle(bytes(damaged))
        except QuetsachError as refusal:
            assert refusal.problem.code == "E454"  # noqa: PT017 - a value is as good
        else:
            assert found.exit_code == 1, place


def test_every_damaged_byte_of_a_signed_bundle_is_found() -> None:
    key = generate_key_pair("Sở")
    sound = sign_bundle(write_bundle(OTHER, (), (FORM,)), key, NOON)
    assert is_good(verify_bundle(sound, (key.public,)))
    for place in range(0, len(sound), STEP):
        damaged = sound[:place] + bytes([sound[place] ^ 0x20]) + sound[place + 1 :]
        try:
            found = verify_bundle(damaged, (key.public,))
        except QuetsachError as refusal:
            assert refusal.problem.code == "E454"  # noqa: PT017 - a value is as good
        else:
            assert found.exit_code == 1, place


@pytest.mark.parametrize("step", [1, 7, 97])
def test_a_bundle_that_was_cut_off_is_found(step: int) -> None:
    sound = whole()
    for end in range(0, len(sound), step * 37):
        try:
            found = verify_bundle(sound[:end])
        except QuetsachError as refusal:
            assert refusal.problem.code == "E454"  # noqa: PT017 - a value is as good
        else:
            assert found.exit_code == 1, end


@pytest.mark.parametrize("seed", range(2))
def test_what_is_read_line_by_line_is_told_as_by_who_holds_it_all(seed: int) -> None:
    chance = random.Random(seed)
    head = json.loads(whole().split(b"\n")[0])
    seen = set()
    for _turn in range(60):
        data = rewritten(whole(), lambda lines: _disordered(lines, chance))
        data = data[: -chance.choice((1, 30, 90))] if chance.random() < 0.1 else data
        found = verify_bundle(data)
        told = told_plainly(data, head["root"], head["versions"], head["forms"])
        assert {one.digest for one in found.held} == told.named
        assert {one.digest for one in (*found.missing, *found.changed)} == told.missing
        assert (found.recomputed, found.unchecked) == (told.recomputed, told.unchecked)
        assert (not found.faults) is told.fits
        seen.add(found.exit_code)
    assert 1 in seen


def _disordered(lines: list[bytes], chance: random.Random) -> list[bytes]:
    """Return the lines after the head with some changed, doubled, exchanged or gone."""
    head, *rest = lines
    for _change in range(chance.randrange(3)):
        place, other = chance.randrange(len(rest)), chance.randrange(len(rest))
        match chance.randrange(4):
            case 0:
                rest[place] = rest[place].replace(b'"count":7', b'"count":8')
            case 1:
                rest[place] = rest[other]
            case 2:
                rest[place], rest[other] = rest[other], rest[place]
            case _:
                rest[place] = rest[place][: chance.randrange(9)]
    return [head, *rest]


def test_lines_that_were_added_are_found() -> None:
    for line in (b"", b"{}", version_json(version("x", 1)), b'{"signatures":[]}'):
        found = verify_bundle(rewritten(whole(), lambda lines, line=line: [*lines, line]))
        assert found.exit_code == 1


def test_a_form_that_was_exchanged_is_found() -> None:
    def exchange(lines: list[bytes]) -> list[bytes]:
        assert b"2022-09" in lines[-1]
        return [*lines[:-1], lines[-1].replace(b"2022-09", b"2022-10")]

    found = verify_bundle(rewritten(whole(), exchange))
    assert (found.exit_code, found.recomputed) == (1, 0)


def test_a_signature_of_another_bundle_is_found() -> None:
    key = generate_key_pair("Sở")
    line = sign_bundle(write_bundle(OTHER, (), (FORM,)), key, NOON).split(b"\n")[-3]
    moved = rewritten(whole(), lambda lines: [*lines, line])
    found = verify_bundle(moved, (key.public,))
    assert (found.exit_code, found.seal.state) == (1, SignatureState.ALTERED)


def test_what_was_changed_is_not_signed_and_nobody_signs_twice() -> None:
    key = generate_key_pair("Sở")
    signed = sign_bundle(whole(), key, NOON)
    with pytest.raises(QuetsachError, match="E455"):
        sign_bundle(signed, key, NOON)
    with pytest.raises(QuetsachError, match="E455"):
        sign_bundle(whole()[:-10], key, NOON)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n" * 100_000,
        b"PK\x03\x04",
        b"{}\n{}\n",
        b"[" * 4000,
        b'{"format":"quetsach-proof/1"}\n',
        b'{"format":"quetsach-proof/2","forms":0,"root":"","versions":1}\n',
        b'{"format":"quetsach-proof/1","forms":0,"root":"","versions":0}\n',
        b'{"format":"quetsach-proof/1","forms":-5,"root":"","versions":1}\n',
        b'{ "format":"quetsach-proof/1","forms":0,"root":"","versions":1}\n',
        b'{"format":"quetsach-proof/1","forms":0,"root":1,"versions":1}\n',
    ],
)
def test_what_is_no_bundle_is_refused(data: bytes) -> None:
    with pytest.raises(QuetsachError, match="E454"):
        verify_bundle(data)


def test_a_head_that_promises_a_million_lines_costs_nothing() -> None:
    head = {"format": "quetsach-proof/1", "root": "ab" * 32, "versions": 10**12, "forms": 10**12}
    found = verify_bundle(json.dumps(head, sort_keys=True, separators=(",", ":")).encode() + b"\n")
    assert found.exit_code == 1

"""A proof bundle tells, without any network, what fits, what is missing and what was changed."""

import hashlib
import json
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.adding import add_up
from quetsach.forms.proof_bundle import sign_bundle, write_bundle
from quetsach.forms.proving import BundleFit, BundleVerification, verify_bundle
from quetsach.forms.reading import shipped_form
from quetsach.forms.value_json import canonical
from quetsach.forms.values import (
    AbsenceReason,
    ChildContribution,
    ChildUse,
    FigureGrade,
    GradedCount,
)
from quetsach.forms.version import (
    code_of,
    digest_of,
    version_json,
)
from quetsach.signing.keys import generate_key_pair
from quetsach.signing.signature import SignatureState
from quetsach.texts import in_language
from tests.forms.proved import (
    ALL,
    COMMUNE,
    FIRST,
    FORM,
    NOON,
    OTHER,
    PEOPLE,
    ROOT,
    A,
    B,
    version,
    whole,
)
from tests.oracles.proof import told_plainly


def rewritten(data: bytes, change) -> bytes:
    """Return the bundle with its lines changed and its last line made to fit again."""
    lines = change(data.split(b"\n")[:-2])
    body = b"".join(line + b"\n" for line in lines)
    return body + canonical({"sha256": hashlib.sha256(body).hexdigest()}) + b"\n"


def is_good(found: BundleVerification) -> bool:
    return found.exit_code == 0


def test_a_whole_bundle_fits_and_every_total_is_added_up_again() -> None:
    found = verify_bundle(whole())
    assert is_good(found)
    assert found.root == ROOT
    assert found.code == code_of(digest_of(ROOT))
    assert {one.fit for one in found.held} == {BundleFit.FITS}
    assert len(found.held) == 6
    assert (found.recomputed, found.unchecked, found.faults) == (6, 0, ())
    assert found.seal.state is SignatureState.UNSIGNED


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


def test_what_is_not_in_it_is_named() -> None:
    found = verify_bundle(write_bundle(ROOT, (COMMUNE, OTHER, A), (FORM,)))
    assert found.exit_code == 3
    assert {(one.node, one.version) for one in found.missing} == {("a", 1), ("b", 1)}
    assert (found.recomputed, found.unchecked) == (3, 1)
    assert found.faults == ()


def test_without_its_form_nothing_is_said_to_add_up() -> None:
    found = verify_bundle(write_bundle(ROOT, ALL))
    assert (found.exit_code, found.recomputed, found.unchecked) == (3, 0, 6)


def test_the_root_alone_is_a_bundle_with_its_parts_missing() -> None:
    found = verify_bundle(write_bundle(ROOT, (), (FORM,)))
    assert found.exit_code == 3
    assert [one.name for one in found.missing] == ["Đơn vị commune", "Đơn vị other"]


def test_every_damaged_byte_is_found() -> None:
    sound = write_bundle(version("c", 1, (B,)), (B,), (FORM,))
    assert is_good(verify_bundle(sound))
    for place in range(len(sound)):
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
    for place in range(len(sound)):
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


def test_a_child_that_was_exchanged_and_all_digests_of_the_file_mended_is_found() -> None:
    false = replace(B, figures=version("b", 99).figures)

    def exchange(lines: list[bytes]) -> list[bytes]:
        return [version_json(false) if line == version_json(B) else line for line in lines]

    found = verify_bundle(rewritten(whole(), exchange))
    assert found.exit_code == 1
    assert [(one.node, one.version) for one in found.changed] == [("b", 1)]
    assert any("Đơn vị b" in fault for fault in found.faults)


def test_a_form_that_was_exchanged_is_found() -> None:
    def exchange(lines: list[bytes]) -> list[bytes]:
        assert b"2022-09" in lines[-1]
        return [*lines[:-1], lines[-1].replace(b"2022-09", b"2022-10")]

    found = verify_bundle(rewritten(whole(), exchange))
    assert (found.exit_code, found.recomputed) == (1, 0)


def test_a_total_that_its_parts_do_not_make_is_named_with_both_numbers() -> None:
    figure = ROOT.figures[PEOPLE]
    assert isinstance(figure.total, GradedCount)
    wrong = replace(figure, total=replace(figure.total, number=1284))
    false = replace(ROOT, figures={**ROOT.figures, PEOPLE: wrong})
    with in_language("en"):
        found = verify_bundle(write_bundle(false, ALL, (FORM,)))
    assert found.exit_code == 1
    (fault,) = found.faults
    assert "1.284" in fault
    assert str(figure.total.number) in fault
    assert "Đơn vị root" in fault


def test_grades_that_do_not_make_their_total_are_found_even_without_the_reports_below() -> None:
    figure = replace(
        ROOT.figures[PEOPLE], grades={FigureGrade.MEASURED: 66, FigureGrade.DECLARED: 1}
    )
    false = replace(ROOT, figures={**ROOT.figures, PEOPLE: figure})
    for parts in (ALL, ()):
        with in_language("vi"):
            found = verify_bundle(write_bundle(false, parts, (FORM,)))
        assert found.exit_code == 1
        (fault,) = found.faults
        assert "67" in fault


def test_parts_that_were_exchanged_below_an_unchanged_total_are_told_as_that() -> None:
    figure = replace(ROOT.figures[PEOPLE], absent={AbsenceReason.NIL: 3})
    false = replace(ROOT, figures={**ROOT.figures, PEOPLE: figure})
    with in_language("en"):
        (fault,) = verify_bundle(write_bundle(false, ALL, (FORM,))).faults
    assert fault.endswith("but its parts are not what is written of them")


@pytest.mark.parametrize(
    "change",
    [{"phase": 2}, {"campaign": "18"}, {"node": "c"}, {"number": 3}],
)
def test_a_child_of_another_phase_or_unit_is_found(change: dict[str, object]) -> None:
    other = replace(B, **change)
    inputs = tuple(
        replace(one, digest=digest_of(other)) if one.node == "b" else one
        for one in COMMUNE.children
    )
    commune = replace(COMMUNE, children=inputs)
    found = verify_bundle(write_bundle(commune, (A, other, FIRST), (FORM,)))
    assert found.exit_code == 1


def test_a_version_before_that_is_another_units_is_found() -> None:
    odd = replace(A, previous=digest_of(B))
    assert verify_bundle(write_bundle(odd, (B,), (FORM,))).exit_code == 1


def test_a_child_left_out_needs_not_be_there_to_add_up() -> None:
    inputs = tuple(
        replace(one, used=ChildUse.EXCLUDED, reason="sai biểu") if one.node == "other" else one
        for one in ROOT.children
    )
    child = ChildContribution("commune", COMMUNE.unit, 1, digest_of(COMMUNE), COMMUNE.figures)
    own = {key: one.own for key, one in ROOT.figures.items() if one.own is not None}
    root = replace(ROOT, children=inputs, figures=add_up(FORM, own, (child,), {}))
    found = verify_bundle(write_bundle(root, (COMMUNE, A, B, FIRST), (FORM,)))
    assert (found.faults, found.unchecked) == ((), 0)
    assert [one.node for one in found.missing] == ["other"]


def test_the_code_on_the_paper_tells_this_report_from_another() -> None:
    code = code_of(digest_of(ROOT))
    spaced = " ".join(code[start : start + 4] for start in range(0, 16, 4)).upper()
    assert is_good(verify_bundle(whole(), code=code))
    assert is_good(verify_bundle(whole(), code=spaced))
    for other in (code_of(digest_of(OTHER)), "", code[:15], code + "0"):
        assert verify_bundle(whole(), code=other).exit_code == 1


def test_signatures_are_told_by_who_is_trusted() -> None:
    key, stranger = generate_key_pair("Sở Khoa học và Công nghệ"), generate_key_pair("ai đó")
    signed = sign_bundle(whole(), key, NOON)
    assert verify_bundle(signed, (key.public,)).seal.state is SignatureState.TRUSTED
    assert verify_bundle(signed, (stranger.public,)).seal.state is SignatureState.UNKNOWN_KEY
    twice = sign_bundle(signed, stranger, NOON + timedelta(hours=1))
    found = verify_bundle(twice, (key.public, stranger.public))
    assert is_good(found)
    assert [one.owner for one in found.seal.signers] == ["Sở Khoa học và Công nghệ", "ai đó"]


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


def test_faults_speak_both_languages() -> None:
    spoken = set()
    for language in ("vi", "en"):
        with in_language(language):
            spoken.add(verify_bundle(whole()[:-5]).faults)
    assert len(spoken) == 2

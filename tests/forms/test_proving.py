"""Verifying a bundle: what fits, what is missing, and what does not add up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from quetsach.forms.adding import add_up
from quetsach.forms.proof_bundle import sign_bundle, write_bundle
from quetsach.forms.proving import BundleFit, verify_bundle
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
    is_good,
    rewritten,
    version,
    whole,
)


def test_a_whole_bundle_fits_and_every_total_is_added_up_again() -> None:
    found = verify_bundle(whole())
    assert is_good(found)
    assert found.root == ROOT
    assert found.code == code_of(digest_of(ROOT))
    assert {one.fit for one in found.held} == {BundleFit.FITS}
    assert len(found.held) == 6
    assert (found.recomputed, found.unchecked, found.faults) == (6, 0, ())
    assert found.seal.state is SignatureState.UNSIGNED


def test_what_is_not_in_it_is_named() -> None:
    found = verify_bundle(write_bundle(ROOT, (COMMUNE, OTHER, A), (FORM,)))
    assert found.exit_code == 3
    assert {(one.node, one.version) for one in found.missing} == {("a", 1), ("b", 1)}
    assert (found.recomputed, found.unchecked) == (3, 1)
    assert found.faults == ()


def test_without_its_form_nothing_is_said_to_add_up() -> None:
    found = verify_bundle(write_bundle(ROOT, ALL))
    assert (found.exit_code, found.recomputed, found.unchecked) == (3, 0, 6)


def test_a_child_that_was_exchanged_and_all_digests_of_the_file_mended_is_found() -> None:
    false = replace(B, figures=version("b", 99).figures)

    def exchange(lines: list[bytes]) -> list[bytes]:
        return [version_json(false) if line == version_json(B) else line for line in lines]

    found = verify_bundle(rewritten(whole(), exchange))
    assert found.exit_code == 1
    assert [(one.node, one.version) for one in found.changed] == [("b", 1)]
    assert any("Đơn vị b" in fault for fault in found.faults)


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
    assert fault.endswith("but its parts differ from those stated")


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


def test_faults_speak_both_languages() -> None:
    spoken = set()
    for language in ("vi", "en"):
        with in_language(language):
            spoken.add(verify_bundle(whole()[:-5]).faults)
    assert len(spoken) == 2

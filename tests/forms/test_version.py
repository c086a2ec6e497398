"""One version has one form to the byte; whatever else is offered is refused."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.adding import add_up
from quetsach.forms.distinct import sketch_of
from quetsach.forms.reading import form_digest, shipped_form
from quetsach.forms.values import (
    AbsenceReason,
    Adjustment,
    ChildContribution,
    ChildUse,
    ChosenAnswers,
    FieldRows,
    FigureGrade,
    GradedCount,
    OwnValue,
    TextValue,
)
from quetsach.forms.version import (
    FormVersionKind,
    Input,
    ReportVersionText,
    code_of,
    digest_of,
    read_version,
    version_json,
)
from tests.whole import daily

FORM = shipped_form("phu-luc-mo-rong", ("machines", "reach"))
DIGEST = "ab" * 32


def version(**more: object) -> ReportVersionText:
    low = {
        "people_took_part": OwnValue(GradedCount(7, FigureGrade.MEASURED)),
        "organisations_deployed": OwnValue(
            GradedCount(1, FigureGrade.ATTESTED), organisations=frozenset({"truong-a"})
        ),
        "machines_scanned": OwnValue(
            GradedCount(2, FigureGrade.MEASURED), sketch=sketch_of(b"s" * 16, ("m1", "m2"))
        ),
        "proposals": OwnValue(TextValue("Xin thêm máy 🖥", FigureGrade.DECLARED)),
    }
    child = ChildContribution(
        "9", "Trường A & B <x> C", 2, DIGEST, add_up(FORM, low, (), {}), ChildUse.LATE
    )
    own = {
        "people_took_part": OwnValue(
            GradedCount(5, FigureGrade.DECLARED, "cả\nđơn vị"),
            GradedCount(4, FigureGrade.MEASURED),
            "đếm tay",
        ),
        "assessment": OwnValue(TextValue("Ho\u0300a bi\u0300nh: x" + "y" * 4000, None)),
        "organisations_informed": OwnValue(AbsenceReason.NIL),
        "scan_kind": OwnValue(ChosenAnswers(("quick", "full"))),
        "letters_list": OwnValue(FieldRows((("12/CV", "", '"=1+2"'),))),
        "scan_turns": OwnValue(AbsenceReason.NOT_APPLICABLE),
    }
    figures = add_up(FORM, own, (child,), {"people_took_part": Adjustment(-2, "trùng")})
    made = ReportVersionText(
        form=FORM.code,
        form_version=FORM.version,
        form_digest=form_digest(FORM),
        campaign="17",
        phase=1,
        node="3",
        unit="Ủy ban nhân dân xã Tập Sơn",
        number=2,
        kind=FormVersionKind.CORRECTION,
        previous="cd" * 32,
        tree_revision=4,
        created_at=datetime(2022, 9, 28, 16, 59, 59, 900_000, tzinfo=UTC),
        figures=figures,
        children=(Input("9", "Trường A", 2, DIGEST, ChildUse.LATE),),
        missing=("Trường B", "Trường C"),
    )
    return replace(made, **more)


def test_a_version_is_read_back_as_it_was() -> None:
    made = version()
    data = version_json(made)
    assert read_version(data) == made
    assert version_json(read_version(data)) == data
    assert digest_of(made) == hashlib.sha256(data).hexdigest()
    assert code_of(digest_of(made)) == digest_of(made)[:16]


def test_the_form_is_sorted_without_blanks_and_without_fractions() -> None:
    data = version_json(version())
    assert data == json.dumps(
        json.loads(data), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode("utf-8")
    assert b"\n" not in data
    assert "Ho\u0300a".encode() in data


def test_the_same_instant_in_another_zone_is_the_same_version() -> None:
    made = version()
    hanoi = replace(made, created_at=made.created_at.astimezone(timezone(timedelta(hours=7))))
    assert version_json(hanoi) == version_json(made)


@pytest.mark.parametrize(
    "change",
    [
        {"unit": "Ủy ban nhân dân xã Tập Sơn "},
        {"number": 3},
        {"missing": ("Trường B",)},
        {"kind": FormVersionKind.SUPPLEMENT},
        {"previous": None},
        {"tree_revision": 5},
        {"children": ()},
        {"created_at": datetime(2022, 9, 28, 16, 59, 59, 900_001, tzinfo=UTC)},
    ],
)
def test_whatever_is_changed_changes_the_digest(change: dict[str, object]) -> None:
    assert digest_of(version(**change)) != digest_of(version())


def _refused(data: bytes) -> str:
    with pytest.raises(QuetsachError) as caught:
        read_version(data)
    assert caught.value.problem.code == "E450"
    return str(caught.value.problem.facts["reason"])


def _with(**more: object) -> bytes:
    raw = {**json.loads(version_json(version())), **more}
    return json.dumps(raw, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"\xff\xfe{}",
        version_json(version()) + b"\n",
        b" " + version_json(version()),
        version_json(version()).replace(b'"phase":1', b'"phase": 1'),
        version_json(version()).replace(b'"phase":1', b'"phase":1.0'),
        version_json(version()).replace(b'"phase":1', b'"phase":1e0'),
        version_json(version()).replace(b'"phase":1', b'"phase":1,"phase":1'),
        version_json(version()).replace(b'"phase":1', b'"phase":true'),
        version_json(version()).replace(b'"unit":"\xe1\xbb\xa6y', b'"unit":"\\u1ee6y'),
        json.dumps(json.loads(version_json(version()))).encode(),
    ],
)
def test_another_spelling_is_refused(data: bytes) -> None:
    assert _refused(data)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"format": "quetsach-report/2"}, "format"),
        ({"extra": 1}, "extra"),
        ({"phase": 0}, "phase"),
        ({"phase": "1"}, "phase"),
        ({"number": -1}, "number"),
        ({"kind": "final"}, "kind"),
        ({"previous": "CD" * 32}, "previous"),
        ({"created_at": "2022-09-28"}, "created_at"),
        ({"created_at": "2022-09-28T23:59:59.900000+07:00"}, "one form"),
        ({"created_at": "0001-01-01T00:00:00.000000+23:00"}, "range"),
        ({"created_at": "yesterday"}, "created_at"),
        ({"missing": [1]}, "missing"),
        ({"missing": "Trường B"}, "missing"),
        ({"children": [{}]}, "children"),
        ({"children": None}, "children"),
        ({"figures": []}, "figures"),
        ({"figures": {"x": {}}}, "total"),
        ({"figures": {"x": {"total": {"count": -1, "grade": "declared"}}}}, "range"),
        ({"figures": {"x": {"total": {"count": 2**60, "grade": "declared"}}}}, "range"),
        ({"figures": {"x": {"total": {"count": 1.5, "grade": "declared"}}}}, "whole"),
        ({"figures": {"x": {"total": {"count": 1, "grade": "true"}}}}, "grade"),
        ({"figures": {"x": {"total": {"absent": "gone"}}}}, "absent"),
        ({"figures": {"x": {"total": {"absent": "nil", "count": 1}}}}, "count"),
        ({"figures": {"x": {"total": {"words": "y" * 100_001}}}}, "longer"),
        ({"figures": {"x": {"total": {"rows": [1], "grade": "declared"}}}}, "rows"),
        ({"figures": {"x": {"total": {"absent": "nil"}, "sketch": "%%"}}}, "base64"),
        ({"figures": {"x": {"total": {"absent": "nil"}, "error": [1]}}}, "error"),
        ({"figures": {"x": {"total": {"absent": "nil"}, "grades": {"x": 1}}}}, "grades"),
        ({"figures": {"x": {"total": {"absent": "nil"}, "unit": "heads"}}}, "unit"),
        ({"figures": {"x": {"total": {"absent": "nil"}, "overlap": 0}}}, "one form"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(more: dict[str, object], said: str) -> None:
    assert said in _refused(_with(**more))


def test_half_a_surrogate_is_neither_written_nor_read() -> None:
    with pytest.raises(QuetsachError, match="E450"):
        version_json(version(unit="x\ud800"))
    assert _refused(version_json(version()).replace(b'"17"', b'"\\ud800"'))


def test_a_time_without_an_offset_is_not_written() -> None:
    with pytest.raises(QuetsachError, match="E450"):
        version_json(version(created_at=datetime(2022, 9, 28)))


@settings(max_examples=daily(75, whole=300), deadline=None)
@given(st.data())
def test_a_byte_that_was_changed_is_refused_or_gives_another_digest(data: st.DataObject) -> None:
    sound = version_json(version())
    place = data.draw(st.integers(0, len(sound) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != sound[place]))
    damaged = sound[:place] + bytes([other]) + sound[place + 1 :]
    try:
        read = read_version(damaged)
    except QuetsachError as refusal:
        assert refusal.problem.code == "E450"  # noqa: PT017 - a value is as good
    else:
        assert digest_of(read) == hashlib.sha256(damaged).hexdigest() != digest_of(version())


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_name_and_note_survives_as_it_was_typed(text: str) -> None:
    figures = add_up(FORM, {"proposals": OwnValue(TextValue(text, None), reason=text)}, (), {})
    made = version(unit=text, figures=figures, missing=(text,))
    assert read_version(version_json(made)) == made

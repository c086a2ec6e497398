"""A refusal carries its code, its facts and a reason; damage is a refusal as well."""

from quetsach.containers.refusal import (
    ContainerRefused,
    DamagedDataError,
    RefusalCode,
    cut_off,
    reason_of,
)
from quetsach.texts import use_language


def test_a_refusal_is_told_in_one_line_for_a_log() -> None:
    refused = ContainerRefused(RefusalCode.METHOD, member="a.log", number=14)
    assert str(refused) == "method (member=a.log, number=14)"
    assert str(cut_off()) == "cut-off"


def test_damage_is_a_refusal_that_keeps_the_detail() -> None:
    damaged = DamagedDataError("wrong checksum")
    assert isinstance(damaged, ContainerRefused)
    assert (damaged.code, damaged.facts) == (RefusalCode.DAMAGED, {"detail": "wrong checksum"})
    assert cut_off().code is RefusalCode.CUT_OFF


def test_codes_are_words_that_never_repeat() -> None:
    codes = [code.value for code in RefusalCode]
    assert len(set(codes)) == len(codes)
    assert all(code.replace("-", "").isalpha() for code in codes)


def test_each_code_has_a_reason_without_gaps() -> None:
    use_language("en")
    for code in RefusalCode:
        reason = reason_of(ContainerRefused(code, number=12, detail="wrong checksum"))
        assert reason
        assert "%(" not in reason
    method = ContainerRefused(RefusalCode.METHOD, number=12)
    assert reason_of(method) == "it is packed in an uncommon way (12)"


def test_damage_is_told_as_the_library_told_it_on_one_line() -> None:
    use_language("en")
    assert reason_of(DamagedDataError("wrong\nchecksum")).splitlines() == ["wrong\\nchecksum"]
    assert reason_of(DamagedDataError()) == "damaged"
    assert reason_of(cut_off("no end record")) == "the archive is cut off"

"""A refusal carries its code and facts; damage is one of them."""

from quetsach.containers.refusal import ContainerRefused, DamagedDataError, RefusalCode, cut_off


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

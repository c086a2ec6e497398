"""Each code of a refusal has words, and damage those of the library that met it."""

from quetsach.containers.refusal import ContainerRefused, DamagedDataError, RefusalCode, cut_off
from quetsach.containers.wording import reason_of
from quetsach.texts import use_language


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

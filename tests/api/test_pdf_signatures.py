"""A stranger's PDF is judged in a process of its own, and costs bounded time."""

from pathlib import Path

import pytest

from quetsach.api.pdf_signatures import check_pdf
from quetsach.errors.exceptions import QuetsachError
from quetsach.sandbox.contract import SandboxLimits
from quetsach.signing.pades.sign import SignaturePurpose, sign_pdf
from quetsach.signing.pades.state import PdfState
from tests.sandbox.planted import assert_clean, plant
from tests.signing.pades.authority import NOW, clerk, pdf, trust


def test_a_signed_pdf_is_judged_as_in_this_process() -> None:
    data = sign_pdf(pdf(), clerk().signer(), SignaturePurpose())
    found = check_pdf(data, trust(), NOW, original=pdf())
    assert (found.verdict.state, found.is_changed) == (PdfState.VALID, False)


def test_a_pdf_that_costs_too_much_is_refused() -> None:
    with pytest.raises(QuetsachError, match="E472"):
        check_pdf(pdf(), trust(), NOW, limits=SandboxLimits(seconds=0.001))


def test_what_is_no_pdf_is_told_with_its_reason() -> None:
    with pytest.raises(QuetsachError) as told:
        check_pdf(b"<html>", trust(), NOW, where="bao-cao.pdf")
    assert (told.value.problem.code, told.value.problem.where) == ("E472", "bao-cao.pdf")


@pytest.mark.new_process
def test_the_process_that_judges_a_pdf_sees_no_secret_of_its_caller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = plant(monkeypatch, tmp_path)
    check_pdf(pdf(), trust(), NOW)
    assert_clean(written)

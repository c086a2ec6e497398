"""`quetsach report sign` and `verify-pdf`: offline, and the exit code says it too."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.cli.running import quetsach_here
from tests.indicators.fetch.servers import Said, serving
from tests.signing.pades.authority import (
    DAY,
    PASSPHRASE,
    UNIT,
    authority,
    clerk,
    pdf,
    revoked_list,
)
from tests.signing.pades.stamping import stamped_behind, stamper
from tests.signing.pades.test_unchanged import drawn_by_signing

TODAY = datetime.now(UTC)


def test_a_pdf_is_signed_judged_and_told_apart_when_it_was_changed(tmp_path: Path) -> None:
    held = clerk(UNIT, TODAY - DAY, TODAY + 30 * DAY)
    for name, data in (
        ("a.pdf", pdf()),
        ("key.p12", held.p12()),
        ("word", PASSPHRASE),
        ("ca.pem", authority().cert.public_bytes(Encoding.PEM)),
        ("ca.crl", revoked_list(at=TODAY)),
    ):
        (tmp_path / name).write_bytes(data)
    (tmp_path / "word").chmod(0o600)
    source, out = tmp_path / "a.pdf", tmp_path / "signed.pdf"
    key = ("--key", tmp_path / "key.p12", "--passphrase-file", tmp_path / "word")
    run = quetsach_here("report", "sign", source, *key, "-o", out)
    assert (run.returncode, run.stderr) == (0, b"")

    believed = ("--root", tmp_path / "ca.pem", "--unit", UNIT, "--original", source)
    asked = ("--lang", "en", "report", "verify-pdf")
    run = quetsach_here(*asked, out, *believed)
    assert run.returncode == 3, "nobody said whether it was revoked"
    assert "It is not known whether the certificate was revoked." in run.stdout.decode()

    out.write_bytes(stamped_behind(out.read_bytes(), stamper(TODAY)))
    run = quetsach_here(*asked, out, *believed, "--revoked", tmp_path / "ca.crl")
    assert run.returncode == 0, "a stamp behind the signature is no change"
    assert "by Máy đóng dấu thời gian: confirmed." in run.stdout.decode()

    out.write_bytes(out.read_bytes() + b"\n% more")
    known = (*believed, "--revoked", tmp_path / "ca.crl", "--json")
    run = quetsach_here(*asked, out, *known)
    said = json.loads(run.stdout)
    assert (run.returncode, said["state"], said["flaws"]) == (1, "changed", ["added-to"])
    assert said["signatures"][0]["organisation"] == UNIT
    assert said["signatures"][0]["stamp"]["state"] == "trusted"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_file_that_is_not_there_or_not_to_be_read_is_told_in_words_of_ours(
    tmp_path: Path, lang: str
) -> None:
    there, gone = tmp_path / "a.pdf", tmp_path / "gone"
    there.write_bytes(pdf())
    there.chmod(0o600)
    word = ("--passphrase-file", there)
    for asked in (
        ("verify-pdf", gone),
        ("verify-pdf", there, "--root", gone),
        ("verify-pdf", there, "--original", gone),
        ("verify", gone),
        ("verify", there, "--key", gone),
        ("sign", gone, "--key", gone, *word, "-o", tmp_path / "out"),
        ("sign", there, "--key", gone, *word, "-o", tmp_path / "out"),
        ("sign", there, "--key", there, "--passphrase-file", gone, "-o", tmp_path / "out"),
        ("fill", gone, "--form", "phu-luc-2022"),
    ):
        run = quetsach_here("--lang", lang, "report", *asked)
        said = run.stderr.decode()
        assert (run.returncode, run.stdout) == (2, b""), asked
        assert said.startswith(("E101 ", "E237 ", "E303 ")), said
        assert f" {gone}: " in said
        assert "No such file" not in said
    run = quetsach_here("--lang", lang, "report", "verify-pdf", tmp_path)
    told = {"vi": "đây là thư mục, không phải tệp", "en": "it is a folder, not a file"}
    assert told[lang] in run.stderr.decode()
    assert run.stderr.startswith(b"E104 ")


def test_without_an_answer_of_the_stamping_authority_nothing_is_signed(tmp_path: Path) -> None:
    source, key, word = tmp_path / "a.pdf", tmp_path / "key.p12", tmp_path / "word"
    for path, data in ((source, pdf()), (key, clerk().p12()), (word, PASSPHRASE)):
        path.write_bytes(data)
        path.chmod(0o600)
    by, out = ("--key", key, "--passphrase-file", word), tmp_path / "signed.pdf"
    with serving(lambda _asked: Said(b"", status=503)) as server:
        run = quetsach_here("report", "sign", source, *by, "--tsa", server.address, "-o", out)
    assert (run.returncode, out.exists()) == (2, False)
    assert run.stderr.startswith(b"E473 ")


def test_a_picture_of_a_signature_on_a_figure_is_told_as_what_it_is(tmp_path: Path) -> None:
    source, out = tmp_path / "a.pdf", tmp_path / "signed.pdf"
    source.write_bytes(pdf("So may nhiem: 3"))
    out.write_bytes(drawn_by_signing(source.read_bytes(), (72, 715, 160, 740), "Seal"))
    asked = ("--lang", "en", "report", "verify-pdf", out, "--original", source)
    run = quetsach_here(*asked)
    *_others, why, state = run.stdout.decode().splitlines()
    assert why.startswith("The picture of the signature lies on or beside a figure or text")
    assert (run.returncode, state) == (1, "SIGNATURE REFUSED.")
    answer = json.loads(quetsach_here(*asked, "--json").stdout)
    assert (answer["state"], answer["difference"]) == ("refused", "covers")

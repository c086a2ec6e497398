"""`quetsach report sign` and `verify-pdf`: offline, and the exit code says it too."""

import json
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from tests.cli.running import quetsach
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
    source, out = tmp_path / "a.pdf", tmp_path / "signed.pdf"
    key = ("--key", tmp_path / "key.p12", "--passphrase-file", tmp_path / "word")
    run = quetsach("report", "sign", source, *key, "-o", out)
    assert (run.returncode, run.stderr) == (0, b"")

    believed = ("--root", tmp_path / "ca.pem", "--unit", UNIT, "--original", source)
    asked = ("--lang", "en", "report", "verify-pdf")
    run = quetsach(*asked, out, *believed)
    assert run.returncode == 3, "nobody said whether it was revoked"
    assert "It is not known whether the certificate was revoked." in run.stdout.decode()

    out.write_bytes(stamped_behind(out.read_bytes(), stamper(TODAY)))
    run = quetsach(*asked, out, *believed, "--revoked", tmp_path / "ca.crl")
    assert run.returncode == 0, "a stamp behind the signature is no change"
    assert "by Máy đóng dấu thời gian: confirmed." in run.stdout.decode()

    out.write_bytes(out.read_bytes() + b"\n% more")
    known = (*believed, "--revoked", tmp_path / "ca.crl", "--json")
    run = quetsach(*asked, out, *known)
    said = json.loads(run.stdout)
    assert (run.returncode, said["state"], said["flaws"]) == (1, "changed", ["added-to"])
    assert said["signatures"][0]["organisation"] == UNIT
    assert said["signatures"][0]["stamp"]["state"] == "trusted"

"""What is held against a release before anything of it is run: signature, list, each file."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.signing.keys import SigningKey, generate_key_pair, public_pem
from quetsach.signing.signature import SignedKind, sign_digest, write_detached
from tools.release.check_release import (
    ORDER,
    RefusedError,
    check,
    digest_of,
    key_number,
    listed_digests,
    main,
    verifies,
)
from tools.release.offline import write_sums

KEY = generate_key_pair("office")


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "release"
    (folder / "wheels").mkdir(parents=True)
    (folder / "wheels/one-1-py3-none-any.whl").write_bytes(b"a wheel")
    (folder / "install.sh").write_text("exit 0\n")
    write_sums(folder, KEY)
    return folder


def refusals(folder: Path) -> list[tuple[str, object]]:
    return [(str(fault), fault.facts.get("file")) for fault in check(folder, None, "")[3]]


# Source: RFC 8032, 7.1, tests 1 to 3.
@pytest.mark.parametrize(
    ("public", "message", "signature"),
    [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ],
)
def test_signatures_of_the_standard_are_good(public: str, message: str, signature: str) -> None:
    key, text, value = map(bytes.fromhex, (public, message, signature))
    assert verifies(key, text, value)
    assert not verifies(key, text + b"x", value)
    # The same signature written another way: s + L is no second spelling of s.
    raised = int.from_bytes(value[32:], "little") + ORDER
    assert not verifies(key, text, value[:32] + raised.to_bytes(32, "little"))


@given(st.binary(max_size=40), st.integers(0, 511))
def test_it_judges_as_the_library_that_signs_does(message: bytes, bit: int) -> None:
    value = KEY.sign(message)
    assert verifies(KEY.public.raw, message, value)
    damaged = bytearray(value)
    damaged[bit // 8] ^= 1 << bit % 8
    assert not verifies(KEY.public.raw, message, bytes(damaged))
    assert not KEY.public.verifies(bytes(damaged), message)


def test_a_release_as_it_was_signed_is_taken_and_its_key_named(
    release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(release)]) == 0
    said = capsys.readouterr().out
    assert KEY.public.key_id == key_number(KEY.public.raw)
    assert KEY.public.key_id in said
    assert "2 tệp" in said
    assert "đối chiếu" in said


def test_the_key_that_was_named_must_have_signed(release: Path, tmp_path: Path) -> None:
    named = tmp_path / "office.pub.pem"
    named.write_bytes(public_pem(KEY.public))
    assert main([str(release), "--key", str(named)]) == 0
    assert main([str(release), "--key-number", f" {KEY.public.key_id.upper()} "]) == 0
    named.write_bytes(public_pem(generate_key_pair("somebody").public))
    assert main([str(release), "--key", str(named)]) == 2
    assert main([str(release), "--key-number", "0" * 16]) == 2
    assert main([str(release), "--key-number", " "]) == 2, "as of a variable that holds nothing"


def test_a_file_without_a_key_is_named(
    release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = tmp_path / "letter.pem"
    named.write_text("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")
    assert main([str(release), "--key", str(named), "--lang", "en"]) == 2
    assert capsys.readouterr().err == "letter.pem: there is no public Ed25519 key in it\n"


def test_a_changed_a_missing_and_a_further_file_are_each_named(release: Path) -> None:
    wheel = release / "wheels/one-1-py3-none-any.whl"
    wheel.write_bytes(b"A wheel")
    assert refusals(release) == [("changed", "wheels/one-1-py3-none-any.whl")]
    wheel.rename(release / "wheels/two-1-py3-none-any.whl")
    assert refusals(release) == [
        ("missing", "wheels/one-1-py3-none-any.whl"),
        ("extra", "wheels/two-1-py3-none-any.whl"),
    ]


def test_a_link_counts_as_changed_even_to_the_same_content(release: Path, tmp_path: Path) -> None:
    script = release / "install.sh"
    shutil.move(script, tmp_path / "elsewhere")
    script.symlink_to(tmp_path / "elsewhere")
    assert refusals(release) == [("changed", "install.sh")]


def test_a_list_that_was_written_anew_has_no_valid_signature(
    release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (release / "install.sh").write_text("rm -rf /\n")
    sums = release / "SHA256SUMS"
    old = sums.read_text().splitlines()[0].partition("  ")[0]
    sums.write_text(sums.read_text().replace(old, digest_of(release / "install.sh")))
    assert main([str(release), "--lang", "en"]) == 2
    assert "the signature does not fit" in capsys.readouterr().err


def signature_file(release: Path, key: SigningKey, kind: SignedKind) -> bytes:
    digest = f"sha256:{digest_of(release / 'SHA256SUMS')}"
    return write_detached([sign_digest(key, kind, digest, datetime.now(UTC))])


def test_a_signature_of_another_kind_is_none(release: Path) -> None:
    signed = signature_file(release, KEY, SignedKind.FINDINGS)
    (release / "SHA256SUMS.sig").write_bytes(signed)
    with pytest.raises(RefusedError, match="altered"):
        check(release, None, "")


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[" * 200_000, b'{"signatures": []}', b'{"signatures": [1]}', b"\xff"],
)
def test_a_damaged_signature_file_is_told_and_nothing_else(release: Path, content: bytes) -> None:
    (release / "SHA256SUMS.sig").write_bytes(content)
    assert main([str(release)]) == 2


def test_a_time_that_would_drive_the_terminal_is_refused(release: Path) -> None:
    read = json.loads((release / "SHA256SUMS.sig").read_bytes())
    read["signatures"][0]["signed"] = "\x1b[2J\ud800"
    (release / "SHA256SUMS.sig").write_text(json.dumps(read))
    with pytest.raises(RefusedError, match="unsigned"):
        check(release, None, "")


@pytest.mark.parametrize("name", ["/etc/passwd", "a/../../b", "a b", "a\x1b"])
def test_a_list_names_files_of_the_folder_alone(name: str) -> None:
    with pytest.raises(RefusedError, match="bad-line"):
        listed_digests(f"{'0' * 64}  {name}\n".encode())


def test_without_a_signature_nothing_is_taken(
    release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (release / "SHA256SUMS.sig").unlink()
    assert main([str(release)]) == 2
    assert "chưa được ký" in capsys.readouterr().err


def test_a_link_to_a_folder_is_not_on_the_list(release: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (release / "wheels/pip-0.whl").symlink_to(tmp_path / "elsewhere")
    assert refusals(release) == [("extra", "wheels/pip-0.whl")]

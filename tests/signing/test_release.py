"""A signed release: no byte of it can be changed, taken away or added without being found out."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.signing.keys import public_pem
from quetsach.signing.release import MARK, content_of, header_of, read_signed_release, seal_line
from quetsach.signing.signature import SignedKind, message
from tests.signing.seals import KEY, OTHER, release, sealed_by, state_of

PLAIN = release()
SIGNED = sealed_by(PLAIN, KEY)
TWICE = sealed_by(SIGNED, OTHER)


def test_signed_release_is_its_content_and_one_line_more() -> None:
    assert SIGNED.startswith(PLAIN)
    assert SIGNED.count(b"\n") == PLAIN.count(b"\n") + 1
    assert state_of(SIGNED, KEY.public) == "trusted"


def test_release_by_a_key_that_was_not_named_is_never_trusted() -> None:
    assert state_of(SIGNED) == state_of(SIGNED, OTHER.public) == "unknown-key"


def test_two_keys_sign_the_same_content() -> None:
    assert state_of(TWICE, KEY.public) == state_of(TWICE, OTHER.public) == "trusted"
    first, second = read_signed_release(BytesIO(TWICE)).signatures
    assert first.digest == second.digest == content_of(BytesIO(PLAIN)).digest


def test_openssl_verifies_a_release_by_its_documented_message(tmp_path: Path) -> None:
    seal = read_signed_release(BytesIO(SIGNED)).signatures[0]
    told = subprocess.run(["sha256sum"], input=PLAIN, capture_output=True, check=True).stdout
    digest = f"sha256:{told.decode().split()[0]}"
    (tmp_path / "pub.pem").write_bytes(public_pem(KEY.public))
    (tmp_path / "msg").write_bytes(message(SignedKind.RELEASE, digest, seal.signed))
    (tmp_path / "sig").write_bytes(seal.value)
    words = ["-verify", "-pubin", "-inkey", "pub.pem", "-rawin", "-in", "msg", "-sigfile", "sig"]
    subprocess.run(["openssl", "pkeyutl", *words], cwd=tmp_path, check=True, capture_output=True)


@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
def test_no_flipped_byte_is_overlooked(place: int, change: int) -> None:
    damaged = bytearray(SIGNED)
    damaged[place] ^= change
    assert state_of(bytes(damaged), KEY.public) in ("altered", "unsigned")


@pytest.mark.asvs("V11.4.3")
def test_every_single_flipped_bit_is_found() -> None:
    for place in range(len(SIGNED)):
        damaged = bytearray(SIGNED)
        damaged[place] ^= 1
        assert state_of(bytes(damaged), KEY.public) in ("altered", "unsigned"), place


def test_cut_at_any_byte_is_found() -> None:
    for end in range(len(SIGNED)):
        assert state_of(SIGNED[:end], KEY.public) in ("altered", "unsigned"), end


def test_only_the_whole_loss_of_the_signature_reads_as_unsigned() -> None:
    assert state_of(PLAIN, KEY.public) == "unsigned"
    assert state_of(PLAIN[:-1], KEY.public) == "altered"
    assert state_of(SIGNED[:-1], KEY.public) == "altered"


@pytest.mark.parametrize("more", [b"\n", b" ", b'{"key":"198.51.100.1"}\n', b"\0", PLAIN, SIGNED])
def test_what_is_added_behind_the_signature_is_found(more: bytes) -> None:
    assert state_of(SIGNED + more, KEY.public) == "altered"


@given(st.permutations(SIGNED.splitlines(keepends=True)))
def test_lines_in_another_order_are_found(lines: list[bytes]) -> None:
    if b"".join(lines) != SIGNED:
        assert state_of(b"".join(lines), KEY.public) in ("altered", "unsigned")


def test_line_given_twice_or_left_out_is_found() -> None:
    lines = SIGNED.splitlines(keepends=True)
    for place in range(len(lines)):
        twice = [*lines[: place + 1], *lines[place:]]
        assert state_of(b"".join(twice), KEY.public) == "altered"
        without = [*lines[:place], *lines[place + 1 :]]
        assert state_of(b"".join(without), KEY.public) in ("altered", "unsigned")


def test_signature_of_another_release_does_not_fit() -> None:
    seal = sealed_by(release("198.51.100.200"), KEY).splitlines(keepends=True)[-1]
    assert state_of(PLAIN + seal, KEY.public) == "altered"
    assert state_of(SIGNED + seal, KEY.public) == "altered"


def test_a_damaged_signature_beside_a_good_one_spoils_the_whole() -> None:
    other = b"B" if TWICE[-10:-9] == b"A" else b"A"
    damaged = TWICE[:-10] + other + TWICE[-9:]
    assert state_of(damaged, KEY.public) == "altered"


def test_signature_line_before_the_content_covers_nothing() -> None:
    seal = SIGNED.splitlines(keepends=True)[-1]
    assert state_of(seal + PLAIN, KEY.public) == "altered"
    assert state_of(seal, KEY.public) == "altered"


def test_line_ends_of_another_system_are_found() -> None:
    assert state_of(SIGNED.replace(b"\n", b"\r\n"), KEY.public) == "altered"


@given(st.integers(1, 60), st.integers(0, 3))
def test_mark_is_found_wherever_pieces_of_reading_part_it(size: int, extra: int) -> None:
    # The naive count: everything before the first line that begins with the mark.
    content = release(*(["203.0.113.9"] * extra))
    signed = sealed_by(content, KEY)

    class Slow(BytesIO):
        def read(self, amount: int | None = -1) -> bytes:
            return super().read(size if amount is not None and amount > size else amount)

    found = content_of(Slow(signed))
    assert found.size == signed.index(b"\n" + MARK) + 1
    assert found.digest == content_of(BytesIO(content)).digest
    assert found.lines == content.count(b"\n")


def test_only_the_first_line_makes_a_release() -> None:
    assert header_of(BytesIO(PLAIN)) is not None
    for other in (b"", b"\n" + PLAIN, b"x" * 5_000_000, b'{"format":"other"}\n', b"[" * 100_000):
        assert header_of(BytesIO(other)) is None
    deep = b'{"format":"quetsach-release/1","x":' + b"[" * 100_000
    assert header_of(BytesIO(deep)) is None


def test_tail_of_any_size_is_not_read_whole() -> None:
    flood = SIGNED + seal_line(read_signed_release(BytesIO(SIGNED)).signatures[0]) * 2000
    assert state_of(flood, KEY.public) == "altered"


LARGE = """
import sys
from pathlib import Path
from quetsach.api.signing import look_at, sign_path
from quetsach.api.signing import read_signing_key
from datetime import datetime, UTC
path = Path(sys.argv[1])
sign_path(path, read_signing_key(Path(sys.argv[2])), datetime.now(UTC))
assert len(look_at(path).signatures) == 1
# Not ru_maxrss: a child begins with the peak of the process that started it.
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux to tell its peak")
def test_a_large_release_is_never_in_memory_as_a_whole(tmp_path: Path) -> None:
    from quetsach.signing.keys import private_pem

    size = 320 * 1024 * 1024
    path = tmp_path / "large.jsonl"
    # One endless line, mostly a hole in the file: no line break helps the reader.
    with path.open("wb") as file:
        file.write(PLAIN)
        file.seek(size)
        file.write(b"\n")
    (tmp_path / "key.pem").write_bytes(private_pem(KEY, None))
    words = [sys.executable, "-c", LARGE, str(path), str(tmp_path / "key.pem")]
    run = subprocess.run(words, capture_output=True, check=True)
    assert int(run.stdout) < 150_000

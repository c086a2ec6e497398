"""A tool is proven by its digest in a catalogue that somebody we trust has signed."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from quetsach.api.signing import sign_path
from quetsach.api.tools import verify_tool
from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.keys import SigningKey, generate_key_pair, public_pem
from quetsach.trusted_tools import FORMAT, Catalogue, catalogue_json
from tests.test_trusted_tools import SCANNER


@dataclass(frozen=True)
class Made:
    file: Path
    catalogue: Path
    key: Path


NOW = datetime(2022, 9, 20, tzinfo=UTC)


@pytest.fixture
def secret() -> SigningKey:
    return generate_key_pair("Sở KH&CN")


@pytest.fixture
def made(tmp_path: Path, secret: SigningKey) -> Made:
    file, catalogue, key = (
        tmp_path / one for one in ("sen-scanner.exe", "tools.json", "k.pub.pem")
    )
    file.write_bytes(b"MZ tool")
    digest = hashlib.sha256(b"MZ tool").hexdigest()
    tool = msgspec.structs.replace(SCANNER, sha256=digest)
    gone = hashlib.sha256(b"MZ gone").hexdigest()
    until = "2099-10-20T00:00:00+07:00"
    told = Catalogue(FORMAT, "Sở", "2022-09-20", until, 3, (tool,), (gone,))
    catalogue.write_bytes(catalogue_json(told))
    sign_path(catalogue, secret, NOW)
    key.write_bytes(public_pem(secret.public))
    return Made(file, catalogue, key)


def test_proven_not_proven_another_file_and_an_altered_catalogue(made: Made) -> None:
    proven = verify_tool(made.file, made.catalogue, keys=[made.key])
    assert (proven.exit_code, proven.found.tool is not None) == (0, True)
    assert verify_tool(made.file, made.catalogue).exit_code == 3
    made.file.write_bytes(b"MZ fake")
    fake = verify_tool(made.file, made.catalogue, keys=[made.key])
    assert (fake.exit_code, fake.found.tool, len(fake.found.named)) == (2, None, 1)
    made.file.write_bytes(b"MZ tool")
    made.catalogue.write_bytes(made.catalogue.read_bytes() + b"\n")
    assert verify_tool(made.file, made.catalogue, keys=[made.key]).exit_code == 2
    made.catalogue.with_name("tools.json.sig").unlink()
    assert verify_tool(made.file, made.catalogue, keys=[made.key]).exit_code == 3


def test_a_withdrawn_file_is_refused_and_a_catalogue_that_is_over_proves_nothing(
    made: Made,
) -> None:
    late = datetime(2099, 10, 20, tzinfo=UTC)
    over = verify_tool(made.file, made.catalogue, keys=[made.key], now=late)
    assert (over.exit_code, over.is_over, over.content.serial) == (3, True, 3)
    made.file.write_bytes(b"MZ gone")
    gone = verify_tool(made.file, made.catalogue, keys=[made.key])
    assert (gone.exit_code, gone.found.is_withdrawn, gone.is_over) == (2, True, False)
    assert verify_tool(made.file, made.catalogue, keys=[made.key], now=late).exit_code == 2


def test_what_cannot_be_read_is_said(made: Made) -> None:
    for file, catalogue in (
        (made.file, made.file.with_name("no")),
        (made.file.parent, made.catalogue),
    ):
        with pytest.raises(QuetsachError, match=r"E237|E101"):
            verify_tool(file, catalogue)
    with pytest.raises(QuetsachError, match="E270"):
        verify_tool(made.file, made.file)

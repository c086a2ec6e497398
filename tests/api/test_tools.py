"""The newest catalogue of the campaign's page takes the old one's place, where it is proven."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest

from quetsach.api.signing import sign_path
from quetsach.api.tools import ASKED_AT, RenewalOutcome, renew_catalogue, verify_tool
from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.keys import SigningKey, generate_key_pair, public_pem
from quetsach.trusted_tools import FORMAT, Catalogue, catalogue_json, read_catalogue
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


__all__ = ["made", "secret"]

HERE = "/static/catalogue-1/tools.json"


class Page:
    """A public page with these files."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        files = self.files

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = files.get(self.path, b"")
                moved = self.path == ASKED_AT and HERE in files
                self.send_response(303 if moved else 200 if body else 404)
                if moved:
                    self.send_header("Location", HERE)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def show(self, catalogue: Path) -> None:
        """Show this catalogue."""
        self.files[HERE] = catalogue.read_bytes()
        self.files[f"{HERE}.sig"] = catalogue.with_name(f"{catalogue.name}.sig").read_bytes()


@pytest.fixture
def page() -> Iterator[Page]:
    opened = Page()
    yield opened
    opened.server.shutdown()
    opened.server.server_close()


def newer(
    made: Made, folder: Path, secret: SigningKey, *, serial: int = 4, until: str = ""
) -> Path:
    """Return a catalogue in `folder` that withdrew the tool."""
    folder.mkdir()
    old = read_catalogue(made.catalogue.read_bytes(), "x")
    told = msgspec.structs.replace(
        old,
        serial=serial,
        tools=(),
        withdrawn=(*old.withdrawn, old.tools[0].sha256),
        valid_until=until or old.valid_until,
    )
    path = folder / "tools.json"
    path.write_bytes(catalogue_json(told))
    sign_path(path, secret, NOW)
    return path


def test_a_newer_catalogue_is_kept_and_refuses_what_it_withdrew(
    made: Made, page: Page, secret: SigningKey, tmp_path: Path
) -> None:
    page.show(newer(made, tmp_path / "new", secret))
    mine = made.catalogue.rename(made.catalogue.with_name("stick.json"))
    made.catalogue.with_name("tools.json.sig").rename(mine.with_name("stick.json.sig"))
    made = replace(made, catalogue=mine)
    assert verify_tool(made.file, mine, keys=[made.key]).exit_code == 0
    assert renew_catalogue(mine, page.address, keys=[made.key]).state is RenewalOutcome.NEWER
    found = verify_tool(made.file, mine, keys=[made.key])
    assert (found.exit_code, found.found.is_withdrawn) == (2, True)
    assert renew_catalogue(mine, page.address, keys=[made.key]).state is RenewalOutcome.SAME


@pytest.mark.parametrize("damage", ["other key", "no key", "altered", "over", "older", "none"])
def test_what_is_not_proven_or_not_newer_takes_no_place(
    made: Made, page: Page, secret: SigningKey, tmp_path: Path, damage: str
) -> None:
    before = made.catalogue.read_bytes()
    signer = generate_key_pair("Kẻ khác") if damage == "other key" else secret
    serial, until = (
        (2 if damage == "older" else 4),
        ("2022-09-01T00:00:00Z" if damage == "over" else ""),
    )
    page.show(newer(made, tmp_path / "new", signer, serial=serial, until=until))
    if damage == "altered":
        page.files[HERE] += b"\n"
    if damage == "none":
        page.files.clear()
    keys = [] if damage == "no key" else [made.key]
    expected = {"older": RenewalOutcome.SAME, "none": RenewalOutcome.UNREACHED}.get(
        damage, RenewalOutcome.NOT_PROVEN
    )
    assert renew_catalogue(made.catalogue, page.address, keys=keys).state is expected
    assert made.catalogue.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("tmp")) == []


def test_who_is_offline_goes_on_with_what_there_is_and_an_address_must_be_one(made: Made) -> None:
    told = renew_catalogue(made.catalogue, "http://127.0.0.1:9", keys=[made.key])
    assert told.state is RenewalOutcome.UNREACHED
    assert "E213" in told.why
    with pytest.raises(QuetsachError, match="E214"):
        renew_catalogue(made.catalogue, "http://quetsach.example", keys=[made.key])


def test_a_copy_older_than_a_week_is_told(made: Made) -> None:
    for day, is_old in ((25, False), (29, True)):
        now = datetime(2022, 9, day, tzinfo=UTC)
        found = verify_tool(made.file, made.catalogue, keys=[made.key], now=now)
        assert (found.age_days, found.is_old) == (day - 20, is_old)
        assert found.exit_code == 0
    assert verify_tool(made.file, made.catalogue).age_days is None

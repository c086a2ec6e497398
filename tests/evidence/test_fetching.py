"""A sweep of a bucket gives what a sweep of the same folder gives; what is not given is told.

The bucket is a real server's of S3's protocol (moto), which Arrow's own client reads.
"""

import gzip
import json
import logging
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pyarrow import fs

from quetsach.api import sweeps
from quetsach.evidence import storage
from quetsach.evidence.fetching import FetchedFile, fetched_whole, stored_evidence
from quetsach.evidence.find import MANIFEST, find_evidence
from quetsach.sieve.kernel import rust_available
from quetsach.sweeping.sweep import sweep
from tests.sweeping.evidence import HEADER, conn, write

pytestmark = pytest.mark.skipif(
    find_spec("moto") is None, reason="NOT TESTED: evidence in S3; it needs the packages of dev.txt"
)

LISTED = "203.0.113.77\nbad.example\n"


@pytest.fixture(scope="module")
def bucket() -> Iterator[fs.S3FileSystem]:
    """The file system of a server on this machine, which the environment names."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ACCESS_KEY_ID": "reader",
            "AWS_SECRET_ACCESS_KEY": "not-in-any-finding",
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_EC2_METADATA_DISABLED": "true",
        }.items():
            patch.setenv(name, value)
        system = fs.S3FileSystem(
            endpoint_override=f"{host}:{port}", scheme="http", allow_bucket_creation=True
        )
        system.create_dir("office")
        yield system
    server.stop()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, bucket: fs.S3FileSystem) -> Path:
    """A folder of logs, and the same in the bucket: large, small, packed, in an archive."""
    folder = tmp_path_factory.mktemp("office")
    quiet = "".join(conn(n, f"10.0.{n % 9}.5", f"198.51.100.{n % 250}") for n in range(20_000))
    large = HEADER + quiet + conn(20_000, "10.0.0.5", "203.0.113.77")
    write(folder / "conn.log", large)
    write(folder / "packed/conn.log.gz", gzip.compress(large.replace("10.0.", "10.1.").encode()))
    # Packed so little that its beginning alone does not tell what it is.
    noise = gzip.compress(os.urandom(1 << 21), 1)
    write(folder / "packed/noise.bin.gz", noise)
    write(folder / "small.log", HEADER + conn(3, "10.2.0.5", "203.0.113.77"))
    with zipfile.ZipFile(folder / "packed/old.zip", "w") as archive:
        archive.writestr("a/conn.log", HEADER + conn(4, "10.3.0.5", "203.0.113.77"))
        archive.writestr("noise", os.urandom(1 << 20))
    write(folder / "empty.log", "")
    for path in folder.rglob("*"):
        if path.is_file():
            key = f"office/2026/{path.relative_to(folder).as_posix()}"
            with bucket.open_output_stream(key, compression=None) as stream:
                stream.write(path.read_bytes())
    return folder


def _swept(tmp_path: Path, name: str, evidence: str, sieve: Any = "auto", **more: Any) -> Path:
    listed = tmp_path / "list.txt"
    listed.write_text(LISTED)
    target = tmp_path / name
    request = sweeps.sweep_request(evidence=[evidence], lists=[listed], out=target)
    sweep(replace(request, options=replace(request.options, sieve=sieve), **more))
    return target


def _content(folder: Path, before: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    pages = {
        name: json.loads((folder / name).read_text().replace(before, "@/"))
        for name in ("devices.json", "coverage.json", "rejects.json", "manifest.json")
    }
    # The digests of files that tell where the evidence lay.
    pages["manifest.json"].pop("files")
    table = pq.read_table(folder / "sightings.parquet").to_pylist()
    return pages, json.loads(json.dumps(table, default=str).replace(before, "@/"))


@pytest.fixture(scope="module")
def wanted(office: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """What a sweep of the folder finds."""
    folder = _swept(tmp_path_factory.mktemp("here"), "found", str(office), sha256=True)
    pages, sightings = _content(folder, f"{office}/")
    devices = sorted(one["device"] for one in pages["devices.json"]["devices"])
    assert devices == ["10.0.0.5", "10.1.0.5", "10.2.0.5", "10.3.0.5"]
    return pages, sightings


@pytest.mark.parametrize("sieve", ["python", *(["rust"] if rust_available() else [])])
def test_a_bucket_is_swept_like_a_folder(
    sieve: str, office: Path, wanted: tuple[Any, Any], tmp_path: Path
) -> None:
    found = _swept(tmp_path, "found", "s3://office/2026", sieve, sha256=True, small_bytes=0)
    pages, sightings = _content(found, "s3://office/2026/")
    for name, page in pages.items():
        assert page == wanted[0][name]
    assert sightings == wanted[1]
    kept = b"".join(path.read_bytes() for path in found.iterdir())
    assert b"not-in-any-finding" not in kept


def test_of_a_log_only_the_beginning_is_copied(office: Path, tmp_path: Path) -> None:
    files, problems = find_evidence(["s3://office/2026", "s3://office/2026/conn.log"], tmp_path)
    assert problems == []
    by_name = {one.shown.removeprefix("s3://office/2026/"): one for one in files}
    assert len(files) == len(by_name) == 6
    log = by_name["conn.log"]
    assert log.stored is not None
    assert log.location.stat().st_size == log.size == (office / "conn.log").stat().st_size
    assert log.location.read_bytes().rstrip(b"\0") == (office / "conn.log").read_bytes()[: 1 << 20]
    assert by_name["packed/conn.log.gz"].stored is not None
    for name in ("packed/old.zip", "packed/noise.bin.gz"):
        assert by_name[name].stored is None
        assert by_name[name].location.read_bytes() == (office / name).read_bytes()


def test_all_of_a_collection_is_copied_so_that_it_can_be_checked(
    bucket: fs.S3FileSystem, tmp_path: Path
) -> None:
    text = (HEADER + conn(1, "10.0.0.5", "203.0.113.77") * 20_000).encode()
    for name, content in (("manifest.json", b"{}"), ("logs/conn.log", text)):
        with bucket.open_output_stream(f"office/pc/{name}") as stream:
            stream.write(content)
    files = list(stored_evidence("s3://office/pc", tmp_path, MANIFEST, whole=False))
    assert [isinstance(one, FetchedFile) and one.location.name for one in files] == [
        "manifest.json",
        "000001",
    ]
    assert all(isinstance(one, FetchedFile) and one.stored is None for one in files)
    assert isinstance(files[1], FetchedFile)
    assert files[1].location.read_bytes() == text


def test_a_stored_file_is_had_again_to_show_a_line_of_it(office: Path, tmp_path: Path) -> None:
    copy = fetched_whole("s3://office/2026/packed/conn.log.gz", tmp_path / "copy")
    assert copy is not None
    assert copy.read_bytes() == (office / "packed/conn.log.gz").read_bytes()
    for gone in ("s3://office/2026/none.log", "s3://office/2026"):
        assert fetched_whole(gone, tmp_path / "none") is None


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("s3://no-such-bucket/2026", "E134"),
        ("s3://office/none", "E134"),
        ("s3://key:secret@office/2026", "E137"),
        ("s3://office/2026?endpoint_override=127.0.0.1:9&scheme=http", "E136"),
    ],
)
def test_what_is_not_there_or_not_reached_is_told(
    address: str, code: str, bucket: fs.S3FileSystem, tmp_path: Path
) -> None:
    files, problems = find_evidence([address], tmp_path)
    assert files == []
    assert [one.code for one in problems] == [code]
    assert "secret" not in str(problems[0])


def test_a_log_that_breaks_off_counts_as_not_read(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "_WAIT_S", 0.0)
    whole = storage.StoredStream._range

    def cut(self: storage.StoredStream, place: int, size: int) -> bytes:
        if place:
            raise storage.StorageError("E136", reason="NETWORK_CONNECTION")
        return whole(self, place, min(size, 1 << 20))

    monkeypatch.setattr(storage.StoredStream, "_range", cut)
    folder = _swept(tmp_path, "found", "s3://office/2026/conn.log")
    summary = json.loads((folder / "manifest.json").read_text())["summary"]
    assert [(one["code"], one["path"]) for one in summary["unread"]] == [
        ("E136", "s3://office/2026/conn.log")
    ]
    assert summary["lines"] > 1000
    assert summary["devices"] == []


def test_arrow_file_systems_are_not_loaded_for_files_here(tmp_path: Path) -> None:
    script = (
        "import sys; from quetsach.evidence.find import find_evidence\n"
        "find_evidence(sys.argv[1:])\n"
        "assert 'pyarrow.fs' not in sys.modules and 'pyarrow._s3fs' not in sys.modules"
    )
    log = write(tmp_path / "a.log", "x\n")
    subprocess.run([sys.executable, "-c", script, str(log)], check=True)

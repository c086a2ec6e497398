"""Stored files are read by ranges, again where the storage falters, and no secret is kept."""

import pickle
from pathlib import Path
from typing import Any

import pytest
from pyarrow import fs

from quetsach.evidence import storage
from quetsach.evidence.storage import (
    RemoteFile,
    ShrunkError,
    Storage,
    StorageError,
    StoredStream,
    listed,
    parsed,
    pieces_of_split,
    storage_error,
    without_secrets,
)

HERE = Storage("hdfs", "head.example:8020")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is taken for a storage: what Arrow gives for any of them is the same."""
    system = fs.SubTreeFileSystem(str(tmp_path), fs.LocalFileSystem())
    monkeypatch.setattr(storage, "file_system", lambda _storage: system)
    monkeypatch.setattr(storage, "_WAIT_S", 0.0)
    return tmp_path


def _file(folder: Path, name: str, content: bytes) -> RemoteFile:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return RemoteFile(HERE, name, len(content), 0.0)


@pytest.mark.parametrize(
    ("address", "storage", "path"),
    [
        ("s3://logs", Storage("s3", "logs"), "logs"),
        ("s3://logs/2026/", Storage("s3", "logs"), "logs/2026"),
        ("S3://logs/a%20b.log", Storage("s3", "logs"), "logs/a b.log"),
        (
            "s3://logs/x?region=ap-southeast-1&scheme=http&endpoint_override=minio.example:9000",
            Storage(
                "s3",
                "logs",
                (
                    ("endpoint_override", "minio.example:9000"),
                    ("region", "ap-southeast-1"),
                    ("scheme", "http"),
                ),
            ),
            "logs/x",
        ),
        ("hdfs://head.example:8020/logs/2026", HERE, "/logs/2026"),
        ("hdfs://reader@head.example", Storage("hdfs", "reader@head.example"), "/"),
    ],
)
def test_an_address_is_a_storage_and_a_path(
    address: str, storage: Storage, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    assert parsed(address) == (storage, path)


def test_where_the_storage_is_comes_from_the_environment_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9000/")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    options = dict(parsed("s3://logs/x?region=eu-west-1")[0].options)
    assert options == {
        "endpoint_override": "127.0.0.1:9000",
        "region": "eu-west-1",
        "scheme": "http",
    }


@pytest.mark.parametrize(
    "address",
    [
        "s3://AKIAEXAMPLE:geheim@logs/x",
        "s3://AKIAEXAMPLE@logs/x",
        "hdfs://reader:geheim@head.example/x",
        "s3://logs/x?secret_key=geheim",
        "s3://logs/x?endpoint_override=a:geheim@minio.example",
        "hdfs://head.example/x?token=geheim",
        "s3:///x",
        "s3://logs:port/x",
    ],
)
def test_an_address_with_a_secret_or_without_a_place_is_not_taken(address: str) -> None:
    with pytest.raises(StorageError) as failure:
        parsed(address)
    assert failure.value.code == "E137"
    assert "geheim" not in str(failure.value.facts) + without_secrets(address)


def test_files_are_listed_in_the_order_of_a_folder_here(here: Path) -> None:
    for name in ("b.log", "a/z.log", "a/a/x.log", "B.log"):
        _file(here, name, b"x\n")
    assert [one.path for one in listed(HERE, "")] == ["B.log", "b.log", "a/z.log", "a/a/x.log"]
    assert [one.size for one in listed(HERE, "b.log")] == [2]
    with pytest.raises(StorageError) as failure:
        listed(HERE, "none")
    assert failure.value.code == "E134"


def test_what_is_shown_of_a_file_is_its_address() -> None:
    assert RemoteFile(Storage("s3", "logs"), "logs/a/b.log", 1, 0.0).shown == "s3://logs/a/b.log"
    assert RemoteFile(HERE, "/a/b.log", 1, 0.0).shown == "hdfs://head.example:8020/a/b.log"


@pytest.mark.parametrize("piece", [1, 3, 100])
def test_a_stored_file_is_read_as_an_open_one(here: Path, piece: int) -> None:
    stored = _file(here, "a.log", bytes(range(10)))
    with StoredStream(stored, piece) as stream:
        assert stream.read(1) == b"\x00"
        stream.seek(4)
        assert b"".join(iter(lambda: stream.read(2), b"")) == bytes(range(4, 10))
        stream.seek(2)
        assert stream.read() == bytes(range(2, 10))


def _every_split(stored: RemoteFile, text: bytes) -> list[bytes]:
    cuts = range(0, len(text), 5)
    return [b"".join(pieces_of_split(stored, cut, 5, b"\n")) for cut in cuts]


def test_a_split_comes_with_the_byte_before_it_and_the_end_of_its_last_line(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "_BEHIND_BYTES", 2)
    text = b"one\ntwo two two\nthree\n"
    stored = _file(here, "a.log", text)
    ends = (16, 16, 16, 22, 22)
    for (start, given), end in zip(enumerate(_every_split(stored, text)), ends, strict=True):
        wanted = text[max(5 * start - 1, 0) : end]
        assert given.startswith(wanted)
        # No more than is asked for at a time lies behind its last line.
        assert len(given) - len(wanted) < 2


class _Faltering:
    """A file whose first reads fail."""

    def __init__(self, file: Any, failures: list[Exception]) -> None:
        self._file, self._failures = file, failures

    def size(self) -> int:
        return int(self._file.size())

    def read_at(self, size: int, place: int) -> bytes:
        if self._failures:
            raise self._failures.pop(0)
        return bytes(self._file.read_at(size, place))

    def close(self) -> None:
        self._file.close()


def _falters(
    monkeypatch: pytest.MonkeyPatch, folder: Path, *failures: Exception
) -> list[Exception]:
    left = list(failures)

    class System:
        def open_input_file(self, path: str) -> _Faltering:
            return _Faltering(fs.LocalFileSystem().open_input_file(str(folder / path)), left)

    monkeypatch.setattr(storage, "file_system", lambda _storage: System())
    return left


CUT = "When reading: AWS Error NETWORK_CONNECTION during GetObject operation: curlCode: 56 at 1:2:3"


def test_what_broke_off_is_asked_for_again(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = _file(here, "a.log", b"abc")
    _falters(monkeypatch, here, OSError(CUT), OSError(CUT))
    assert StoredStream(stored).read() == b"abc"


def test_what_stays_broken_is_told_once_in_the_same_words(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = _file(here, "a.log", b"abc")
    left = _falters(monkeypatch, here, *[OSError(CUT)] * 10)
    with pytest.raises(StorageError) as failure:
        StoredStream(stored).read()
    assert (failure.value.code, failure.value.facts) == ("E136", {"reason": "NETWORK_CONNECTION"})
    assert len(left) == 10 - storage.TRIES


def test_a_right_that_is_not_given_is_not_asked_for_again(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = _file(here, "a.log", b"abc")
    left = _falters(monkeypatch, here, *[OSError("x AWS Error ACCESS_DENIED during GetObject")] * 3)
    with pytest.raises(StorageError) as failure:
        StoredStream(stored).read()
    assert failure.value.code == "E135"
    assert len(left) == 2


def test_a_file_of_another_length_has_changed(here: Path) -> None:
    stored = _file(here, "a.log", b"abc")
    (here / "a.log").write_bytes(b"abcd")
    with pytest.raises(ShrunkError):
        StoredStream(stored).read()


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (FileNotFoundError("Path does not exist 'logs/x'"), "E134"),
        (
            OSError("When listing: AWS Error NO_SUCH_BUCKET during ListObjectsV2"),
            "E134",
        ),
        (
            OSError("AWS Error INVALID_ACCESS_KEY_ID: HTTP status 403"),
            "E135",
        ),
        (OSError("AWS Error UNKNOWN (HTTP status 403) during HeadObject operation: No"), "E135"),
        (OSError("HDFS list directory failed: AccessControlException: Permission denied"), "E135"),
        (OSError("AWS Error SLOW_DOWN during GetObject operation"), "E136"),
        (OSError("Unable to load libjvm\ndlopen failed"), "E136"),
    ],
)
def test_errors_have_their_code(error: OSError, code: str) -> None:
    assert storage_error(error).code == code


def test_an_error_comes_from_a_worker_as_it_was() -> None:
    error = pickle.loads(pickle.dumps(StorageError("E136", reason="SLOW_DOWN")))
    assert (error.code, error.facts) == ("E136", {"reason": "SLOW_DOWN"})
    assert error.problem("s3://a/b").code == "E136"


def test_only_storages_are_told_by_their_address() -> None:
    assert not storage.is_stored("a/b.log")
    assert not storage.is_stored("http://a.example/b.log")
    assert storage.is_stored("s3://a/b")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("s3://AKIA:abc/GEHEIM@bucket/logs", "s3://bucket/logs"),
        ("s3://AKIA:a#GEHEIM@bucket/x?region=y", "s3://bucket/x"),
        ("s3://AKIA:123/GEHEIM@bucket/x", "s3://bucket/x"),
        ("s3://AKIA:GEHEIM", "s3://AKIA"),
        ("hdfs://an:GEHEIM/x@node:8020/logs", "hdfs://node:8020/logs"),
        ("hdfs://node:8020/a@b/c", "hdfs://node:8020/a@b/c"),
        ("s3://bucket/a@b/c?scheme=http", "s3://bucket/a@b/c"),
        ("s3://[GEHEIM@x", "s3://x"),
    ],
)
def test_no_key_is_shown_however_it_is_written(address: str, shown: str) -> None:
    assert without_secrets(address) == shown
    if "GEHEIM" in address:
        with pytest.raises(StorageError) as caught:
            parsed(address)
        assert "GEHEIM" not in str(caught.value.facts)

"""The folder is written whole, replaces only a release of ours, and leaves nothing behind."""

from pathlib import Path

import pytest

from quetsach.blocklists.choose import identity
from quetsach.blocklists.folder import (
    HEAD,
    is_release,
    keys_text,
    read_keys,
    read_previous,
    write_folder,
)
from quetsach.errors.exceptions import QuetsachError
from tests.blocklists.making import indicators, make, mixed


def _files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_every_file_is_there_as_it_was_made(tmp_path: Path) -> None:
    made = make("hosts", mixed())
    write_folder(tmp_path / "a/b/out", made.folder())
    assert _files(tmp_path / "a/b/out") == dict(made.folder())
    assert _names(tmp_path / "a/b") == ["out"]


def test_a_release_of_ours_is_replaced_and_read_as_the_previous_one(tmp_path: Path) -> None:
    target = tmp_path / "out"
    first, second = make("rpz", mixed()), make("hosts", indicators("bad.example"))
    write_folder(target, first.folder())
    assert is_release(target)
    previous = read_previous(target)
    assert previous.serial == first.about.serial
    assert previous.list_id == first.about.list_id
    assert previous.made_as == ("rpz", "watch", "quetsach")
    assert set(previous.entries) == {identity(one.indicator) for one in first.written}
    write_folder(target, second.folder())
    assert _files(target) == dict(second.folder())
    assert _names(tmp_path) == ["out"]


@pytest.mark.parametrize("foreign", ["notes.txt", "undo/mine.txt", "left-out.json"])
def test_what_others_put_there_is_never_removed(foreign: str, tmp_path: Path) -> None:
    target = tmp_path / "out"
    if foreign != "left-out.json":
        write_folder(target, make("rpz", mixed()).folder())
    (target / foreign).parent.mkdir(parents=True, exist_ok=True)
    (target / foreign).write_text("{}")
    before = _files(target)
    with pytest.raises(QuetsachError) as caught:
        write_folder(target, make("hosts", mixed()).folder())
    assert caught.value.problem.code == "E244"
    assert _files(target) == before
    assert _names(tmp_path) == ["out"]


def test_a_link_is_not_followed_and_a_file_is_not_replaced(tmp_path: Path) -> None:
    write_folder(tmp_path / "real", make("rpz", mixed()).folder())
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "file").write_text("x")
    for name in ("link", "file"):
        with pytest.raises(QuetsachError, match="E244"):
            write_folder(tmp_path / name, make("rpz", mixed()).folder())


def test_a_disk_that_takes_nothing_leaves_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(QuetsachError) as caught:
        write_folder(tmp_path / "file" / "out", make("rpz", mixed()).folder())
    assert caught.value.problem.code == "E247"
    with pytest.raises(QuetsachError, match="E247"):
        write_folder(tmp_path / "out", {"a/b/c.txt": "x"})
    assert _names(tmp_path) == ["file"]


def test_what_is_no_release_is_refused_as_the_previous_one(tmp_path: Path) -> None:
    (tmp_path / "keys.tsv").write_bytes(b"\xff\xfe")
    for path in (tmp_path, tmp_path / "keys.tsv", tmp_path / "none"):
        with pytest.raises(QuetsachError) as caught:
            read_previous(path)
        assert caught.value.problem.code == "E249"


def test_keys_come_back_with_their_rules_ports_and_times() -> None:
    written = make("csv", mixed()).written
    back = read_keys(keys_text(written), "keys.tsv")
    assert {key: (one.until_us, one.since_us, one.indicator.port) for key, one in back.items()} == {
        identity(one.indicator): (one.until_us, one.since_us, one.indicator.port) for one in written
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bad.example\n",
        f"{HEAD}\nbad.example\tname\tbelow\n",
        f"{HEAD}\nbad.example\tdomain\tbelow\t2026-01-01T00:00:00+00:00\t2026-01-01T00:00:00+00:00\n",
        f"{HEAD}\nbad.example\tname\tbelow\tsoon\t2026-01-01T00:00:00+00:00\n",
        f"{HEAD}\n1.2.3.4:x\taddress\tip-port\t2026-01-01T00:00:00+00:00\t2026-01-01T00:00:00+00:00\n",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        read_keys(text, "keys.tsv")
    assert caught.value.problem.code == "E249"

"""Who may change a file or read a secret: owners, modes, the folders above, and links."""

import os
import struct
from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.file_owners import changed_by_others, refuse_changeable, refuse_open_secret

OTHER = 12_345


def said_of(path: Path) -> str:
    return changed_by_others(path, path.stat())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "own").mkdir(mode=0o755)
    path = tmp_path / "own/file"
    path.write_text("secret")
    path.chmod(0o600)
    return path


@pytest.mark.asvs("V13.3.2")
@pytest.mark.parametrize(("mode", "is_refused"), [(0o600, False), (0o644, False), (0o646, True)])
def test_a_file_that_everybody_may_write_is_refused(
    file: Path, mode: int, is_refused: bool
) -> None:
    file.chmod(mode)
    assert bool(said_of(file)) is is_refused


def test_a_folder_counts_but_one_where_each_has_his_own_does_not(file: Path) -> None:
    assert said_of(file) == ""
    file.parent.chmod(0o777)
    assert str(file.parent) in said_of(file)
    file.parent.chmod(0o1777)
    assert said_of(file) == ""


def test_a_group_counts_unless_it_is_the_owners_alone(file: Path) -> None:
    file.chmod(0o664)
    status = file.stat()
    facts = list(status)
    facts[5] = OTHER
    assert "0664" in changed_by_others(file, os.stat_result(facts))


def let_another_write(path: Path) -> None:
    """Let OTHER write `path` by an access list, as `setfacl -m u:12345:rw` (acl(5))."""
    anybody = 0xFFFF_FFFF
    rows = ((1, 6, anybody), (2, 6, OTHER), (4, 4, anybody), (16, 6, anybody), (32, 0, anybody))
    content = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *row) for row in rows)
    try:
        os.setxattr(path, "system.posix_acl_access", content)
    except (OSError, AttributeError):
        pytest.skip("this system, or this folder, has no access lists")


def test_who_is_named_in_an_access_list_counts(file: Path) -> None:
    file.chmod(0o660)
    assert said_of(file) == "", "the group is the owner's alone"
    let_another_write(file)
    assert "0660" in said_of(file)
    file.chmod(0o600)
    assert said_of(file) == "", "the list grants nothing any more"


def test_the_file_of_another_user_is_refused_and_that_of_root_is_not(file: Path) -> None:
    facts = list(file.stat())
    facts[4] = OTHER
    assert str(OTHER) in changed_by_others(file, os.stat_result(facts))
    facts[4] = 0
    assert changed_by_others(file, os.stat_result(facts)) == ""


def test_a_link_is_as_safe_as_each_folder_on_its_way(file: Path, tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open/between").symlink_to(file)
    link = tmp_path / "link"
    link.symlink_to("open/../open/between")
    assert said_of(link) == ""
    (tmp_path / "open").chmod(0o777)
    assert str(tmp_path / "open") in said_of(link)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_link_of_another_in_a_shared_folder_is_refused(file: Path, tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o1777)
    link = tmp_path / "open/link"
    link.symlink_to(file)
    assert said_of(link) == ""
    os.lchown(link, OTHER, OTHER)
    assert str(link) in said_of(link)


def test_a_ring_of_links_is_no_file(tmp_path: Path, file: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    # What was opened is a file, so this ends; the way to it is what somebody changed meanwhile.
    assert changed_by_others(tmp_path / "a", file.stat()) == ""


@pytest.mark.asvs("V13.3.2")
@pytest.mark.parametrize(
    ("mode", "code"), [(0o600, ""), (0o640, ""), (0o644, "E626"), (0o606, "E625")]
)
def test_a_secret_is_for_its_owner_and_a_group(file: Path, mode: int, code: str) -> None:
    file.chmod(mode)
    codes = []
    try:
        refuse_open_secret(file, file.stat())
    except QuetsachError as error:
        codes.append(error.problem.code)
    assert codes == [code] * bool(code)


def test_a_pipe_is_nobodys_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o666)
    (tmp_path / "pipe").chmod(0o666)
    refuse_open_secret(tmp_path / "pipe", (tmp_path / "pipe").stat())
    with pytest.raises(QuetsachError):
        refuse_changeable(tmp_path / "pipe", (tmp_path / "pipe").stat())

"""The wheelhouse: which packages a Python needs, which wheels fit, which digests are taken."""

from pathlib import Path

import pytest

from tools.release.check_release import digest_of
from tools.release.wheelhouse import locked_lines, platforms, wanted
from tools.supply.parts import LockedPackage, read_lock

LOCK = """\
click==8.1.0 \\
    --hash=sha256:{a}
    # via quetsach
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:{a}
numpy==2.2.0 ; python_full_version < '3.12' \\
    --hash=sha256:{a}
numpy==2.4.0 ; python_full_version >= '3.12' \\
    --hash=sha256:{a}
""".format(a="a" * 64)


@pytest.mark.parametrize(("python", "numpy"), [("3.11", "2.2.0"), ("3.13", "2.4.0")])
def test_markers_are_asked_for_the_python_of_the_office(python: str, numpy: str) -> None:
    rows = [(row.name, row.version) for row in wanted(LOCK, python, "x86_64")]
    assert rows == [("click", "8.1.0"), ("numpy", numpy)]


def test_no_wheel_asks_for_more_than_the_oldest_system_has() -> None:
    assert platforms("x86_64")[0] == "manylinux_2_28_x86_64"
    assert "linux_x86_64" not in platforms("x86_64")


def test_only_what_was_brought_may_be_installed(tmp_path: Path) -> None:
    wheel = tmp_path / "Click-8.1.0-py3-none-any.whl"
    wheel.write_bytes(b"wheel")
    package = LockedPackage("click", "8.1.0", "sys_platform == 'linux'", ("b" * 64,))
    [line] = locked_lines([package], tmp_path)
    [read] = read_lock(line)
    assert read == LockedPackage("click", "8.1.0", package.marker, (digest_of(wheel),))


def test_a_package_without_a_wheel_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"numpy 2\.2\.0: no wheel"):
        list(locked_lines(list(read_lock(LOCK))[2:3], tmp_path))

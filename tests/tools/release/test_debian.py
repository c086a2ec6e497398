"""The package for Debian: its scripts are POSIX sh, its units find their programs, its file of
settings is one that the portal takes, and a small one is built and read back."""

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from quetsach import __version__
from quetsach.cli import completion
from quetsach_portal.config.setting_keys import FILE
from tools.release.debian import PYTHONS, SCRIPTS, DebianParts, write_deb
from tools.release.offline import SHIPPED

FOLDER = SHIPPED / "debian"


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_scripts_of_a_package_are_shell_and_stop_at_the_first_error(name: str) -> None:
    text = (FOLDER / name).read_text("utf-8")
    assert text.startswith("#!/bin/sh\n")
    assert "\nset -e\n" in text
    subprocess.run(["sh", "-n", FOLDER / name], check=True)


def test_purging_leaves_the_data() -> None:
    removed = re.findall(r"rm(?:dir)? [^\n]*", (FOLDER / "postrm").read_text("utf-8"))
    assert removed
    assert not [line for line in removed if "/var/lib" in line]


def test_no_unit_does_as_root_what_its_user_may_lead_elsewhere() -> None:
    # `install -d -o USER` follows a link that the user laid in a folder of its own.
    as_root = [
        line
        for unit in sorted((SHIPPED / "systemd").glob("*.service"))
        for line in unit.read_text("utf-8").splitlines()
        if re.match(r"Exec\w+=[-@:!]*\+", line)
    ]
    assert as_root
    assert [line for line in as_root if "setpriv --reuid=quetsach --regid=" not in line] == []


def test_settings_that_an_administrator_removed_stop_no_upgrade() -> None:
    text = (FOLDER / "postinst").read_text("utf-8")
    guard, owner = (text.find(sign + " /etc/quetsach/portal.toml") for sign in ("-f", "quetsach"))
    assert 0 < guard < owner


def wheel(folder: Path, name: str, files: dict[str, str]) -> None:
    info = f"{name}-{__version__}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{__version__}-py3-none-any.whl", "w") as packed:
        for path, text in {
            **files,
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {__version__}\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{info}/RECORD": "",
        }.items():
            packed.writestr(path, text)


@pytest.fixture(scope="module", params=sorted(PYTHONS))
def unpacked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder into which a package of tiny wheels was unpacked, its control in DEBIAN."""
    if shutil.which("dpkg-deb") is None:
        pytest.skip("no dpkg-deb here")
    folder = tmp_path_factory.mktemp("deb")
    release = folder / "release"
    (release / "wheels").mkdir(parents=True)
    wheel(release / "wheels", "quetsach", {"quetsach/__init__.py": ""})
    wheel(release / "wheels", "quetsach_portal", {"quetsach_portal/__init__.py": ""})
    wheel(release / "wheels", "quetsach_kernel", {"quetsach_kernel/__init__.py": ""})
    for place in ("man1", "vi/man1"):
        (release / "share/man" / place).mkdir(parents=True)
        (release / "share/man" / place / "quetsach.1").write_text(".TH quetsach 1\n")
    (release / "share/completion").mkdir()
    for shell in ("bash", "zsh", "fish"):
        (release / "share/completion" / f"quetsach.{shell}").write_text(completion.script(shell))
    parts = DebianParts(release, request.param)
    package = write_deb(parts, "", folder / "scratch", folder)
    assert package.name == f"quetsach_{__version__}+deb{request.param}_amd64.deb"
    subprocess.run(["dpkg-deb", "--raw-extract", package, folder / "read"], check=True)
    return folder / "read"


def python_of(unpacked: Path) -> str:
    return (unpacked / "usr/lib/quetsach/bin/python").readlink().name


def test_all_stands_where_debian_looks_for_it(unpacked: Path) -> None:
    packages = f"usr/lib/quetsach/lib/{python_of(unpacked)}/site-packages"
    for name in (
        f"{packages}/quetsach/__init__.py",
        f"{packages}/quetsach_portal/__init__.py",
        f"{packages}/quetsach_kernel/__init__.py",
        "usr/share/man/man1/quetsach.1.gz",
        "usr/share/man/vi/man1/quetsach.1.gz",
        "usr/share/bash-completion/completions/quetsach",
        "usr/share/doc/quetsach/copyright",
        "usr/share/doc/quetsach/changelog.gz",
        "usr/share/quetsach/nginx/site.conf",
        "usr/lib/systemd/system/quetsach-portal.service",
    ):
        assert (unpacked / name).is_file(), name
    assert (unpacked / "usr/bin/quetsach").readlink() == Path("../lib/quetsach/bin/quetsach")
    assert (unpacked / "usr/lib/quetsach/bin/python").readlink().parent == Path("/usr/bin")


def test_settings_are_kept_over_upgrades_and_are_those_that_the_portal_reads(
    unpacked: Path,
) -> None:
    kept = (unpacked / "DEBIAN/conffiles").read_text().splitlines()
    assert str(FILE) in kept
    assert all((unpacked / name.lstrip("/")).is_file() for name in kept)
    control = (unpacked / "DEBIAN/control").read_text("utf-8")
    assert f"Depends: {python_of(unpacked)}, " in control
    debian = re.search(r"^Version: .*[+]deb(\d+)$", control, re.MULTILINE)
    assert debian is not None
    assert python_of(unpacked) == f"python{PYTHONS[debian[1]]}"
    assert "{" not in control


def test_units_start_programs_that_the_package_brings(unpacked: Path) -> None:
    for unit in (unpacked / "usr/lib/systemd/system").glob("*.service"):
        for program in re.findall(r"^Exec\w+=\+?(/\S+)", unit.read_text("utf-8"), re.MULTILINE):
            assert not program.startswith("/opt/"), unit.name
            if program.startswith("/usr/lib/quetsach/"):
                assert (unpacked / program.lstrip("/")).is_symlink() or (
                    unpacked / program.lstrip("/")
                ).is_file(), program


def test_systemd_takes_the_units(unpacked: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here")
    for unit in (unpacked / "usr/lib/systemd/system").iterdir():
        # The programs are not installed on this machine.
        text = re.sub(r"/usr/lib/quetsach/bin/\w+", "/bin/true", unit.read_text("utf-8"))
        (tmp_path / unit.name).write_text(text)
    ended = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
    )
    ours = [line for line in ended.stderr.splitlines() if "quetsach" in line]
    assert (ended.returncode, ours) == (0, []), ended.stderr

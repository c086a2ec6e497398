"""The package for Debian: all of the wheelhouse in an environment below /usr/lib, units, pages.

Each release of Debian has its own, as compiled packages are for one Python: +deb12 and +deb13.
"""

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from quetsach import __version__
from tools.release import wheelhouse
from tools.release.nginx_site import site
from tools.release.offline import OWN, SHIPPED
from tools.supply.parts import ROOT, LockedPackage

PYTHONS = {"12": "3.11", "13": "3.13"}
"""The Python of each release of Debian."""

HOME = Path("usr/lib/quetsach")
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
SCRIPTS = ("postinst", "prerm", "postrm")
COMPLETIONS = {
    "quetsach.bash": "usr/share/bash-completion/completions/quetsach",
    "quetsach.zsh": "usr/share/zsh/vendor-completions/_quetsach",
    "quetsach.fish": "usr/share/fish/vendor_completions.d/quetsach.fish",
}
PROGRAM = """\
#!/usr/lib/quetsach/bin/python
import sys

from quetsach.cli.main import main

sys.exit(main())
"""


@dataclass(frozen=True)
class DebianParts:
    """What the package is made of: the folder of the offline release, for which Debian, machine."""

    release: Path
    debian: str = "12"
    machine: str = "x86_64"

    @property
    def python(self) -> str:
        """The Python of that Debian."""
        return PYTHONS[self.debian]

    @property
    def version(self) -> str:
        """The version of the package; that for a later Debian is the later one."""
        return f"{__version__}+deb{self.debian}"


def write_deb(parts: DebianParts, lock: str, scratch: Path, folder: Path) -> Path:
    """Write the package into `folder` and return its path.

    Errors: CalledProcessError where a wheel cannot be unpacked or dpkg-deb refuses.
    """
    tree = scratch / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    _environment(parts, lock, scratch, tree)
    _settings(tree)
    _pages(parts, tree)
    _control(parts, tree)
    _modes(tree)
    architecture = ARCHITECTURES[parts.machine]
    target = folder / f"quetsach_{parts.version}_{architecture}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z1", "--build", str(tree), str(target)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return target


def _environment(parts: DebianParts, lock: str, scratch: Path, tree: Path) -> None:
    """Unpack the wheels into an environment made by hand, as Debian's Python is not here."""
    home = tree / HOME
    packages = home / f"lib/python{parts.python}/site-packages"
    wheels = parts.release / "wheels"
    own = [LockedPackage(name, __version__, "", ()) for name in OWN]
    listed = [*wheelhouse.wanted(lock, parts.python, parts.machine), *own]
    # Those of this Python alone; markers were asked already.
    bare = [LockedPackage(row.name, row.version, "", ()) for row in listed]
    lines = scratch / "deb-requirements.txt"
    scratch.mkdir(parents=True, exist_ok=True)
    lines.write_text("\n".join(wheelhouse.locked_lines(bare, wheels)) + "\n", "utf-8")
    command = [sys.executable, "-m", "pip", "--isolated", "install", "--quiet", "--no-index"]
    command += ["--disable-pip-version-check", "--no-deps", "--no-compile", "--require-hashes"]
    command += ["--only-binary", ":all:", "--find-links", str(wheels), "--target", str(packages)]
    # The lock says what this Python needs; pip would ask the Python that it runs with.
    command += ["--ignore-requires-python"]
    command += ["--implementation", "cp", "--python-version", parts.python]
    for platform in wheelhouse.platforms(parts.machine):
        command += ["--platform", platform]
    subprocess.run([*command, "-r", str(lines)], check=True)
    for name in ("bin", "share", "etc", "include"):
        shutil.rmtree(packages / name, ignore_errors=True)
    (home / "bin").mkdir()
    (home / "bin/python").symlink_to(f"/usr/bin/python{parts.python}")
    (home / "bin/python3").symlink_to("python")
    _write(home / "bin/quetsach", PROGRAM, 0o755)
    _write(
        home / "pyvenv.cfg",
        f"home = /usr/bin\ninclude-system-site-packages = false\nversion = {parts.python}\n",
    )
    (tree / "usr/bin").mkdir()
    (tree / "usr/bin/quetsach").symlink_to("../lib/quetsach/bin/quetsach")


def _settings(tree: Path) -> None:
    """Write units, the pages of nginx and its configurations, and the file of settings."""
    for unit in sorted((SHIPPED / "systemd").iterdir()):
        text = unit.read_text("utf-8").replace("/opt/quetsach/bin/", f"/{HOME}/bin/")
        _write(tree / "usr/lib/systemd/system" / unit.name, text)
    _write(tree / "etc/quetsach/portal.toml", (SHIPPED / "debian/portal.toml").read_text("utf-8"))
    nginx = SHIPPED / "nginx"
    for page in sorted((*nginx.glob("*.html"), *nginx.glob("*.css"))):
        _write(tree / "etc/quetsach/nginx" / page.name, page.read_text("utf-8"))
    whole = (nginx / "nginx.conf").read_text("utf-8")
    _write(tree / "usr/share/quetsach/nginx/nginx.conf", whole)
    _write(tree / "usr/share/quetsach/nginx/site.conf", site(whole))


def _pages(parts: DebianParts, tree: Path) -> None:
    """Write man pages, completion of shells and what Debian asks for in usr/share/doc."""
    for page in sorted((parts.release / "share/man").rglob("*.1")):
        place = page.relative_to(parts.release / "share/man")
        _write_packed(tree / "usr/share/man" / f"{place}.gz", page.read_bytes())
    for name, installed in COMPLETIONS.items():
        _write(tree / installed, (parts.release / "share/completion" / name).read_text("utf-8"))
    documents = tree / "usr/share/doc/quetsach"
    for name in ("copyright", "README.Debian"):
        _write(documents / name, (SHIPPED / "debian" / name).read_text("utf-8"))
    _write(
        tree / "usr/share/lintian/overrides/quetsach",
        (SHIPPED / "debian/lintian-overrides").read_text("utf-8"),
    )
    _write_packed(documents / "NOTICE.gz", (ROOT / "NOTICE").read_bytes())
    _write_packed(documents / "CHANGELOG.md.gz", (ROOT / "CHANGELOG.md").read_bytes())
    _write_packed(documents / "changelog.gz", _changelog(parts.version).encode())


def _changelog(version: str) -> str:
    """Return the changelog in Debian's form, which leads to our own."""
    when = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), UTC)
    return (
        f"quetsach ({version}) stable; urgency=medium\n\n  * See CHANGELOG.md.gz.\n\n"
        f" -- quetsach <quetsach@quetsach.example>  {format_datetime(when)}\n"
    )


def _control(parts: DebianParts, tree: Path) -> None:
    control = tree / "DEBIAN"
    size = sum(path.stat().st_size for path in tree.rglob("*") if path.is_file()) // 1024
    text = (
        (SHIPPED / "debian/control")
        .read_text("utf-8")
        .format(
            version=parts.version,
            architecture=ARCHITECTURES[parts.machine],
            kilobytes=size,
            python=parts.python,
        )
    )
    _write(control / "control", text)
    for name in SCRIPTS:
        _write(control / name, (SHIPPED / "debian" / name).read_text("utf-8"), 0o755)
    settings = sorted(path for path in (tree / "etc").rglob("*") if path.is_file())
    _write(control / "conffiles", "".join(f"/{path.relative_to(tree)}\n" for path in settings))
    packed = sorted(
        path for path in (tree / "usr").rglob("*") if path.is_file() and not path.is_symlink()
    )
    # MD5 is what dpkg --verify reads; who signed the release signed the whole file.
    sums = [
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  "
        f"{path.relative_to(tree)}\n"
        for path in packed
    ]
    _write(control / "md5sums", "".join(sums))


def _modes(tree: Path) -> None:
    """Give every folder and file the rights and the time that do not hang on who builds."""
    when = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    for path in sorted(tree.rglob("*")):
        if path.is_symlink():
            continue
        runs = path.is_dir() or path.parent.name == "bin" or path.name in SCRIPTS
        path.chmod(0o755 if runs else 0o644)
        os.utime(path, (when, when))


def _write(file: Path, text: str, mode: int = 0o644) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    file.chmod(mode)


def _write_packed(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(content, 9, mtime=0))

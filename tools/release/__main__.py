"""Make a release: `python -m tools.release [--key NAME.key.pem] [PART ...]`, all parts if none.

wheels   the wheels of quetsach and its portal; their source archive, which builds the same
kernel   the wheels of the kernel, for each kind of machine
check    names, metadata, licences, system libraries of the wheels
share    man pages in both languages, completion for bash, zsh and fish
sbom     bills of materials
offline  quetsach-offline-VERSION.tar
deb      quetsach_VERSION+deb12_amd64.deb, and for each other Debian
sums     SHA256SUMS over all of it, signed
"""

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from quetsach import __version__
from quetsach.cli import completion
from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.keys import (
    SigningKey,
    generate_key_pair,
    private_pem,
    public_pem,
    read_private,
)
from tools.compare_wheels import differences
from tools.release import kernel_wheels, wheel_checks
from tools.release.debian import PYTHONS, DebianParts, write_deb
from tools.release.offline import OfflineParts, write_folder, write_sums, write_tar
from tools.supply.parts import PROJECTS, ROOT

LOCK = ROOT / "requirements/portal.txt"
"""The portal's packages, those of PDFs among them."""

TOOLS_LOCK = ROOT / "requirements/release.txt"


@dataclass(frozen=True)
class Workshop:
    """Where a release is made: its folder, a scratch folder, the programs, the key."""

    out: Path
    scratch: Path
    programs: Path
    key: SigningKey
    machine: str


def wheels(shop: Workshop) -> None:
    """Build both wheels and their source archive; unpacked elsewhere, it must build the same."""
    _build(ROOT, shop.out)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(shop.out)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as place:
        with tarfile.open(next(shop.out.glob("quetsach-*.tar.gz"))) as packed:
            packed.extractall(place, filter="data")
        again = Path(place) / "again"
        _build(next(Path(place).iterdir()), again)
        ours = Path(place) / "ours"
        ours.mkdir()
        for wheel in _wheels(shop):
            shutil.copy(wheel, ours)
        problems = list(differences(ours, again))
    if problems:
        sys.exit("\n".join(("The source archive builds other wheels:", *problems)))


def _build(folder: Path, target: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--no-build-isolation", "--wheel-dir", str(target), ".", "./portal"]
    subprocess.run(command, cwd=folder, check=True)


def _wheels(shop: Workshop) -> list[Path]:
    names = [name.replace("-", "_") for name in PROJECTS]
    return [shop.out / f"{name}-{__version__}-py3-none-any.whl" for name in names]


def kernel(shop: Workshop) -> None:
    """Build the kernel for every target; one that a release can go without is named."""
    missing = []
    for target in kernel_wheels.TARGETS:
        problem = kernel_wheels.build(target, shop.programs, shop.out)
        print(f"   {target.triple}: {problem or 'built'}")
        if problem and target.needed:
            missing.append(target.triple)
    if missing:
        sys.exit(f"No release without these: {', '.join(missing)}")


def check(shop: Workshop) -> None:
    """Hold each wheel and the source archive against what they promise."""
    faults = [
        fault
        for wheel in sorted(shop.out.glob("*.whl"))
        for fault in wheel_checks.faults(wheel, __version__, shop.programs)
    ]
    for archive in sorted(shop.out.glob("*.tar.gz")):
        faults += wheel_checks.refused_by_twine(archive, shop.programs)
    if faults:
        sys.exit("\n".join(faults))


def share(shop: Workshop) -> None:
    """Write the folder `share`: man pages and completion, as they lie below a prefix."""
    folder = shop.out / "share"
    shutil.rmtree(folder, ignore_errors=True)
    for language, place in (("en", "man/man1"), ("vi", "man/vi/man1")):
        command = [sys.executable, "-m", "tools.release.man_pages", language, str(folder / place)]
        subprocess.run(command, cwd=ROOT, check=True)
    (folder / "completion").mkdir(parents=True)
    for kind in completion.SHELLS:
        text = completion.script(kind.name)
        (folder / f"completion/quetsach.{kind.name}").write_text(text, "utf-8")


def sbom(shop: Workshop) -> None:
    """Write the bills of materials."""
    command = [sys.executable, "-m", "tools.supply", "sbom", str(shop.out / "sbom")]
    subprocess.run(command, cwd=ROOT, check=True)


def offline(shop: Workshop) -> None:
    """Write the release for offices without a network."""
    kernels = sorted(shop.out.glob(f"quetsach_kernel-{__version__}-*manylinux*{shop.machine}.whl"))
    if not kernels:
        sys.exit(f"{shop.out}: no wheel of the kernel for {shop.machine}; first: kernel")
    folder = shop.scratch / f"quetsach-offline-{__version__}"
    shutil.rmtree(folder, ignore_errors=True)
    parts = OfflineParts((*_wheels(shop), kernels[0]), shop.out / "share", shop.machine)
    write_folder(parts, LOCK.read_text("utf-8"), TOOLS_LOCK.read_text("utf-8"), folder)
    write_sums(folder, shop.key)
    write_tar(folder, shop.out / f"{folder.name}.tar")


def deb(shop: Workshop) -> None:
    """Write the packages for Debian from the folder of the offline release."""
    folder = shop.scratch / f"quetsach-offline-{__version__}"
    if not folder.is_dir():
        sys.exit(f"{folder}: is not there; first: offline")
    for debian in PYTHONS:
        parts = DebianParts(folder, debian, shop.machine)
        write_deb(parts, LOCK.read_text("utf-8"), shop.scratch / "deb", shop.out)


def sums(shop: Workshop) -> None:
    """Sign all that was made, and put the public key beside it."""
    (shop.out / "release.pub.pem").write_bytes(public_pem(shop.key.public))
    write_sums(shop.out, shop.key)
    print(f"   Signed by key {shop.key.public.key_id} ({shop.key.public.owner})")


PARTS: tuple[Callable[[Workshop], None], ...] = (
    wheels,
    kernel,
    check,
    share,
    sbom,
    offline,
    deb,
    sums,
)


def signing_key(file: Path | None, trial: Path) -> SigningKey:
    """Return the key of the release; without one a key for trials, which is made once and told.

    Errors: E230, E231 for a file without a usable key. The passphrase stands in RELEASE_PASSPHRASE.
    """
    if file is None:
        print("== No --key: signed by a key for trials, which proves nothing to others")
        if not trial.exists():
            trial.touch(0o600)
            trial.write_bytes(private_pem(generate_key_pair("trial, not a release"), None))
        file = trial
    passphrase = os.environ.get("RELEASE_PASSPHRASE", "").encode() or None
    return read_private(file.read_bytes(), str(file), passphrase)


def main() -> int:
    """Make the parts that are named, in their order; return the exit code."""
    names = [part.__name__ for part in PARTS]
    parser = argparse.ArgumentParser(
        prog="tools.release", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=" ".join(names))
    parser.add_argument("--out", type=Path, default=ROOT / "out/release")
    parser.add_argument("--key", type=Path, help="private key of the release (PEM)")
    parser.add_argument("--programs", type=Path, default=ROOT / "out/release-tools/bin")
    parser.add_argument("--machine", default="x86_64", choices=("x86_64", "aarch64"))
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.parts) - set(names))
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}")
    out: Path = arguments.out.resolve()
    scratch = out.with_name(f"{out.name}-scratch")
    out.mkdir(parents=True, exist_ok=True)
    scratch.mkdir(exist_ok=True)
    try:
        key = signing_key(arguments.key, scratch / "trial.key.pem")
        shop = Workshop(out, scratch, arguments.programs.absolute(), key, arguments.machine)
        for part in PARTS:
            if not arguments.parts or part.__name__ in arguments.parts:
                print(f"== {part.__name__}", flush=True)
                part(shop)
    except QuetsachError as error:
        sys.exit(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The wheels of the kernel for each kind of machine, built by maturin with zig as linker.

A wheel serves every Python from 3.11 on (abi3). zig carries the system libraries of all targets, so
one Linux machine builds them all; Rust's part of a target is brought by rustup where it is missing.
"""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.supply.parts import ROOT


@dataclass(frozen=True)
class KernelTarget:
    """A kind of machine: Rust's name, the policy of its wheel, whether a release needs it."""

    triple: str
    policy: str
    needed: bool


TARGETS = (
    KernelTarget("x86_64-unknown-linux-gnu", "manylinux2014", True),
    KernelTarget("aarch64-unknown-linux-gnu", "manylinux2014", True),
    KernelTarget("x86_64-unknown-linux-musl", "musllinux_1_2", True),
    KernelTarget("aarch64-unknown-linux-musl", "musllinux_1_2", False),
    KernelTarget("aarch64-apple-darwin", "", False),
    KernelTarget("x86_64-apple-darwin", "", False),
    KernelTarget("x86_64-pc-windows-gnu", "", False),
)


def build(target: KernelTarget, programs: Path, folder: Path) -> str:
    """Build the wheel of one target into `folder`; return what went wrong, or "".

    `programs` is the folder of maturin and zig. What was compiled before is kept in out/.
    """
    environment = environment_of(os.environ, programs)
    for command in (["rustup", "target", "add", target.triple], maturin(target, programs, folder)):
        try:
            ended = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
            )
        except OSError as error:
            return f"{command[0]}: {error.strerror}"
        if ended.returncode:
            return "\n".join(ended.stderr.strip().splitlines()[-12:]) or f"{command[0]} failed"
    return ""


def maturin(target: KernelTarget, programs: Path, folder: Path) -> Sequence[str]:
    """Return the command that builds the wheel of `target`."""
    command = [str(programs / "maturin"), "build", "--quiet", "--release", "--locked", "--zig"]
    command += ["-m", "kernel/python/Cargo.toml", "--target", target.triple]
    command += ["--features", "windows"] if "windows" in target.triple else []
    command += ["--compatibility", target.policy] if target.policy else []
    return [*command, "--out", str(folder)]


def environment_of(environ: Mapping[str, str], programs: Path) -> dict[str, str]:
    """Return the environment of a build: no folder of this machine stands in the result."""
    home = environ.get("CARGO_HOME") or str(Path(environ.get("HOME", "/")) / ".cargo")
    remapped = f"--remap-path-prefix={ROOT}=/quetsach --remap-path-prefix={home}=/cargo"
    return {
        **environ,
        "PATH": f"{programs}{os.pathsep}{environ.get('PATH', '')}",
        "CARGO_TARGET_DIR": str(ROOT / "out/release-target"),
        "RUSTFLAGS": remapped,
        # For the import library of the Python of Windows, which is not here.
        "ZIG_COMMAND": f"{programs / 'python'} -m ziglang",
    }

"""The kernel's wheels: each kind of machine by its own command, and no folder of ours in them."""

from pathlib import Path

from tools.release.kernel_wheels import TARGETS, environment_of, maturin
from tools.supply.parts import ROOT

PROGRAMS = Path("programs")


def test_each_target_is_named_and_linux_has_the_policy_that_is_checked() -> None:
    for target in TARGETS:
        command = list(maturin(target, PROGRAMS, Path("out")))
        assert command[command.index("--target") + 1] == target.triple
        assert ("--compatibility" in command) is ("linux" in target.triple)
        assert "--locked" in command


def test_only_windows_asks_for_the_import_library_that_is_made() -> None:
    made = {
        target.triple for target in TARGETS if "windows" in maturin(target, PROGRAMS, Path("out"))
    }
    assert made == {"x86_64-pc-windows-gnu"}
    assert environment_of({}, PROGRAMS)["ZIG_COMMAND"] == "programs/python -m ziglang"
    assert 'windows = ["pyo3/generate-import-lib"]' in (
        ROOT / "kernel/python/Cargo.toml"
    ).read_text("utf-8")


def test_no_path_of_the_machine_that_builds_stands_in_a_wheel() -> None:
    environment = environment_of({"HOME": "home", "PATH": "bin"}, PROGRAMS)
    assert f"--remap-path-prefix={ROOT}=" in environment["RUSTFLAGS"]
    assert "--remap-path-prefix=home/.cargo=/cargo" in environment["RUSTFLAGS"]
    assert environment["PATH"].startswith("programs:")

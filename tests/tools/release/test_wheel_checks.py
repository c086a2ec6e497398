"""What is held against each wheel of a release, with stand-ins for the programs that check."""

import zipfile
from pathlib import Path

import pytest

from tools.release.wheel_checks import CATALOGUES, MUSL_ITSELF, faults

MUSL = "quetsach_kernel-1.0-cp311-abi3-musllinux_1_2_x86_64.whl"
GLIBC = "quetsach_kernel-1.0-cp311-abi3-manylinux2014_x86_64.manylinux_2_17_x86_64.whl"


def wheel(
    folder: Path, name: str, *members: str, licensed: str = "License-File: LICENSE\n"
) -> Path:
    project = name.partition("-")[0]
    with zipfile.ZipFile(folder / name, "w") as packed:
        packed.writestr(f"{project}-1.0.dist-info/METADATA", f"Version: 1.0\n{licensed}")
        for member in members:
            packed.writestr(member, "")
    return folder / name


def programs(folder: Path, said: str = "", code: int = 0) -> Path:
    """Make a folder of programs of which auditwheel says something."""
    (folder / "said").write_text(said)
    for name in ("twine", "abi3audit", "auditwheel"):
        text = f"cat {folder}/said; exit {code}" if name == "auditwheel" else "exit 0"
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize("project", sorted(CATALOGUES))
def test_a_wheel_without_its_texts_or_licence_or_of_another_version_is_refused(
    tmp_path: Path, project: str
) -> None:
    name = f"{project.replace('-', '_')}-1.0-py3-none-any.whl"
    tools = programs(tmp_path)
    whole = wheel(tmp_path, name, CATALOGUES[project])
    assert list(faults(whole, "1.0", tools)) == []
    assert len(list(faults(whole, "1.1", tools))) == 2
    assert "lacks" in next(faults(wheel(tmp_path, name), "1.0", tools))
    bare = wheel(tmp_path, name, CATALOGUES[project], licensed="")
    assert "no licence" in next(faults(bare, "1.0", tools))


@pytest.mark.parametrize(
    ("name", "said", "code", "fits"),
    [
        (GLIBC, 'consistent with "manylinux_2_17_x86_64"', 0, True),
        (GLIBC, 'consistent with "manylinux_2_35_x86_64"', 0, False),
        (GLIBC, MUSL_ITSELF, 0, False),
        (MUSL, 'consistent with "musllinux_1_2_x86_64"', 0, True),
        (MUSL, f"required by the wheel:\n{MUSL_ITSELF}\n", 0, True),
        (MUSL, '{\n    "libc.so": null,\n    "libz.so.1": null\n}', 0, False),
        (MUSL, MUSL_ITSELF, 1, False),
    ],
)
def test_a_compiled_wheel_asks_for_no_more_than_its_name_promises(
    tmp_path: Path, name: str, said: str, code: int, fits: bool
) -> None:
    found = list(faults(wheel(tmp_path, name), "1.0", programs(tmp_path, said, code)))
    assert (found == []) is fits, found

"""The parts of a build: all of the lock, and of cargo's graph what runs apart from what builds."""

import pytest

from tools.supply.licences import read_table
from tools.supply.parts import (
    BUILDS,
    crate_parts,
    for_this_system,
    kernel_of,
    lock_of,
    needs_of_project,
    python_parts,
    read_lock,
)

LOCK = """\
click==8.1.0 \\
    --hash=sha256:{a} \\
    --hash=sha256:{b}
    # via quetsach
Colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:{a}
    # via click
""".format(a="a" * 64, b="b" * 64)


def test_a_lock_is_read_with_markers_and_digests() -> None:
    rows = list(read_lock(LOCK))
    assert [(row.name, row.version, row.marker, len(row.digests)) for row in rows] == [
        ("click", "8.1.0", "", 2),
        ("colorama", "0.4.6", "sys_platform == 'win32'", 1),
    ]


def test_another_version_than_the_installed_one_says_so_and_the_table_speaks_for_the_rest() -> None:
    table = read_table()
    click, colorama = python_parts(table, LOCK)
    assert click.licence == "BSD-3-Clause"
    assert click.read_from not in ("", "8.1.0")
    assert (colorama.licence, colorama.needs, colorama.purl) == (
        table.stated["colorama"],
        (),
        "pkg:pypi/colorama@0.4.6",
    )


@pytest.mark.parametrize("build", BUILDS)
def test_every_package_that_the_project_needs_is_in_the_bill_of_this_system(build: str) -> None:
    packages = python_parts(read_table(), lock_of(build))
    parts = {part.name: part for part in for_this_system(packages, build)}
    assert set(needs_of_project(build)) <= parts.keys()
    # What the parts need is there too; needs of extras that nobody asks for are no needs.
    dangling = {need for part in parts.values() for need in part.needs} - parts.keys()
    # Another version was installed for the tests than a build has, with needs of its own.
    other = {need for part in parts.values() if part.read_from for need in part.needs}
    assert dangling <= other
    assert "colorama" not in parts


def test_a_build_with_fewer_extras_has_fewer_parts() -> None:
    core, portal, everything = (set(needs_of_project(build)) for build in BUILDS)
    assert core < portal < everything
    assert not core & {"django", "typst", "pymispwarninglists", "lxml", "pyspark"}
    assert "pyspark" in everything - portal


def crate(name: str, source: str | None = "registry", kind: str = "lib") -> dict[str, object]:
    return {
        "id": name,
        "name": name,
        "version": "1.0.0",
        "license": "MIT/Apache-2.0",
        "source": source,
        "repository": f"https://{name}.example",
        "homepage": None,
        "targets": [{"kind": [kind]}],
    }


def need(name: str, kind: str | None = None) -> dict[str, object]:
    return {"pkg": name, "dep_kinds": [{"kind": kind}]}


SAID: dict[str, object] = {
    "packages": [
        crate("quetsach-kernel", None),
        crate("linked"),
        crate("deep"),
        crate("macro", kind="proc-macro"),
        crate("syntax"),
        crate("builder"),
        crate("tried"),
    ],
    "resolve": {
        "nodes": [
            {
                "id": "quetsach-kernel",
                "deps": [need("linked"), need("macro"), need("tried", "dev")],
            },
            {"id": "linked", "deps": [need("deep"), need("builder", "build")]},
            {"id": "macro", "deps": [need("syntax")]},
            *({"id": name, "deps": []} for name in ("deep", "syntax", "builder", "tried")),
        ]
    },
}


def test_crates_that_are_compiled_in_stand_apart_from_those_that_only_build() -> None:
    parts = {part.name: part for part in crate_parts(SAID, {"deep@1.0.0": "c" * 64})}
    assert {name for name, part in parts.items() if part.runs} == {"linked", "deep"}
    assert parts["linked"].needs == ("builder@1.0.0", "deep@1.0.0")
    assert parts["deep"].digests == ("c" * 64,)
    assert {part.licence for part in parts.values()} == {"MIT OR Apache-2.0"}
    assert kernel_of(SAID) == ("1.0.0", ("linked@1.0.0", "macro@1.0.0", "tried@1.0.0"))


@pytest.mark.parametrize("broken", ["", "# nothing\n", "--index-url https://x.example\n"])
def test_lines_that_name_no_package_are_none(broken: str) -> None:
    assert list(read_lock(broken)) == []

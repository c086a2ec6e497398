"""The API is one file an area: each loads what it needs and no more."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from quetsach import api

AREAS = sorted(path.stem for path in Path(api.__path__[0]).glob("*.py") if path.stem != "__init__")

TABLES = ("pyarrow", "numpy", "quetsach.formats", "quetsach.indicators", "quetsach.scanning")
TYPESETTING = ("typst", "quetsach.documents")
NOT_LOADED = {
    "handouts": (*TABLES, "quetsach.readers"),
    "letters": TABLES,
    "pdf_signatures": (*TABLES, *TYPESETTING, "pyhanko", "asn1crypto"),
    "problems": (*TABLES, *TYPESETTING, "quetsach.findings", "quetsach.readers"),
    "reports": (*TABLES, "pyhanko"),
    "why": TYPESETTING,
    # The message holds what its marking lets out: the rule is that of indicators.
    "avreports": ("quetsach.formats", "quetsach.scanning", *TYPESETTING),
    "findings": TYPESETTING,
    "inventory": TYPESETTING,
    "lists": TYPESETTING,
    "sweeps": (*TYPESETTING, "quetsach.notices"),
    "traces": TYPESETTING,
    "trials": TYPESETTING,
    "verdicts": TYPESETTING,
}
"""What an area must not load; in a process of its own each area would cost that much more."""


def loaded_by(script: str) -> set[str]:
    """Return the modules, and packages above them, that a fresh process loads by `script`."""
    code = f"import sys; {script}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    return set(run.stdout.decode().split())


@pytest.mark.parametrize("area", sorted(NOT_LOADED))
def test_an_area_loads_only_what_it_needs(area: str) -> None:
    loaded = loaded_by(f"import quetsach.api.{area}")
    assert f"quetsach.api.{area}" in loaded
    assert not loaded & set(NOT_LOADED[area])


def test_the_package_alone_loads_no_area() -> None:
    loaded = loaded_by("import quetsach.api")
    assert not {f"quetsach.api.{area}" for area in AREAS} & loaded
    assert not loaded & {*TABLES, *TYPESETTING}


def test_the_process_that_reads_a_letter_loads_no_tables() -> None:
    loaded = loaded_by("from quetsach.api import letters, problems")
    assert not loaded & set(TABLES)


@pytest.mark.parametrize("area", AREAS)
def test_an_area_says_what_it_is_for(area: str) -> None:
    assert import_module(f"quetsach.api.{area}").__doc__

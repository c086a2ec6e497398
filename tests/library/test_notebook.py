"""The notebooks of docs run from their first cell to their last, and find what is true."""

import json
import re
from collections.abc import Iterator
from contextvars import Context
from pathlib import Path
from typing import Any

import pytest

from quetsach import texts

DOCS = Path(__file__).parents[2] / "docs"
NOTEBOOKS = {"en": DOCS / "notebooks/hunt.ipynb", "vi": DOCS / "vi/notebooks/hunt.ipynb"}
NOTE = {
    "en": "its hardware address stands in the inventory",
    "vi": "địa chỉ MAC của máy có trong bảng kê máy",
}


def cells(language: str, kind: str) -> Iterator[str]:
    for cell in json.loads(NOTEBOOKS[language].read_text("utf-8"))["cells"]:
        if cell["cell_type"] == kind:
            assert kind != "code" or cell["outputs"] == [], "it is kept without outputs"
            yield "".join(cell["source"])


@pytest.fixture(autouse=True)
def language_of_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_of_process", {})


@pytest.mark.parametrize("language", NOTEBOOKS)
def test_the_hunt_runs_from_end_to_end(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    # Nothing is chosen in a new context, as in a notebook.
    kernel = Context()
    for code in cells(language, "code"):
        kernel.run(exec, code, names)
    findings, machine = names["findings"], names["machine"]
    assert any(machine.host_name in device["device"] for device in findings.devices)
    steps = [step for device in findings.devices for step in device["path"]]
    assert {step["note"] for step in steps if step["kind"] == "inventory"} == {NOTE[language]}
    assert machine.mac in names["answer"]["device"]
    assert names["answer"]["grade"] == "certain"
    assert len(names["events"]) > 10


def test_both_notebooks_run_the_same_code() -> None:
    english, vietnamese = (
        [re.sub(r'language\("(en|vi)"\)|"(complete|đã đọc hết):"', "", code) for code in codes]
        for codes in (cells("en", "code"), cells("vi", "code"))
    )
    assert english == vietnamese
    assert len(list(cells("en", "markdown"))) == len(list(cells("vi", "markdown")))


@pytest.mark.parametrize("language", NOTEBOOKS)
def test_links_of_the_notebooks_lead_to_pages(language: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", "\n".join(cells(language, "markdown")))
    assert len(links) >= 4
    assert [link for link in links if not (NOTEBOOKS[language].parent / link).is_file()] == []

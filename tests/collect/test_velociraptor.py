"""The artifact for Velociraptor: its grammar, and the scripts run as it runs them."""

import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[2] / "collect"
ARTIFACT = FOLDER / "velociraptor" / "Custom.Quetsach.Collect.yaml"
SCRIPTS = {
    "QuetsachCollectWindows": "quetsach-collect.ps1",
    "QuetsachCollectLinux": "quetsach-collect.sh",
}


def artifact() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(ARTIFACT.read_text("utf-8"))
    return read


def query(system: str) -> str:
    (source,) = (source for source in artifact()["sources"] if source["name"] == system)
    return str(source["query"])


def words(system: str, **values: str) -> list[str]:
    """Return the command line of a source, the names of VQL in it replaced by `values`."""
    listed = re.search(r"argv=\[(.*?)\],\s+length", query(system), re.DOTALL)
    assert listed is not None
    parts = re.findall(r'"([^"]*)"|([a-z][\w.\[\]]*)', listed[1], re.IGNORECASE)
    return [text or values[name.partition("[")[0]] for text, name in parts]


def test_it_has_what_velociraptor_asks_of_an_artifact() -> None:
    read = artifact()
    assert read["name"] == ARTIFACT.stem
    assert read["name"].startswith("Custom.")
    assert (read["type"], read["required_permissions"]) == ("CLIENT", ["EXECVE"])
    assert {tool["name"] for tool in read["tools"]} == set(SCRIPTS)
    # Nothing is fetched from the internet: the operator uploads what is run.
    assert all(set(tool) == {"name", "serve_locally"} for tool in read["tools"])
    for source in read["sources"]:
        text = source["query"]
        assert text.count("(") == text.count(")")
        assert text.count('"') % 2 == 0
        (tool,) = re.findall(r'ToolName="(\w+)"', text)
        assert (FOLDER / SCRIPTS[tool]).is_file()
        assert source["precondition"].endswith(f"'{source['name'].lower()}'")


def test_windows_runs_the_script_with_parameters_that_it_has() -> None:
    typed = words("Windows", script="C:\\t\\quetsach-collect.ps1", folder="C:\\t\\out")
    behind = typed[typed.index("-File") + 2 :]
    head = (FOLDER / "quetsach-collect.ps1").read_text("utf-8-sig")
    parameters = re.search(r"^param\((.*)\)", head, re.MULTILINE)
    assert parameters is not None
    assert [word for word in behind if word.startswith("-")] == ["-Folder"]
    assert "$Folder" in parameters[1]


@pytest.mark.skipif(sys.platform != "linux", reason="it is the script of Linux")
def test_linux_leaves_one_file_that_the_artifact_uploads(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    typed = words("Linux", script=str(FOLDER / "quetsach-collect.sh"), folder=str(folder))
    done = subprocess.run(typed, capture_output=True, cwd=tmp_path)
    assert done.returncode == 0
    (result,) = folder.iterdir()
    (pattern,) = re.findall(r'globs="([^"]+)"', query("Linux"))
    assert fnmatch(result.name, pattern)

"""E2: what a manifest must be."""

import json
from pathlib import Path

import pytest

from quetsach.api.problems import QuetsachError
from quetsach_portal.operations.backup.manifest import (
    MANIFEST,
    read_manifest,
)


@pytest.mark.parametrize(
    "content",
    [None, b"", b"{", b'{"at": "x"}', b'{"at":"","database":"../x","head":[0,""]}', b"[]"],
)
def test_E2_a_manifest_that_is_none_is_a_coded_error(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / MANIFEST).write_bytes(content)
    with pytest.raises(QuetsachError) as refused:
        read_manifest(tmp_path)
    assert refused.value.problem.code == "E607"


@pytest.mark.parametrize(
    ("where", "name"),
    [
        *(("parts", name) for name in ("../portal.sqlite3", "/etc/hosts", "a/b", "..", ".", "")),
        *(("files", name) for name in ("../x", "/etc/hosts", "a/../../x", "..", "", "a//b")),
    ],
)
def test_E2_a_manifest_names_nothing_outside_its_folder(
    tmp_path: Path, where: str, name: str
) -> None:
    digest = {"size": 0, "sha256": ""}
    content = {"at": "", "database": "portal.sqlite3", "head": [0, ""], where: {"a": digest}}
    (tmp_path / MANIFEST).write_text(json.dumps(content))
    read_manifest(tmp_path)
    (tmp_path / MANIFEST).write_text(json.dumps(content | {where: {name: digest}}))
    with pytest.raises(QuetsachError) as refused:
        read_manifest(tmp_path)
    assert refused.value.problem.code == "E607"

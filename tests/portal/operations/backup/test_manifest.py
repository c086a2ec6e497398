"""E2: what a manifest must be."""

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

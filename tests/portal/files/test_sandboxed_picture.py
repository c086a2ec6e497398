"""Pictures are written anew in a process that sees nothing but them."""

import io
from pathlib import Path

import pytest
from PIL import Image

from quetsach_portal.files.kinds import FileKind
from quetsach_portal.files.pictures import picture_anew
from quetsach_portal.files.problems import FileRefused

# What a process may use is what they try.
pytestmark = pytest.mark.new_process


def test_a_picture_comes_back_and_what_is_none_is_refused_in_the_same_words(tmp_path: Path) -> None:
    path = tmp_path / "anh"
    Image.new("RGB", (40, 30), "red").save(path, "PNG")
    with Image.open(io.BytesIO(picture_anew(path, FileKind.PNG))) as anew:
        assert anew.size == (40, 30)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(FileRefused) as caught:
        picture_anew(path, FileKind.PNG)
    assert caught.value.problem.code == "P122"

"""TAR streams agree with Python's own reader, at every size of the pieces they come in."""

import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.evidence.codecs import DamagedDataError
from quetsach.evidence.tar_members import tar_members
from tests.evidence.test_archives import tarred


def read(content: bytes, step: int = 10_000) -> dict[str, bytes]:
    pieces = (content[place : place + step] for place in range(0, len(content), step))
    return {one.name: b"".join(one.content) for one in tar_members(pieces)}


@given(
    members=st.dictionaries(
        st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0/"), min_size=1),
        st.binary(max_size=2_000),
        max_size=6,
    ),
    form=st.sampled_from([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]),
    step=st.integers(1, 3_000),
)
def test_it_reads_what_python_reads(members: dict[str, bytes], form: int, step: int) -> None:
    content = tarred(*members.items(), form=form)
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        judge = {one.name: archive.extractfile(one).read() for one in archive}  # type: ignore[union-attr]
    assert read(content, step) == judge


def test_files_left_unread_do_not_hide_those_behind() -> None:
    content = tarred(("a", b"1" * 3000), ("b", b"2"))
    assert [one.name for one in tar_members(iter([content]))] == ["a", "b"]


def test_a_header_that_does_not_add_up_is_damage() -> None:
    content = bytearray(tarred(("a", b"1"), ("b", b"2")))
    content[1024 + 3] ^= 1
    stream = tar_members(iter([bytes(content)]))
    assert next(stream).name == "a"
    with pytest.raises(DamagedDataError):
        next(stream)

"""Which reader a document gets."""

import pytest

from quetsach.errors import QuetsachError
from quetsach.papers.read import read_paper


def test_a_document_of_an_unknown_kind_is_refused_with_its_name() -> None:
    with pytest.raises(QuetsachError) as raised:
        read_paper(b"\x00\x01\x02", "ds.bin")
    assert (raised.value.problem.code, raised.value.problem.where) == ("E410", "ds.bin")

"""The index of the dialects is that of the dialects, and names each of them in its order."""

from quetsach.formats.dialects.indexing import INDEX, shipped_index
from quetsach.formats.dialects.making_index import index_text
from quetsach.formats.dialects.shipped_dialects import dialect_formats


def test_the_index_is_up_to_date() -> None:
    assert INDEX.read_text("utf-8") == index_text(), "run make docs"


def test_dialects_come_by_their_order_and_name() -> None:
    order = [(form.dialect.order, form.name) for form in dialect_formats()]
    assert order == sorted(order)
    assert [one.name for one in shipped_index().dialects] == [name for _, name in order]

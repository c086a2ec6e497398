"""The keys of what differs from line to line are of forms and classes that are known."""

from quetsach.formats.alike_keys import ALIKE
from quetsach.formats.registry import by_name

CLASSES = frozenset(b"nupcsexzwld")


def test_each_is_of_a_form_and_a_class() -> None:
    for name, names in ALIKE.items():
        assert by_name(name).name == name
        assert {letter for _, letter in names} <= CLASSES
        written = [key for key, _ in names]
        assert len({*written}) == len(written)
        assert max(map(len, written)) <= 24

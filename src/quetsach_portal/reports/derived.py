"""What the records of a unit answer by themselves: the named queries of the forms."""

from collections.abc import Mapping
from dataclasses import dataclass

from quetsach.api.reports import Form, Grade, Value
from quetsach_portal.campaigns.models import Slot


@dataclass(frozen=True)
class Derived:
    """An answer of the records to one field, of the unit itself without those below it.

    Shapes: `url` is the page that shows the rows. `organisations` are the ids (`node:34`) that the
    value counts, `sketch` that of its machines, so that adding up counts each once.
    """

    value: Value
    grade: Grade
    url: str = ""
    organisations: frozenset[str] = frozenset()
    sketch: bytes | None = None


def fill(slot: Slot, form: Form) -> Mapping[str, Derived]:
    """Return what the records answer for `slot`, by the id of the field; others are typed."""
    return {}

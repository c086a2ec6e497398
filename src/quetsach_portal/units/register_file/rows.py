"""One unit as a register file names it, as a value."""

from msgspec import Struct


class UnitRow(Struct, frozen=True):
    """A row that was read: what the file says of a unit; "" and None where it says nothing.

    Shapes: `kind` and `line` are values of `units.models`; `id_old` and `id_new` are checked;
    `row` is the number that the office program shows.
    """

    row: int
    sheet: str
    code: str
    name: str
    parent: str = ""
    kind: str = ""
    line: str = ""
    short_name: str = ""
    doc_code: str = ""
    id_old: str = ""
    id_new: str = ""
    area_code: str = ""
    staff: int | None = None
    mail: str = ""
    phone: str = ""
    person: str = ""

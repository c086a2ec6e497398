"""A schema of a row sends what it allows, in that order, and no other field of the row."""

from dataclasses import dataclass
from datetime import date, datetime

import pytest
from ninja import Schema

from quetsach_portal.api.interface import interface
from quetsach_portal.api.row_schemas import Path, of_row
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases.models.case import Case
from quetsach_portal.followup.models import Silence
from quetsach_portal.people.models.account import User
from tests.portal.api.withheld import WITHHELD


@dataclass(frozen=True)
class Office:
    name: str
    phone: str | None
    staff: int


@dataclass(frozen=True)
class Visit:
    day: date
    office: Office | None
    secret: str

    @property
    def is_done(self) -> bool:
        return self.office is not None


@of_row(Visit, "day unit=office.name phone=office.phone staff=office.staff is_done")
class VisitOut(Schema):
    """A visit."""

    staff: int


def sent(visit: Visit) -> dict[str, object]:
    return VisitOut.from_orm(visit).dict()


@pytest.mark.asvs("V15.3.1")
def test_what_is_allowed_is_sent_in_that_order_and_nothing_else() -> None:
    visit = Visit(date(2026, 11, 29), Office("Xã Một", None, 7), "not for programs")
    assert list(sent(visit).items()) == [
        ("day", date(2026, 11, 29)),
        ("unit", "Xã Một"),
        ("phone", ""),
        ("staff", 7),
        ("is_done", True),
    ]


def test_where_a_path_breaks_off_a_text_is_empty_a_number_zero_and_all_else_null() -> None:
    assert sent(Visit(date(2026, 11, 29), None, "")) == {
        "day": date(2026, 11, 29),
        "unit": "",
        "phone": "",
        "staff": 0,
        "is_done": False,
    }

    @of_row(Silence, "unit=node.parent.name_at_freeze no=phase.no")
    class SilentOut(Schema):
        """A silence."""

    types = {name: field.annotation for name, field in SilentOut.model_fields.items()}
    assert types == {"unit": str, "no": int | None}


def test_types_are_those_of_the_tables() -> None:
    @of_row(CampaignNode, "id unit_id parent_id state told_at when=campaign.frozen_on")
    class PlaceOut(Schema):
        """A place."""

    assert {name: field.annotation for name, field in PlaceOut.model_fields.items()} == {
        "id": int,
        "unit_id": int,
        "parent_id": int | None,
        "state": str,
        "told_at": datetime | None,
        "when": date | None,
    }


def test_a_person_is_sent_by_name_and_nobody_as_an_empty_text() -> None:
    @of_row(Case, "technician")
    class WorkerOut(Schema):
        """Who works on a case."""

    case = Case(technician=User(name="Sơn Thị Ngọc", email="a@coquan.example"))
    assert WorkerOut.from_orm(case).dict() == {"technician": "Sơn Thị Ngọc"}
    assert WorkerOut.from_orm(Case()).dict() == {"technician": ""}


@pytest.mark.parametrize(
    ("row", "allowed", "error"),
    [
        (Visit, "nothing", AttributeError),
        (Visit, "office.nothing", AttributeError),
        (Case, "nothing", AttributeError),
        (Case, "said", TypeError),
        (Case, "device", TypeError),
    ],
)
def test_an_unknown_field_or_type_is_refused_when_the_schema_is_made(
    row: type, allowed: str, error: type[Exception]
) -> None:
    with pytest.raises(error):

        @of_row(row, f"it={allowed}")
        class Wrong(Schema):
            """A schema that cannot be."""


@pytest.mark.asvs("V8.2.3")
def test_a_new_field_of_a_row_is_sent_by_no_schema_until_somebody_allows_it() -> None:
    """To send a field, name it in its `of_row`; to keep it back, name it in withheld.py."""
    assert interface.get_openapi_schema(path_prefix="")
    kept_back = {
        schema.__name__: sorted(_fields(schema.__row__) - _first_steps(schema.__paths__))
        for schema in _of_rows(Schema)
        if schema.__module__.startswith("quetsach_portal.")
    }
    assert kept_back == {name: sorted(names.split()) for name, names in WITHHELD.items()}


def _of_rows(schema: type) -> list[type]:
    below = [found for child in schema.__subclasses__() for found in _of_rows(child)]
    return [schema, *below] if "__row__" in vars(schema) else below


def _fields(row: type) -> set[str]:
    meta = getattr(row, "_meta", None)
    if meta is None:
        return set(row.__dataclass_fields__)
    return {field.name for field in meta.fields}


def _first_steps(paths: dict[str, Path]) -> set[str]:
    first = {path[0] for path in paths.values()}
    return first | {name.removesuffix("_id") for name in first}

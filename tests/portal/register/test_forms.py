"""Fields of the register's forms, sound and damaged."""

import pytest

from quetsach_portal.register.forms import AreasForm, ContactForm, UploadForm, numbers

CONTACT = {"role": "receiver", "person": "Văn thư", "mail": "", "phone": ""}


@pytest.mark.parametrize(
    ("field", "written", "cleaned"),
    [
        ("mail", " VT@donvi.example ", "vt@donvi.example"),
        ("mail", "vt@donvi", None),
        ("mail", "a@donvi.example, b@donvi.example", None),
        ("phone", "0294  385 0001", "0294 385 0001"),
        ("phone", "12", None),
        ("person", "Nguyễn \t An", "Nguyễn An"),
        ("person", "=cmd|' /C calc'!A0", None),
        ("role", "owner", None),
    ],
)
def test_a_contact_is_cleaned_or_refused_beside_its_field(
    field: str, written: str, cleaned: str | None
) -> None:
    form = ContactForm({**CONTACT, field: written})
    assert form.is_valid() == (cleaned is not None)
    if cleaned is None:
        assert set(form.errors) == {field}
    else:
        assert form.cleaned_data[field] == cleaned


@pytest.mark.parametrize(
    ("year", "area", "is_valid"),
    [("2022", "849", True), ("2025", "849", False), ("2022", "00", False), ("2024", "84", False)],
)
def test_an_area_is_one_of_the_tree_of_its_year(year: str, area: str, *, is_valid: bool) -> None:
    assert AreasForm({"year": year, "area": area}).is_valid() == is_valid


def test_a_form_without_a_file_says_so() -> None:
    assert set(UploadForm({}, {}).errors) == {"file"}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1,34,2", [1, 34, 2]),
        ("1,x,-2,３,4", [1, 4]),
        ("", []),
        ("9" * 12, []),
        (",".join(map(str, range(100))), list(range(40))),
    ],
)
def test_whole_numbers_are_read_and_the_rest_is_left_out(text: str, read: list[int]) -> None:
    assert numbers(text) == read

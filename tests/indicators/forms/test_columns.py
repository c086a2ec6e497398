"""Headings of letters and reports are understood."""

import pytest

from quetsach.indicators.forms.columns import Role, hash_length, role_of, speaks_of_names


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("STT", Role.NUMBER), ("TT", Role.NUMBER), ("#", Role.NUMBER),
        ("Tên miền", Role.VALUE), ("Tên miền độc hại", Role.VALUE), ("Địa chỉ IP C2", Role.VALUE),
        ("IP/Domain", Role.VALUE), ("SHA-256", Role.VALUE), ("Mã băm (MD5)", Role.VALUE),
        ("SHA-1 hash", Role.VALUE), ("C&C server", Role.VALUE), ("Chỉ dấu", Role.VALUE),
        ("Cổng", Role.PORT), ("Mã độc", Role.FAMILY), ("Tên mã độc", Role.FAMILY),
        ("Ghi chú", Role.LABEL), ("Hết hạn", Role.VALID_UNTIL), ("Loại", Role.KIND),
        ("Filename", Role.OTHER), ("ESET detection name", Role.OTHER), ("Tên tệp", Role.OTHER),
        ("First seen", Role.OTHER), ("Hosting provider", Role.OTHER), ("Nguồn", Role.SOURCE),
        ("", Role.UNKNOWN), ("what", Role.UNKNOWN),
    ],
)  # fmt: skip
def test_a_heading_tells_what_its_column_holds(heading: str, role: Role) -> None:
    assert role_of(heading) is role


def test_a_heading_tells_the_length_of_hashes_and_whether_names_stand_there() -> None:
    assert [hash_length(one) for one in ("SHA-256", "SHA1", "Mã băm MD5", "Hash")] == [
        64,
        40,
        32,
        0,
    ]
    assert speaks_of_names("Tên miền độc hại")
    assert not speaks_of_names("Mã băm")

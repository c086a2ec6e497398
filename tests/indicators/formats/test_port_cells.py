"""A cell of ports is read whole, or it is a question: a bare address blocks every port."""

import pytest

from quetsach.indicators.formats.port_cells import ports_of


@pytest.mark.parametrize(
    ("cell", "ports"),
    [
        ("443", (443,)),
        ("443, 8443", (443, 8443)),
        ("80;443 và 80", (80, 443)),
        ("443/tcp", (443,)),
        ("TCP/443", (443,)),
        ("tcp 443 (HTTPS)", (443,)),
        ("cổng 8080", (8080,)),
        (":8080", (8080,)),
        ("443 https", None),
        ("", (None,)),
        ("-", (None,)),
        ("Tất cả", (None,)),
        ("any", (None,)),
    ],
)
def test_ports_are_read_in_the_usual_spellings(
    cell: str, ports: tuple[int | None, ...] | None
) -> None:
    assert ports_of(cell) == ports


@pytest.mark.parametrize("cell", ["8000-9000", "70000", "0443x", "cao", "80 hoặc cao hơn"])
def test_what_is_no_list_of_ports_is_a_question(cell: str) -> None:
    assert ports_of(cell) is None

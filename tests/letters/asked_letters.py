"""Requests for the holders of addresses in many wordings and layouts, and what they ask in truth.

A letter is lines of text and tables; it is written as text, as a Word file or as a PDF.
"""

import io
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import docx
import typst

HEAD = """CÔNG AN TỈNH ĐÔNG BÌNH
PHÒNG AN NINH MẠNG

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Số: 12/CV-PA05

Đông Bình, ngày 04 tháng 9 năm 2026

V/v đề nghị cung cấp thông tin

Kính gửi: Ủy ban nhân dân xã Hàm Yên

Căn cứ Luật An ninh mạng số 116/2025/QH15;
"""
FOOT = """Thông tin gửi về Phòng An ninh mạng trong thời hạn 03 ngày làm việc.

Nơi nhận:
- Như trên;
- Lưu: VT.

TRƯỞNG PHÒNG

Thượng tá Trần Văn Hòa
"""
WORDINGS = (
    "Đề nghị Quý cơ quan cung cấp thông tin chủ thể sử dụng các địa chỉ IP sau{zone}:",
    "Phòng An ninh mạng yêu cầu Ủy ban nhân dân xã xác minh chủ thuê bao đã sử dụng những địa chỉ "
    "IP nêu dưới đây{zone}:",
    "Đề nghị tra cứu, cung cấp thông tin định danh của địa chỉ Internet (IP) sau{zone}:",
    "Để phục vụ công tác, đề nghị cho biết cơ quan, đơn vị nào được cấp và đang sử dụng địa chỉ IP "
    "sau{zone}:",
)
ZONES = (" (UTC+7)", " (giờ Việt Nam)", " (thời gian theo GMT+07:00)", " (múi giờ +7)")

Table = Sequence[Sequence[str]]
"""Rows of cells, the headings among them."""


@dataclass(frozen=True)
class Subject:
    """One address with its source port and the moment, or period, by the clock of Việt Nam."""

    address: str
    port: int | None
    first: datetime
    last: datetime | None = None

    @property
    def truth(self) -> tuple[object, ...]:
        """What a reader must make of it: address, port, first and last moment."""
        last = None if self.last is None else f"{self.last.isoformat()}+07:00"
        return (self.address, self.port, f"{self.first.isoformat()}+07:00", last)

    @property
    def end(self) -> str:
        """Address and port in one."""
        shown = f"[{self.address}]" if ":" in self.address else self.address
        return f"{shown}:{self.port}"


def subjects(rng: random.Random, count: int, *, periods: bool = False) -> list[Subject]:
    """Return `count` subjects, no two with the same address."""
    drawn = []
    for number in range(count):
        first = datetime(2026, 9, 1) + timedelta(seconds=rng.randrange(1, 10 * 86_400))
        is_v6 = rng.random() < 0.2
        address = f"2001:db8:{number + 1}::{rng.randrange(1, 9999):x}"
        # A period stays within its day, as only then one day is written for both ends.
        last = first + timedelta(minutes=5) if periods else None
        if last is not None and last.date() != first.date():
            first, last = first - timedelta(hours=1), last - timedelta(hours=1)
        drawn.append(
            Subject(
                address if is_v6 else f"203.0.113.{number * 20 + rng.randrange(1, 20)}",
                rng.randrange(1024, 65_536),
                first,
                last,
            )
        )
    return drawn


def _day(when: datetime) -> str:
    return f"{when:%d}/{when.month}/{when.year}"


def _half(when: datetime) -> str:
    return f"{when.hour % 12 or 12}:{when:%M:%S} {'SA' if when.hour < 12 else 'CH'}"


def _words(when: datetime) -> str:
    clock = f"{when:%H} giờ {when:%M} phút {when:%S} giây"
    return f"{clock} ngày {when:%d} tháng {when:%m} năm {when.year}"


def _prose(sentence: Callable[[Subject], str]) -> Callable[[Sequence[Subject]], list[str | Table]]:
    return lambda asked: [sentence(subject) for subject in asked]


def _pairs(asked: Sequence[Subject]) -> list[str | Table]:
    return [
        line
        for number, subject in enumerate(asked, 1)
        for line in (
            f"{number}. Địa chỉ IP: {subject.address}",
            f"- Cổng nguồn: {subject.port}",
            f"- Thời gian: {subject.first:%H:%M:%S} ngày {_day(subject.first)}",
        )
    ]


def _rows(
    headings: Sequence[str], cells: Callable[[Subject], Sequence[str]]
) -> Callable[[Sequence[Subject]], list[str | Table]]:
    return lambda asked: [
        [("TT", *headings), *((str(n), *cells(subject)) for n, subject in enumerate(asked, 1))]
    ]


def _columns(asked: Sequence[Subject]) -> list[str | Table]:
    return [
        [
            ("Địa chỉ IP", *(subject.address for subject in asked)),
            ("Cổng nguồn", *(str(subject.port) for subject in asked)),
            ("Thời gian", *(f"{one.first:%H:%M:%S} {_day(one.first)}" for one in asked)),
        ]
    ]


def _blocks(asked: Sequence[Subject]) -> list[str | Table]:
    return [
        [
            row
            for subject in asked
            for row in (
                ("Địa chỉ IP", subject.address),
                ("Cổng nguồn", str(subject.port)),
                ("Thời gian", f"{subject.first:%H:%M:%S} {_day(subject.first)}"),
            )
        ]
    ]


def _two_tables(asked: Sequence[Subject]) -> list[str | Table]:
    (table,) = _rows(("Địa chỉ IP", "Cổng nguồn", "Thời gian"), _plain)(asked)
    assert not isinstance(table, str)
    return [table[:2], "Các địa chỉ tiếp theo:", *([table[2:]] if table[2:] else [])]


def _plain(subject: Subject) -> Sequence[str]:
    return (
        subject.address,
        str(subject.port),
        f"{subject.first:%H:%M:%S} {_day(subject.first)}",
    )


MOMENTS: Mapping[str, Callable[[Sequence[Subject]], list[str | Table]]] = {
    "prose": _prose(
        lambda one: (
            f"- Địa chỉ IP {one.address}, cổng nguồn {one.port}, vào lúc "
            f"{one.first:%H:%M:%S} ngày {_day(one.first)};"
        )
    ),
    "prose, in words": _prose(lambda one: f"- {one.end} hồi {_words(one.first)};"),
    "prose, time first": _prose(
        lambda one: (
            f"- Lúc {one.first:%H:%M:%S} ngày {_day(one.first)}, địa chỉ IP:{one.address} "
            f"cổng {one.port} truy cập đến máy chủ 198.51.100.7 cổng đích 443."
        )
    ),
    "prose, twelve hours": _prose(
        lambda one: (
            f"+ IP {one.address}, port {one.port}, lúc {_half(one.first)} ngày {_day(one.first)};"
        )
    ),
    "prose, ISO": _prose(lambda one: f"- {one.end}, {one.first.isoformat()}+07:00."),
    "prose, mail": _prose(
        lambda one: (
            f"- IP {one.address} cổng {one.port}: {_day(one.first)} {one.first:%H:%M:%S} +0700."
        )
    ),
    "pairs": _pairs,
    "rows": _rows(("Địa chỉ IP", "Cổng nguồn", "Thời gian"), _plain),
    "rows, port in the address": _rows(
        ("Địa chỉ IP:Cổng", "Thời gian truy cập"),
        lambda one: (one.end, f"{_day(one.first)} {one.first:%H:%M:%S}"),
    ),
    "rows, port in words": _rows(
        ("Địa chỉ IP và cổng", "Ngày, giờ"),
        lambda one: (f"{one.address} cổng {one.port}", f"{one.first:%H:%M:%S} {_day(one.first)}"),
    ),
    "rows, day and hour": _rows(
        ("Ngày", "Giờ", "Địa chỉ IP", "Cổng nguồn", "Ghi chú"),
        lambda one: (_day(one.first), f"{one.first:%H:%M:%S}", one.address, str(one.port), ""),
    ),
    "rows, twelve hours": _rows(
        ("Thời gian", "IP nguồn", "Cổng", "IP đích", "Cổng đích"),
        lambda one: (
            f"{_day(one.first)} {_half(one.first)}",
            one.address,
            str(one.port),
            "198.51.100.7",
            "443",
        ),
    ),
    "columns": _columns,
    "blocks": _blocks,
    "two tables": _two_tables,
}
"""Each layout for moments: subjects to the lines and tables of the body."""

PERIODS: Mapping[str, Callable[[Sequence[Subject]], list[str | Table]]] = {
    "prose": _prose(
        lambda one: (
            f"- {one.end}, từ {one.first:%H:%M:%S} đến {one.last:%H:%M:%S} ngày {_day(one.first)};"
        )
    ),
    "rows, from and until": _rows(
        ("Địa chỉ IP", "Cổng nguồn", "Từ", "Đến"),
        lambda one: (
            one.address,
            str(one.port),
            f"{one.first:%H:%M:%S} {_day(one.first)}",
            f"{one.last:%H:%M:%S} {_day(one.first)}",
        ),
    ),
    "rows, day and two hours": _rows(
        ("Địa chỉ IP", "Cổng nguồn", "Ngày", "Giờ bắt đầu", "Giờ kết thúc"),
        lambda one: (
            one.address,
            str(one.port),
            _day(one.first),
            f"{one.first:%H:%M:%S}",
            f"{one.last:%H:%M:%S}",
        ),
    ),
    "rows, twelve hours": _rows(
        ("Địa chỉ IP", "Cổng nguồn", "Thời gian bắt đầu", "Thời gian kết thúc"),
        lambda one: (
            one.address,
            str(one.port),
            f"{_half(one.first)} {_day(one.first)}",
            f"{_half(one.last or one.first)} {_day(one.first)}",
        ),
    ),
}
"""Each layout for periods."""


def letter_parts(body: Sequence[str | Table], wording: str, zone: str) -> list[str | Table]:
    """Return the whole letter as lines and tables."""
    return [*HEAD.splitlines(), wording.format(zone=zone), *body, *FOOT.splitlines()]


def as_text(parts: Sequence[str | Table]) -> bytes:
    """Return the letter as text, the cells of its tables parted by tabs."""
    lines = []
    for part in parts:
        lines += [part, ""] if isinstance(part, str) else ["\t".join(row) for row in part]
    return "\n".join(lines).encode()


def as_word(parts: Sequence[str | Table]) -> bytes:
    """Return the letter as a Word file."""
    document = docx.Document()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        grid = document.add_table(len(part), len(part[0]))
        for row, texts in zip(grid.rows, part, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_pdf(parts: Sequence[str | Table]) -> bytes:
    """Return the letter as a PDF with its text."""
    source = ["#set page(margin: 1.5cm)", "#set text(size: 8pt)"]
    for part in parts:
        if isinstance(part, str):
            source += [f'#par[#"{part}"]'] if part else []
            continue
        cells = ", ".join(f'[#"{cell}"]' for row in part for cell in row)
        source.append(f"#table(columns: {len(part[0])}, {cells})")
    return bytes(typst.compile("\n\n".join(source).encode()))

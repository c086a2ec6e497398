"""Requests for the holder of an address: recognised among letters, and read without guessing."""

import io
from pathlib import Path

import docx
import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from quetsach.letters.holder_request import HolderRequest, WantedFact
from quetsach.letters.model import QUESTIONS, ReadLetter
from quetsach.letters.read import read_letter
from quetsach.readers.read import read_paper

SAMPLES = Path(__file__).parent / "samples"
PROSE, TABLE, UNCLEAR = (
    (SAMPLES / f"holder-request-{name}.txt").read_text("utf-8")
    for name in ("prose", "table", "unclear")
)


def letter(text: str | bytes, name: str = "letter.txt") -> ReadLetter:
    raw = text.encode() if isinstance(text, str) else text
    return read_letter(read_paper(raw, name))


def asked(text: str | bytes, name: str = "letter.txt") -> HolderRequest:
    request = letter(text, name).holder_request
    assert request is not None
    return request


def rows(request: HolderRequest) -> list[tuple[object, ...]]:
    return [(row.address, row.port, row.first, row.last, row.open) for row in request.rows]


IN_PROSE = [
    ("203.0.113.5", 40112, "2026-09-01T08:15:22+07:00", None, ()),
    ("203.0.113.5", 40977, "2026-09-01T09:10:00+07:00", "2026-09-01T09:25:00+07:00", ()),
    ("2001:db8:5::41", None, "2026-09-02T10:05:00+07:00", None, ()),
]
IN_TABLE = [
    ("203.0.113.5", 40112, "2026-09-01T08:15:00+07:00", "2026-09-01T08:16:00+07:00", ()),
    ("203.0.113.6", 40113, "2026-09-01T08:20:00+07:00", "2026-09-01T08:21:00+07:00", ()),
    (
        "203.0.113.7",
        None,
        "2026-09-02T00:00:00+07:00",
        "2026-09-02T00:00:00+07:00",
        ("holder-port", "holder-day"),
    ),
    (
        "203.0.113.999",
        40115,
        "2026-09-02T08:15:00+07:00",
        "2026-09-02T08:16:00+07:00",
        ("holder-address",),
    ),
]


def test_a_request_in_prose_is_read_row_by_row() -> None:
    request = asked(PROSE)
    assert rows(request) == IN_PROSE
    assert request.rows[0].destination == "198.51.100.7"
    assert request.wanted == (
        WantedFact.NAME,
        WantedFact.PHONE,
        WantedFact.UNIT,
        WantedFact.DEVICE,
        WantedFact.LOGS,
    )
    assert request.purpose == "Để phục vụ công tác xác minh nguồn tin về tội phạm"
    assert request.deadline == "trong thời hạn 24 giờ kể từ khi nhận được văn bản này"


def test_what_a_request_rests_on_is_told_in_its_words() -> None:
    assert asked(TABLE).basis == ("Căn cứ Luật An ninh mạng số 116/2025/QH15",)
    start = "Cơ quan Cảnh sát điều tra đề nghị"
    inside = UNCLEAR.replace(start, f"Theo quy định tại khoản 3 Điều 26 Luật An ninh mạng, {start}")
    assert asked(inside).basis == ("Theo quy định tại khoản 3 Điều 26 Luật An ninh mạng",)
    assert asked(UNCLEAR).basis == ()


def test_a_request_with_a_table_is_read_row_by_row() -> None:
    request = asked(TABLE)
    assert rows(request) == IN_TABLE
    assert request.deadline == "trước ngày 12/9/2026"


def test_what_is_not_clear_is_asked_and_not_guessed() -> None:
    request = asked(UNCLEAR)
    assert rows(request) == [
        ("203.0.113.5", None, "2026-09-01T08:15:00", None, ("holder-port", "holder-zone")),
        ("203.0.113.6", 40113, None, None, ("holder-time",)),
    ]
    codes = {one.code for one in letter(UNCLEAR).questions}
    assert {"holder-port", "holder-zone", "holder-time"} <= codes <= QUESTIONS.keys()


@pytest.mark.parametrize(
    "path",
    sorted(path for path in SAMPLES.glob("*.txt") if not path.name.startswith("holder-request")),
    ids=lambda path: path.stem,
)
def test_no_other_letter_is_taken_for_a_request(path: Path) -> None:
    assert letter(path.read_bytes(), path.name).holder_request is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Đề nghị xác minh chủ thuê bao đang dùng địa chỉ IP nêu dưới đây.",
        "Yêu cầu Công ty tra cứu, cung cấp thông tin khách hàng sử dụng địa chỉ IP sau:",
        "Đề nghị cho biết cơ quan, đơn vị nào được cấp và đang quản lý địa chỉ IP sau:",
        "Đề nghị Quý Công ty cung cấp thông tin định danh của địa chỉ Internet (IP) sau:",
    ],
)
def test_other_wordings_are_requests_too(sentence: str) -> None:
    head, _sign, rest = UNCLEAR.partition("Cơ quan Cảnh sát điều tra đề nghị")
    foot = rest[rest.index("Nơi nhận") :]
    row = "- 203[.]0[.]113[.]9:51544, 2026-09-01T08:15:22Z."
    request = asked(f"{head}{sentence}\n\n{row}\n\n{foot}")
    assert rows(request) == [("203.0.113.9", 51544, "2026-09-01T08:15:22+00:00", None, ())]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("cổng 70000 vào lúc 08:15 ngày 01/9/2026 (UTC+7)", "holder-port-bad"),
        ("cổng 40112, cổng 40113 vào lúc 08:15 ngày 01/9/2026 (UTC+7)", "holder-port-bad"),
        ("cổng 40112 ngày 01/9/2026 (UTC+7)", "holder-day"),
        ("cổng 40112 vào lúc 08:15 ngày 01/9/2026 (UTC hoặc giờ Hà Nội)", "holder-zone-several"),
        ("cổng 40112 trong tháng 9 năm 2026 (UTC+7)", "holder-time"),
        ("cổng đích 443 vào lúc 08:15 ngày 01/9/2026 (UTC+7)", "holder-port"),
    ],
)
def test_each_doubt_has_its_question(words: str, code: str) -> None:
    head, _sign, rest = UNCLEAR.partition("203.0.113.5")
    foot = rest[rest.index("Nơi nhận") :]
    request = asked(f"{head}203.0.113.5 {words}.\n\n{foot}")
    assert [row.open for row in request.rows] == [(code,)]


def as_word(text: str) -> bytes:
    document = docx.Document()
    for line in text.splitlines():
        if "\t" not in line:
            document.add_paragraph(line)
            continue
        cells = line.split("\t")
        if cells[0] == "TT":
            grid = document.add_table(0, len(cells))
        for cell, words in zip(grid.add_row().cells, cells, strict=True):
            cell.text = words
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_pdf(text: str) -> bytes:
    source = []
    for line in text.splitlines():
        cells = [cell.replace("\\", "\\\\").replace('"', '\\"') for cell in line.split("\t")]
        if len(cells) > 1:
            row = ", ".join(f'[#"{cell}"]' for cell in cells)
            source.append(f"#table(columns: {len(cells)}, {row})")
        elif line.strip():
            source.append(f'#par[#"{cells[0]}"]')
    return bytes(typst.compile("\n\n".join(source).encode()))


def test_a_word_file_reads_as_its_text() -> None:
    assert rows(asked(as_word(PROSE), "letter.docx")) == IN_PROSE
    assert rows(asked(as_word(TABLE), "letter.docx")) == IN_TABLE


def test_a_pdf_reads_as_its_text() -> None:
    assert rows(asked(as_pdf(PROSE), "letter.pdf")) == IN_PROSE


@given(st.data())
def test_a_damaged_request_invents_no_row(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(PROSE)))
    length = data.draw(st.integers(0, 400))
    request = letter(PROSE[:start] + PROSE[start + length :]).holder_request
    if request is None:
        return
    for row in request.rows:
        # What is left out may glue two figures together; a clear row holds what stands there.
        assert row.open or row.address in row.words
        assert row.first is not None or row.open


SHARED_HEAD = """CÔNG AN TỈNH ĐÔNG BÌNH
PHÒNG AN NINH MẠNG
Số: 12/CV-PA05
Kính gửi: Ủy ban nhân dân xã Hàm Yên

Đề nghị Quý cơ quan cung cấp thông tin chủ thể sử dụng các địa chỉ IP sau (UTC+7):

"""
FIRST, SECOND = "2026-09-01T08:15:10+07:00", "2026-09-02T09:20:30+07:00"


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        (
            "Lúc 08 giờ 15 phút 10 giây ngày 01/9/2026 địa chỉ IP 203.0.113.7 cổng 50001; "
            "lúc 09:20:30 ngày 02/9/2026 địa chỉ IP 203.0.113.8 cổng 50002.",
            [("203.0.113.7", 50001, None), ("203.0.113.8", 50002, None)],
        ),
        (
            "Địa chỉ IP 203.0.113.7. Lúc 09:20:30 ngày 02/9/2026 địa chỉ IP 203.0.113.8.",
            [("203.0.113.7", None, None), ("203.0.113.8", None, None)],
        ),
        (
            "Cổng 50001 của địa chỉ IP 203.0.113.7 lúc 08:15:10 ngày 01/9/2026, cổng 50002 của "
            "địa chỉ IP 203.0.113.8 lúc 09:20:30 ngày 02/9/2026.",
            [("203.0.113.7", None, FIRST), ("203.0.113.8", None, SECOND)],
        ),
        (
            "Địa chỉ IP 203.0.113.7 cổng 50001 lúc 08:15:10 ngày 01/9/2026; địa chỉ IP "
            "203.0.113.8 cổng 50002 lúc 09:20:30 ngày 02/9/2026.",
            [("203.0.113.7", 50001, FIRST), ("203.0.113.8", 50002, SECOND)],
        ),
        (
            "Máy chủ 198.51.100.7 được truy cập từ địa chỉ IP 203.0.113.7 cổng 50001 lúc "
            "08:15:10 ngày 01/9/2026.",
            [("203.0.113.7", 50001, FIRST)],
        ),
    ],
)
def test_of_several_addresses_none_gets_the_time_or_port_of_another(
    sentence: str, wanted: list[tuple[object, ...]]
) -> None:
    request = asked(SHARED_HEAD + sentence)
    assert [(row.address, row.port, row.first) for row in request.rows] == wanted


@pytest.mark.parametrize(
    ("said", "port"),
    [
        (", cổng 50001, {when}, kết nối tới 198.51.100.7 cổng 443", 50001),
        (" cổng 50001 {when} truy cập 198.51.100.7 (cổng 443)", 50001),
        (":50001 {when} kết nối tới 198.51.100.7, port 443", 50001),
        (" {when} kết nối tới 198.51.100.7 cổng 443", None),
        (" {when} kết nối tới máy chủ độc hại cổng 443", None),
        (" kết nối tới 198.51.100.7, cổng nguồn 50001, {when}", 50001),
        (" kết nối tới 198.51.100.7, source port 50001, {when}", 50001),
        (" từ 08 giờ 10 phút đến 08 giờ 15 phút ngày 01/9/2026, cổng 50001", 50001),
    ],
)
def test_the_port_of_what_was_reached_is_never_that_of_who_is_asked_about(
    said: str, port: int | None
) -> None:
    when = "lúc 08:15:10 ngày 01/9/2026"
    request = asked(f"{SHARED_HEAD}Địa chỉ IP 203.0.113.7{said.format(when=when)}.")
    codes = () if port else ("holder-port",)
    assert [(row.port, row.open) for row in request.rows] == [(port, codes)]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("lúc 08:15:10 ngày 01/9/2026", FIRST),
        ("lúc 8 giờ 15 phút chiều ngày 01/9/2026", None),
        ("lúc 08:15 PM ngày 01/9/2026", "2026-09-01T20:15:00+07:00"),
        ("lúc 08:15 CH ngày 01/9/2026", "2026-09-01T20:15:00+07:00"),
        ("tối ngày 01/9/2026 lúc 8 giờ", None),
        ("từ 8 giờ tối đến 9 giờ tối ngày 01/9/2026", None),
        ("từ 8 giờ tới 9 giờ ngày 01/9/2026", "2026-09-01T08:00:00+07:00"),
        ("lúc 20 giờ tối ngày 01/9/2026", "2026-09-01T20:00:00+07:00"),
        ("lúc 08:15:10 ngày 01/9/2026 GMT\N{MINUS SIGN}5", "2026-09-01T08:15:10-05:00"),
    ],
)
def test_a_time_that_may_be_of_either_half_of_the_day_is_asked(
    words: str, first: str | None
) -> None:
    (row,) = asked(f"{SHARED_HEAD}Địa chỉ IP 203.0.113.7 cổng 50001 {words}.").rows
    assert (row.address, row.first) == ("203.0.113.7", first)
    assert ("holder-time" in row.open) is (first is None)


@pytest.mark.parametrize("zone", ["UTC+25", "UTC-07:99", "EST", "giờ Nhật Bản"])
def test_a_zone_that_is_none_or_not_known_is_asked(zone: str) -> None:
    words = f"Địa chỉ IP 203.0.113.7 cổng 50001 lúc 08:15:10 ngày 01/9/2026, {zone}."
    (row,) = asked(SHARED_HEAD + words).rows
    assert (row.first, row.zone, row.open) == (
        "2026-09-01T08:15:10",
        None,
        ("holder-zone-unknown",),
    )


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("203.0.113.5:40112", ("203.0.113.5", 40112, ())),
        ("203.0.113.5:40112 → 198.51.100.7:443", ("203.0.113.5", 40112, ())),
        ("203.0.113.5; 203.0.113.6", ("203.0.113.5; 203.0.113.6", None, ("holder-address",))),
        ("203.0.113.5 - 203.0.113.9", ("203.0.113.5 - 203.0.113.9", None, ("holder-address",))),
    ],
)
def test_a_cell_with_several_addresses_is_asked_about(
    cell: str, wanted: tuple[object, ...]
) -> None:
    document = docx.Document()
    for line in SHARED_HEAD.splitlines():
        document.add_paragraph(line)
    table = document.add_table(rows=2, cols=3)
    for place, texts in enumerate(
        [("TT", "Địa chỉ IP", "Thời gian"), ("1", cell, "08:15:10 01/9/2026")]
    ):
        for column, text in enumerate(texts):
            table.rows[place].cells[column].text = text
    written = io.BytesIO()
    document.save(written)
    (row,) = asked(written.getvalue(), "letter.docx").rows
    assert (row.address, row.port, row.open) == wanted

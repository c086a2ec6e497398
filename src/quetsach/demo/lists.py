"""The indicator lists as an official annex and a CSV would carry them, and the allow-list.

The hosts are made up; the addresses are those kept for documentation (RFC 5737).
"""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from quetsach.demo.times import days
from quetsach.demo.traffic import CarriedFile, EventPart

BAD_NAME = "bad.example"
UPDATE_NAME = "capnhat-windows.example"
CHECK_NAME = "kiem-tra-may.example"
IDN_SHOWN = "tài-khoản-số.example"
IDN_NAME = "xn--ti-khon-s-q1a8294f4pa.example"
LOADER_HOST = "tai-ve.example"
LOADER_URL = "tai-ve.example/gate.php"
BAD_ADDRESS = "203.0.113.77"
SECOND_ADDRESS = "203.0.113.88"
BAD_NETWORK = "203.0.113.128/27"
BAD_SOCKET = "203.0.113.99:8443"
SCANNER = "203.0.113.66"
PUBLIC_RESOLVER = "198.51.100.53"

_CONTENT = b"quetsach demo: a file that does nothing\n" * 512
CARRIED_BAD = CarriedFile(
    name="cap-nhat.exe",
    mime="application/x-dosexec",
    size=len(_CONTENT),
    md5=hashlib.md5(_CONTENT, usedforsecurity=False).hexdigest(),
    sha1=hashlib.sha1(_CONTENT, usedforsecurity=False).hexdigest(),
    sha256=hashlib.sha256(_CONTENT).hexdigest(),
)
BAD_HASH = CARRIED_BAD.sha256


_SHOWN = {IDN_NAME: IDN_SHOWN, LOADER_URL: f"http://{LOADER_URL}"}


@dataclass(frozen=True)
class DemoIndicator:
    """One indicator of the demo: canonical key, kind, malware, and the list that names it."""

    key: str
    kind: str
    malware: str
    list_name: str

    @property
    def shown(self) -> str:
        """The form that people read."""
        return display_indicator(self.key)


def display_indicator(key: str) -> str:
    """Return the form of the indicator `key` that people read."""
    return _SHOWN.get(key, key)


ANNEX = "danh-sach-dia-chi-doc-hai.txt"
SUPPLEMENT = "danh-sach-bo-sung.csv"
ALLOW = "allow/resolver.txt"

LISTED: tuple[DemoIndicator, ...] = (
    DemoIndicator(BAD_NAME, "name", "Emotet", ANNEX),
    DemoIndicator(UPDATE_NAME, "name", "Emotet", ANNEX),
    DemoIndicator(CHECK_NAME, "name", "Agent Tesla", ANNEX),
    DemoIndicator(IDN_NAME, "name", "Lừa đảo", ANNEX),
    DemoIndicator(LOADER_URL, "url", "Emotet", ANNEX),
    DemoIndicator(BAD_ADDRESS, "address", "Emotet", ANNEX),
    DemoIndicator(BAD_NETWORK, "network", "Mirai", ANNEX),
    DemoIndicator(BAD_SOCKET, "address", "Cobalt Strike", ANNEX),
    DemoIndicator(PUBLIC_RESOLVER, "address", "", ANNEX),
    DemoIndicator(SECOND_ADDRESS, "address", "QakBot", SUPPLEMENT),
    DemoIndicator(SCANNER, "address", "Dò quét", SUPPLEMENT),
    DemoIndicator(BAD_HASH, "hash", "Emotet", SUPPLEMENT),
)

REFUSED: tuple[tuple[str, str, str], ...] = (
    (ANNEX, "192.168.1.1", "private"),
    (ANNEX, "com.vn", "public-suffix"),
)
"""Rows that are mistakes: list, text, and what is wrong with it."""


def annex_text() -> str:
    """Return the list that comes with the letter, in the notation of such annexes."""
    monday = days()[0]
    of, before = f"tháng {monday.month} năm {monday.year}", monday - timedelta(days=3)
    return f"""\
# PHỤ LỤC
# DANH SÁCH ĐỊA CHỈ, TÊN MIỀN ĐỘC HẠI
# (Kèm theo Công văn số      /UBND-TH ngày      {of} của UBND huyện Trà Cú)
#
# I. Tên miền máy chủ điều khiển
bad[.]example                       # Emotet
hxxp://{LOADER_HOST.replace(".", "[.]")}/gate.php    # Emotet
capnhat-windows(.)example           # Emotet
kiem-tra-may[dot]example            # Agent Tesla
tài-khoản-số[.]example              # Lừa đảo
com.vn

# II. Địa chỉ IP
203[.]0[.]113[.]77                  # Emotet
203[.]0[.]113[.]128/27              # Mirai
203[.]0[.]113[.]99:8443             # Cobalt Strike
198[.]51[.]100[.]53
192.168.1.1

# III. Bổ sung ngày {before.day:02d}/{before.month}/{before.year}
BAD[.]example                       # Emotet
"""


SUPPLEMENT_TEXT = "\r\n".join(
    (
        "STT;Chỉ báo;Loại;Mã độc;Ghi chú",
        "1;203[.]0[.]113[.]88;Địa chỉ IP;QakBot;Máy chủ điều khiển",
        f"2;{SCANNER.replace('.', '[.]')};Địa chỉ IP;Dò quét;Dò quét từ bên ngoài",
        f"3;{BAD_HASH.upper()};Mã băm SHA-256;Emotet;Tệp cap-nhat",
        "4;bad[.]example;Tên miền;Emotet;Trùng với danh sách kèm công văn",
        "",
    )
)

ALLOW_TEXT = f"""\
# Máy chủ phân giải tên miền công cộng: không coi là dấu hiệu nhiễm mã độc
{PUBLIC_RESOLVER}    # bị đưa nhầm vào danh sách
"""

# What each concrete value meets, written out by hand: this is the plan, not the matching rule.
_MEETS: dict[str, str] = {
    BAD_NAME: BAD_NAME,
    "cdn.bad.example": BAD_NAME,
    "x7k2.cdn.bad.example": BAD_NAME,
    UPDATE_NAME: UPDATE_NAME,
    "dl.capnhat-windows.example": UPDATE_NAME,
    CHECK_NAME: CHECK_NAME,
    IDN_NAME: IDN_NAME,
    LOADER_URL: LOADER_URL,
    BAD_ADDRESS: BAD_ADDRESS,
    SECOND_ADDRESS: SECOND_ADDRESS,
    "203.0.113.140": BAD_NETWORK,
    "203.0.113.159": BAD_NETWORK,
    BAD_SOCKET: BAD_SOCKET,
    SCANNER: SCANNER,
    PUBLIC_RESOLVER: PUBLIC_RESOLVER,
    BAD_HASH: BAD_HASH,
}


def meets(part: EventPart, *values: str) -> tuple[tuple[EventPart, str], ...]:
    """Return, for each of `values` that the lists name, the part it is in and the key met."""
    return tuple((part, _MEETS[value]) for value in values if value in _MEETS)


LOOK_ALIKES: tuple[tuple[str, str, int], ...] = (
    ("notbad.example", "192.0.2.201", 443),
    ("bad.example.org", "192.0.2.202", 443),
    ("bad-example.example", "192.0.2.203", 443),
    ("example.bad-so.example", "192.0.2.204", 443),
    # Reached without asking for a name, where the logs tell the port: only 8443 is listed.
    ("", "203.0.113.99", 443),
    ("hai.example", "203.0.113.7", 443),
    ("ba.example", "203.0.113.160", 80),
    ("bon.example", "203.0.113.127", 80),
    ("tai-ve.example", "192.0.2.205", 80),
)
"""Name (or none), address and port of servers that are near to an indicator and meet none."""


# The letter that starts the demo's campaign: its form as an annex, and its list as another.


LETTER = "letter/cong-van.txt"


def _rows() -> str:
    """Return the list as a table, in the notation of such annexes."""
    listed = (one for one in LISTED if one.list_name == ANNEX)
    return "\n".join(
        f"{number}\t{one.shown.replace('.', '[.]')}\t{one.malware}"
        for number, one in enumerate(listed, 1)
    )


def _day(day: date) -> str:
    return f"{day.day:02d}/{day.month}/{day.year}"


def letter_text() -> str:
    """Return the letter, sent in the week of the demo and due seventeen days after its Monday."""
    monday = days()[0]
    basis, due = monday - timedelta(days=3), monday + timedelta(days=17)
    return f"""\
ỦY BAN NHÂN DÂN                 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
HUYỆN TRÀ CÚ                    Độc lập - Tự do - Hạnh phúc

Số:       /UBND-TH              Trà Cú, ngày     tháng {monday.month} năm {monday.year}
V/v triển khai chiến dịch rà
quét xử lý mã độc năm {monday.year}

Kính gửi:
- Thủ trưởng các phòng, ban, ngành huyện (03 hệ);
- Chủ tịch Ủy ban nhân dân các xã, thị trấn.

Thực hiện Công văn số 1790/STTTT-BCVTCNTT ngày {_day(basis)} của Sở Thông tin và Truyền \
thông về việc triển khai chiến dịch rà quét xử lý mã độc năm {monday.year}.

Chủ tịch Ủy ban nhân dân huyện có ý kiến như sau:

1. Thủ trưởng các phòng, ban, ngành huyện và Chủ tịch Ủy ban nhân dân các xã, thị trấn triển khai \
phát động Chiến dịch và truyền thông về nguy cơ khi sử dụng phần mềm bẻ khóa. Chỉ đạo cán bộ, công \
chức, viên chức tham gia và vận động người thân, bạn bè cùng tham gia Chiến dịch theo địa chỉ: \
https://chien-dich.example/{monday.year}.

2. Chủ động giám sát, kiểm tra và xử lý các máy tính, thiết bị phát sinh kết nối đến các địa chỉ \
độc hại (theo Phụ lục II đính kèm).

3. Giao Phòng Văn hóa và Thông tin chủ trì, phối hợp, hướng dẫn các cơ quan, đơn vị triển khai \
thực hiện Chiến dịch và tổng hợp, báo cáo kết quả thực hiện đến Chủ tịch Ủy ban nhân dân huyện \
(qua Văn phòng HĐND và UBND) trước ngày {_day(due)} (theo Phụ lục I đính kèm).

Nơi nhận:                       KT. CHỦ TỊCH
- Như trên;                     PHÓ CHỦ TỊCH
- Phòng VH&TT;
- Lưu: VT.
                                Trần Thị Minh

Phụ lục I
Thống kê, báo cáo kết quả triển khai Chiến dịch làm sạch mã độc

1. Thông tin chung
- Tên đơn vị:.....
- Đánh giá kết quả thực hiện chiến dịch:.....
- Đề xuất, kiến nghị (nếu có):.....

2. Thông tin số liệu
TT\tNội dung\tSố lượng\tGhi chú
1\tTổng số cơ quan, tổ chức nhận được thông tin về Chiến dịch\t\t
2\tTổng số cơ quan tổ chức triển khai Chiến dịch\t\t
3\tTổng số cán bộ, công chức, viên chức tham gia Chiến dịch\t\t

Phụ lục II
Danh sách địa chỉ độc hại

STT\tĐịa chỉ\tMã độc
{_rows()}
"""

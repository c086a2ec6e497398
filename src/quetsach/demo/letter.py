"""The letter that starts the demo's campaign: its form as an annex, and its list as another.

Number and day are left blank, as they are until the clerk stamps them. People are made up.
"""

from datetime import date, timedelta

from quetsach.demo.calendar import days
from quetsach.demo.lists import ANNEX, LISTED

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
- Thủ trưởng các phòng, ban, ngành huyện;
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

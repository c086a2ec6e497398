"""Values for each of our letter templates."""

from datetime import date
from typing import Any

from quetsach.documents.letters.letter import Citation

PARENT = Citation(
    "1790/STTTT-BCVTCNTT",
    date(2022, 9, 9),
    "Sở Thông tin và Truyền thông",
    "triển khai chiến dịch rà quét xử lý mã độc năm 2022",
)
LAUNCH: dict[str, Any] = {
    "parent": PARENT,
    "campaign": "chiến dịch rà quét xử lý mã độc năm 2022",
    "speaker": "Chủ tịch Ủy ban nhân dân huyện",
    "receivers": "Thủ trưởng các phòng, ban, ngành huyện",
    "authority": "Cục An toàn thông tin",
    "page": "https://khonggianmang.example/chiendichmadoc2022",
    "collector": "Phòng Văn hóa và Thông tin",
    "report_to": "Chủ tịch Ủy ban nhân dân huyện",
    "deadline": date(2022, 9, 29),
    "form": "Phụ lục",
}
REMIND: dict[str, Any] = {
    "own": Citation("12/UBND-TH", date(2022, 9, 12), "Ủy ban nhân dân huyện"),
    "campaign": "chiến dịch rà quét xử lý mã độc năm 2022",
    "speaker": "Ủy ban nhân dân huyện",
    "units": ["Ủy ban nhân dân xã Tập Sơn", "Phòng Nội vụ"],
    "as_of": date(2022, 9, 28),
    "report_to": "Phòng Văn hóa và Thông tin",
    "deadline": date(2022, 10, 3),
}
ENGLISH: dict[str, Any] = {
    "parent": PARENT,
    "campaign": "the 2022 malware clean-up campaign",
    "speaker": "The chairman",
    "tasks": ["Inform all staff.", "Look for infected machines."],
    "deadline": date(2022, 9, 29),
}
ANSWER: dict[str, Any] = {
    "speaker": "Ủy ban nhân dân huyện",
    "file": "canh-bao.csv",
    "items": "18",
    "as_of": date(2022, 9, 28),
    "found": "16",
    "not_ours": "1",
    "rejected": "1",
    "units": ["Ủy ban nhân dân xã Tập Sơn: 3 cảnh báo, 3 đã trả lời, 3 đã tìm ra máy"],
}
CORRECT: dict[str, Any] = {
    "own": Citation("1432/UBND-TH", date(2022, 9, 22)),
    "campaign": "chiến dịch rà quét xử lý mã độc năm 2022",
    "speaker": "Ủy ban nhân dân huyện",
    "corrections": ["Hạn báo cáo: trước ngày 30/09/2022 (trước đây: trước ngày 29/09/2022)."],
    "reason": "Bão số 4.",
}
HOLDERS: dict[str, Any] = {
    "request": Citation("214/PA05-Đ2", date(2026, 9, 4)),
    "speaker": "Ủy ban nhân dân xã",
    "items": "3",
    "found": "2",
    "open": "1",
    "personal": "x",
}
VALUES = {
    "dinh-chinh": CORRECT,
    "trien-khai-chien-dich": LAUNCH,
    "nhac-bao-cao": REMIND,
    "launch-campaign": ENGLISH,
    "tra-loi-canh-bao": ANSWER,
    "tra-loi-dia-chi-ip": HOLDERS,
}

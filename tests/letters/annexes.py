"""Letters of many authorities with their annexes, and what is in each: taken, asked or neither.

All are made up. A string is a paragraph, a tuple a row of a table; `taken` are keys, `asked` the
values that a clerk must see, `other` what is told with another reason and never taken.
"""

from dataclasses import dataclass

Part = str | tuple[str, ...]
HASH = "4f" * 32


@dataclass(frozen=True)
class Annexed:
    """One letter: its name, its parts in order, and the full set of what is in it."""

    name: str
    parts: tuple[Part, ...]
    taken: frozenset[str]
    asked: frozenset[str] = frozenset()
    other: frozenset[str] = frozenset()


def _letter(name: str, *parts: Part, taken: str = "", asked: str = "", other: str = "") -> Annexed:
    head = ("SỞ KHOA HỌC VÀ CÔNG NGHỆ", "Số: 215/SKHCN-CNTT", "Kính gửi: Các cơ quan, đơn vị.")
    foot = ("Nơi nhận: Như trên; Lưu: VT. Thư điện tử: vanthu@so-khcn.example",)
    told = frozenset((*other.split(), "vanthu@so-khcn.example"))
    sets = (frozenset(taken.split()), frozenset(filter(None, asked.split("|"))))
    return Annexed(name, (*head, *parts, *foot), *sets, told)


LETTERS = (
    _letter(
        "stt-and-ports",
        "Phụ lục: Danh sách địa chỉ cần ngăn chặn",
        ("STT", "Địa chỉ IP", "Cổng kết nối", "Ghi chú"),
        ("1", "203.0.113.7", "443/tcp", "C2"),
        ("2", "198.51.100.9", "80, 8080", ""),
        ("3", "192.0.2.44", "8000-9000", "dải cổng"),
        taken="203.0.113.7:443 198.51.100.9:80 198.51.100.9:8080",
        asked="192.0.2.44",
    ),
    _letter(
        "bare-sockets-in-a-remark",
        "PHỤ LỤC I",
        ("TT", "Họ mã độc", "Kết nối tới"),
        ("1", "Mozi", "203.0.113.7:8080"),
        ("2", "Mirai", "[2001:db8:7::9]:443\n198.51.100.9:23"),
        taken="203.0.113.7:8080 [2001:db8:7::9]:443 198.51.100.9:23",
    ),
    _letter(
        "spaced-dots",
        "Danh sách tên miền",
        ("STT", "Tên miền"),
        ("1", "update . kms-active [chấm] example"),
        ("2", "cdn\u00a0.\u00a0xau[.]example"),
        ("3", "login. xau2[.]example"),
        "Máy chủ tai . xau3[.]example đang hoạt động.",
        taken="update.kms-active.example cdn.xau.example",
        asked="login.xau2.example|tai.xau3.example",
    ),
    _letter(
        "spans",
        "Phụ lục II: Dải địa chỉ",
        ("STT", "Dải địa chỉ IP"),
        ("1", "Từ 203.0.113.4 đến 203.0.113.7"),
        ("2", "198.51.100.8 - 198.51.100.11"),
        ("3", "192.0.2.x"),
        taken="203.0.113.4/30 198.51.100.8/30",
        asked="192.0.2.x",
    ),
    _letter(
        "first-and-last",
        "Phụ lục",
        ("STT", "IP đầu", "IP cuối", "Ghi chú"),
        ("1", "203.0.113.16", "203.0.113.31", "botnet"),
        taken="203.0.113.16/28",
    ),
    _letter(
        "host-and-path",
        "Phụ lục",
        ("STT", "Tên miền", "Đường dẫn"),
        ("1", "tai-ve[.]example", "/cai/dat.php"),
        ("2", "khac[.]example", ""),
        taken="tai-ve.example/cai/dat.php khac.example",
    ),
    _letter(
        "row-over-a-page",
        "Phụ lục",
        ("STT", "Đường dẫn độc hại", "Ghi chú"),
        ("1", "hxxps://bad[.]example/dai-", "lừa đảo"),
        ("", "lam/x.php", ""),
        ("2", "hxxps://kem[.]example/a", ""),
        taken="bad.example/dai-lam/x.php kem.example/a",
    ),
    _letter(
        "victims-beside",
        "Phụ lục: kết nối ghi nhận",
        ("STT", "IP nguồn", "Đơn vị", "Địa chỉ C2"),
        ("1", "198.51.100.20", "Xã A", "203.0.113.7:443"),
        taken="203.0.113.7:443",
        asked="198.51.100.20",
    ),
    _letter(
        "hashes",
        "Phụ lục: Mã băm",
        ("STT", "SHA-256", "Tên tệp"),
        ("1", HASH, "cap-nhat.exe"),
        ("2", HASH[:32], "nua.exe"),
        taken=HASH,
        asked=HASH[:32],
    ),
    _letter(
        "own-domain-and-harmless",
        "Đề nghị truy cập https://so-khcn.example/huong-dan và www.so-khcn.example để tải công cụ.",
        "Phụ lục",
        ("STT", "Tên miền", "Ghi chú"),
        ("1", "bad.example", "máy chủ điều khiển"),
        ("2", "so-khcn.example", "trang của Sở"),
        ("3", "tot.example", "hợp pháp, không phải mã độc"),
        taken="bad.example",
        other="https://so-khcn.example/huong-dan www.so-khcn.example so-khcn.example tot.example",
    ),
    _letter(
        "in-the-sentence",
        "1. Ngăn chặn truy cập tới xau[.]example, 203[.]0[.]113[.]9:8443 và hxxp://x[.]kem[.]example/a.",
        "2. Máy tính kết nối tới 198.51.100.77 cần báo cáo.",
        taken="xau.example 203.0.113.9:8443 x.kem.example/a",
        asked="198.51.100.77",
    ),
    _letter(
        "mixed-scripts-and-mistakes",
        "Phụ lục",
        ("STT", "Chỉ báo"),
        ("1", "tài-khoản[.]example"),
        ("2", "203.0.113.300"),
        ("3", "xau[.]exampl"),
        ("4", "10.0.0.8"),
        ("5", "203.0.113.7 cổng 8080"),
        ("6", "203.0.113.0 /24"),
        taken="xn--ti-khon-8va0969d.example 203.0.113.7:8080 203.0.113.0/24",
        asked="203.0.113.300|xau.exampl",
        other="10.0.0.8",
    ),
    _letter(
        "bullets",
        "PHỤ LỤC: CHỈ BÁO",
        "- update[.]bad[.]example (máy chủ cập nhật giả)",
        "- 203.0.113.60; 203.0.113.61",
        "+ hxxp://bad[.]example /a.php",
        taken="update.bad.example 203.0.113.60 203.0.113.61",
        asked="http://bad.example",
    ),
)

"""Values in running text: all spellings are read, whole; what is none is left or handed on."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quetsach.hostnames import suffix_section
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.text.in_text import TextIndicator, find_indicators

OPTIONS = ListOptions()


def _found(text: str) -> list[TextIndicator]:
    return find_indicators(text, OPTIONS)


def _keys(text: str) -> list[str]:
    return [value.key for one in _found(text) for value in one.parsed.values]


SPELLINGS = [
    ("Đề nghị chặn ngay tên miền bad[.]example trên hệ thống.", ["bad.example"]),
    ("Đề nghị chặn bad(.)example và báo cáo.", ["bad.example"]),
    ("Đề nghị chặn bad{.}example, nếu có.", ["bad.example"]),
    ("Máy chủ điều khiển là bad[dot]example (mới).", ["bad.example"]),
    ("Máy chủ điều khiển là bad(dot)example; đã tắt.", ["bad.example"]),
    ("Máy tính kết nối tới bad dot example nhiều lần", ["bad.example"]),
    ("Máy tính kết nối tới bad[chấm]example nhiều lần", ["bad.example"]),
    ("Máy tính kết nối tới bad(chấm)example nhiều lần", ["bad.example"]),
    ("Máy tính kết nối tới evil chấm vn nhiều lần", ["evil.vn"]),
    ("Địa chỉ hxxp://bad.example/a?b=1 phát tán mã độc.", ["bad.example/a?b=1"]),
    ("Địa chỉ hxxps[:]//bad[.]example/tải/về.php, đã chặn", ["bad.example/tải/về.php"]),
    ("Địa chỉ h**p://bad[.]example/x phát tán mã độc", ["bad.example/x"]),
    ("Địa chỉ hxxps[://]bad[.]example/x phát tán mã độc", ["bad.example/x"]),
    ("Tên miền evil[.com đang hoạt động", ["evil.com"]),
    ("Tên miền evil.]com đang hoạt động", ["evil.com"]),
    ("Tên miền evil\\.com đang hoạt động", ["evil.com"]),
    ("Tên miền evil [.] com đang hoạt động", ["evil.com"]),
    ("Tên miền ｅｖｉｌ．ｃｏｍ đang hoạt động", ["evil.com"]),
    ("Tên miền ev\u00adil.com đang hoạt động", ["evil.com"]),
    ("Tên miền ev\u200bil\u200b.com đang hoạt động", ["evil.com"]),
    ("Tên miền\u00a0evil[.]com\u00a0đang hoạt động", ["evil.com"]),
    ("Trang tài-khoản-giả.com lừa đảo", ["xn--ti-khon-gi-h4a7452gea.com"]),
    ("Trang tài-khoản-giả[.]com lừa đảo", ["xn--ti-khon-gi-h4a7452gea.com"]),
    ("Dải 203.0.113[.]4/24 cần theo dõi", ["203.0.113.0/24"]),
    ("Cổng 203[.]0[.]113[.]7:8080 cần theo dõi", ["203.0.113.7:8080"]),
    ("Dải 203.0.113.4-203.0.113.7 cần theo dõi", ["203.0.113.4/30"]),
    ("Dải 203.0.113.4 – 203.0.113.7 cần theo dõi", ["203.0.113.4/30"]),
    ("Địa chỉ 2001:db8::1 cần theo dõi", ["2001:db8::1"]),
    ("Địa chỉ 2001[:]db8[:][:]1 cần theo dõi", ["2001:db8::1"]),
    ("Địa chỉ [2001:db8::1]:443 cần theo dõi", ["[2001:db8::1]:443"]),
    ("Dải 2001:db8:7::/48 cần theo dõi", ["2001:db8:7::/48"]),
    ("Truy cập http://an:m%40t@bad.example:8080/x rồi tải", ["bad.example:8080/x"]),
    ("Tệp có MD5 d41d8cd98f00b204e9800998ecf84270.", ["d41d8cd98f00b204e9800998ecf84270"]),
    ("Tệp (SHA-1: DA39A3EE5E6B4B0D3255BFEF95601890AFD80700)",
     ["da39a3ee5e6b4b0d3255bfef95601890afd80700"]),
    ("Tệp sha256=" + "0a" * 32 + ", xem phụ lục", ["0a" * 32]),
    ("Gồm: a.example,b.example;203.0.113.9", ["a.example", "b.example", "203.0.113.9"]),
    ("Cả *.bad.example và .bad.example", ["bad.example", "bad.example"]),
    ("Địa chỉ http://a.example/x,http://b.example/y", ["a.example/x", "b.example/y"]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "keys"), SPELLINGS)
def test_each_spelling_in_a_sentence_gives_its_value_and_nothing_else(
    sentence: str, keys: list[str]
) -> None:
    assert _keys(sentence) == keys
    assert all(one.parsed.reason is None for one in _found(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "Thực hiện Công văn số 1790/STTTT-BCVTCNTT ngày 09/9/2022, trước ngày 29.9.2022.",
        "Nghị định 30/2020/NĐ-CP, mục 3.2.1 và 1.2.3.4.5; TCVN 11930:2017.",
        "Chạy update.exe, mở 1.docx, xem libkeyutils.so và C:\\Users\\Public\\evil.com trước.",
        "Windows 10.0.19041.1 hoặc Chrome/100.0.4896.127 lúc 12:30:45, MAC 00:11:22:33:44:55.",
        "Triển khai chiến dịch.Các đơn vị báo cáo...nhưng không quá hạn.....",
        "document.write('x'); Thread.new{}; std::string; Win32/Agent.AM",
        "Bài thi chấm lại, the red dot in the middle, và (/) hoặc, this (point) is.",
        "Điểm số: 8.5; tỷ lệ 1.234.567 đồng; v1.2.3; 0x1F.",
    ],
)
def test_what_only_looks_like_a_value_is_left_alone(sentence: str) -> None:
    assert _keys(sentence) == []
    assert [one.written for one in _found(sentence)] == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("d41d8cd98f00b204e9800998ecf8427e", RefusalReason.EMPTY_FILE),
        ("DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", RefusalReason.EMPTY_FILE),
        (
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            RefusalReason.EMPTY_FILE,
        ),
        ("Thư gửi về an.nguyen@so.example.vn.", RefusalReason.MAIL_ADDRESS),
        ("Thư gửi về an[at]so[.]example", RefusalReason.MAIL_ADDRESS),
        ("phiên bản 203.0.113.4 mới nhất", RefusalReason.OTHER_KIND),
        ("chrome-extension://abcdef/x", RefusalReason.OTHER_KIND),
        ("bị chặn: 203.0.113.300", RefusalReason.UNCLEAR),
        ("bị chặn: bad[.]exampl", RefusalReason.UNCLEAR),
        ("bị chặn: hxxp://bad[.]comm/x", RefusalReason.UNCLEAR),
        ("bị chặn: 203[.]0[.]113", RefusalReason.UNCLEAR),
        ("bị chặn: [đã che]evil[.]com", RefusalReason.UNCLEAR),
        ("bị chặn: ev*l.evil.com", RefusalReason.UNCLEAR),
        ("bị chặn: server-{1,30}[.]evil.com", RefusalReason.UNCLEAR),
        ("bị chặn: …evil.com", RefusalReason.UNCLEAR),
        ("bị chặn: ...evil.com", RefusalReason.UNCLEAR),
        ("bị chặn: hxxp://evil[.]com/bot<token>/x", RefusalReason.UNCLEAR),
        ("a" * 128, RefusalReason.UNCLEAR),
        ("bị chặn: 10.0.0.5", RefusalReason.PRIVATE),
        ("bị chặn: com[.]vn", RefusalReason.PUBLIC_SUFFIX),
    ],
)
def test_what_is_not_taken_is_handed_on_with_its_reason(text: str, reason: RefusalReason) -> None:
    (one,) = _found(text)
    assert (one.parsed.values, one.parsed.reason) == ((), reason)


def test_a_place_points_at_the_value_as_it_is_written() -> None:
    text = "Chặn ev\u200bil[.]com và hxxps[:]//c2 [.] example/a, ngày 1/9"
    for one in _found(text):
        assert text[one.start : one.end] == one.written
    assert [one.written for one in _found(text)] == [
        "ev\u200bil[.]com", "hxxps[:]//c2 [.] example/a",
    ]  # fmt: skip
    assert [one.defanged for one in _found(text)] == [True, True]
    assert [one.defanged for one in _found("evil.com")] == [False]


def test_names_of_files_and_programs_are_marked_as_doubtful() -> None:
    doubtful = ["README.md", "chạy run.sh", "com.android.app", "khai.Do đó", "ASP.NET"]
    assert all(one.doubtful for text in doubtful for one in _found(text))
    assert not any(one.doubtful for one in _found("evil.com a.evil.pl evil[.]sh"))


NAMES = st.from_regex(r"[a-z][a-z0-9]{1,8}(-[a-z0-9]{1,5})?\.(com|net|vn|example)", fullmatch=True)
ADDRESSES = st.from_regex(r"203\.0\.113\.(25[0-5]|2[0-4][0-9]|1?[1-9]?[0-9])", fullmatch=True)
DOTS = ["[.]", "(.)", "{.}", "[dot]", "(dot)", "[chấm]", "[.", "\\.", " [.] ", "\uff0e"]
TEXT = "đề nghị chặn máy chủ (mới) tên miền, địa chỉ: của 12/9/2022 mã độc; và - “độc hại” 3.2.1"
WORDS = st.lists(st.sampled_from(TEXT.split()), max_size=6)


@given(st.one_of(NAMES, ADDRESSES), st.sampled_from(DOTS), WORDS, WORDS)
def test_every_defanged_value_in_any_text_comes_back_as_its_key(
    value: str, dot: str, before: list[str], after: list[str]
) -> None:
    assume(not suffix_section(value))
    text = " ".join([*before, value.replace(".", dot), *after])
    assert _keys(text) == [value]


@given(
    NAMES.filter(lambda name: len(name.split(".")[0]) > 3),
    st.integers(1, 60),
    st.sampled_from(["à", "_", "x", "[x]", "{x}", "*", "…", "\u0301", "-", "ệ", "#"]),
)
def test_a_damaged_value_never_gives_a_piece_of_itself(name: str, place: int, sign: str) -> None:
    stem = name.partition(".")[0]
    at = 1 + place % (len(stem) - 1)
    damaged = name[:at] + sign + name[at:]
    for key in _keys(f"chặn {damaged} ngay"):
        assert key not in {name[step:] for step in range(len(name))}


@pytest.mark.parametrize(
    "unit",
    ["a.", "[.]", "(", "0123456789", "a[.]", "http://", "://", ":2001:", "a@", "203.0.113.4-",
     " dot a", "hxxp ", "a\\.", "\u200b", " [ . ]", "...", "_.", "[", "h**p:", "%", "1.1.1.1 - "],
)  # fmt: skip
def test_hostile_text_is_read_to_its_end(unit: str) -> None:
    for size in (50_000, 100_000):
        text = unit * (size // len(unit)) + "\nevil[.]com"
        assert _keys(text)[-1:] == ["evil.com"]

"""Bytes of any office program as text, and data that are no text."""

import pytest

from quetsach.decoding import decode


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Tên miền\r\nmột".encode(), "Tên miền\nmột"),
        ("một\rhai".encode("utf-8-sig"), "một\nhai"),
        ("Tên miền".encode("utf-16"), "Tên miền"),
        ("bad.example".encode("utf-16-le"), "bad.example"),
        ("bad.example".encode("utf-16-be"), "bad.example"),
        (b"", ""),
        # Windows-1258 writes a tone behind its letter: "Danh sa" and an acute.
        (b"Danh sa\xecch", "Danh sách"),
        # Half a character of UTF-16 is a sign of its own, not a letter.
        (b"\xff\xfeb", "�"),
    ],
)
def test_text_of_each_coding_is_the_same_text(raw: bytes, text: str) -> None:
    assert decode(raw) == text


@pytest.mark.parametrize(
    "raw",
    [
        b"PK\x03\x04rest",
        b"%PDF-1.7",
        b"\xd0\xcf\x11\xe0" + b"a" * 40,
        b"\x1f\x8b\x08",
        b"text\0with a zero",
        bytes(range(256)),
    ],
)
def test_data_that_are_no_text_are_none(raw: bytes) -> None:
    assert decode(raw) is None


def test_a_zero_behind_the_head_is_a_sign_like_others() -> None:
    raw = b"a" * 5000 + b"\0"
    assert decode(raw) == raw.decode()

"""Headings: their meaning, however an office writes them."""

import unicodedata

import pytest

from quetsach.inventory.headings import _WORDS, Column, column_of, folded

MEANINGS = {
    Column.NUMBER: "STT|Số TT|TT|No.|#",
    Column.KEY: "Mã tài sản|Số hiệu|Asset tag|asset_tag|Serial No.",
    Column.NAME: "Tên máy|Tên máy tính|TÊN  MÁY\nTÍNH|ten may|host_name|Hostname|Computer Name",
    Column.DEVICE: "Tên thiết bị|Thiết bị|Name",
    Column.MAC: "Địa chỉ MAC|MAC|MAC Address|mac_address|Địa chỉ MAC (LAN)|Địa chỉ vật lý"
    "|MAC (Wi-Fi)|Physical Address",
    Column.ADDRESS: "Địa chỉ IP|IP|IP tĩnh|fixed_address|IPv4 Address|Địa chỉ IP (nếu có)",
    Column.UNIT: "Đơn vị|Tên đơn vị|Cơ quan|unit|Đơn vị sử dụng",
    Column.ROOM: "Phòng|Vị trí|Phòng số|Room|Location|Vị trí lắp đặt",
    Column.DESK: "Phòng ban|Bộ phận|Department|Phòng/Bộ phận|Chức danh",
    Column.KIND: "Loại thiết bị|Loại máy|Type|Chủng loại",
    Column.SYSTEM: "Hệ điều hành|HĐH|OS|Operating System",
    Column.DUTY: "Vai trò|Role|Chức năng",
    Column.SHARED: "Dùng chung|Shared",
    Column.REMARKS: "Ghi chú|GHI CHÚ|Notes|Remarks",
    Column.PERSON: "Người sử dụng|Họ và tên|Cán bộ|Người quản lý|Owner|User name|Số điện thoại"
    "|Email|Cán bộ sử dụng (ký tên)",
    Column.SUBNET: "Dải mạng|Subnet|CIDR|Mạng con|Dải IP",
    Column.PUBLIC: "IP public|Địa chỉ công cộng|WAN IP",
    Column.GATEWAY: "Gateway|Default gateway|Cổng mặc định",
    Column.RESOLVER: "DNS|DNS server|Máy chủ DNS",
    Column.PROXY: "Proxy|Máy chủ proxy",
    Column.ACCESS_POINT: "Access point|Wi-Fi|Bộ phát Wifi",
    Column.CLIENT_ID: "DUID|client_id|Client Identifier",
}


@pytest.mark.parametrize(
    ("heading", "column"),
    [(one, column) for column, words in MEANINGS.items() for one in words.split("|")],
)
@pytest.mark.parametrize("form", ["NFC", "NFD", "bare", "upper"])
def test_a_heading_means_the_same_in_every_spelling(
    heading: str, column: Column, form: str
) -> None:
    if form == "bare":
        heading = "".join(
            sign
            for sign in unicodedata.normalize("NFD", heading.replace("Đ", "D").replace("đ", "d"))
            if not unicodedata.combining(sign)
        )
    elif form == "upper":
        heading = heading.upper()
    else:
        heading = unicodedata.normalize("NFC" if form == "NFC" else "NFD", heading)
    assert column_of(heading) is column


@pytest.mark.parametrize("heading", ["Đơn vị tính", "Số lượng", "Màu", "", "x" * 81, "PC-KT-01"])
def test_other_headings_mean_nothing(heading: str) -> None:
    assert column_of(heading) is None


def test_no_word_stands_under_two_columns_and_each_is_folded() -> None:
    words = [word for written in _WORDS.values() for word in written.split("|")]
    assert sorted(words) == sorted(set(words))
    assert [word for word in words if folded(word) != word] == []

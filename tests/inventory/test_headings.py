"""Headings: their meaning, however an office writes them."""

import unicodedata

import pytest

from quetsach.inventory.headings import _WORDS, InventoryColumn, column_of, folded

MEANINGS = {
    InventoryColumn.NUMBER: "STT|Số TT|TT|No.|#",
    InventoryColumn.KEY: "Mã tài sản|Số hiệu|Asset tag|asset_tag|Serial No.",
    InventoryColumn.NAME: "Tên máy|Tên máy tính|TÊN  MÁY\nTÍNH|ten may|host_name|Hostname"
    "|Computer Name",
    InventoryColumn.DEVICE: "Tên thiết bị|Thiết bị|Name",
    InventoryColumn.MAC: "Địa chỉ MAC|MAC|MAC Address|mac_address|Địa chỉ MAC (LAN)|Địa chỉ vật lý"
    "|MAC (Wi-Fi)|Physical Address",
    InventoryColumn.ADDRESS: "Địa chỉ IP|IP|IP tĩnh|fixed_address|IPv4 Address|Địa chỉ IP (nếu có)",
    InventoryColumn.UNIT: "Đơn vị|Tên đơn vị|Cơ quan|unit|Đơn vị sử dụng",
    InventoryColumn.ROOM: "Phòng|Vị trí|Phòng số|Room|Location|Vị trí lắp đặt",
    InventoryColumn.DESK: "Phòng ban|Bộ phận|Department|Phòng/Bộ phận|Chức danh",
    InventoryColumn.KIND: "Loại thiết bị|Loại máy|Type|Chủng loại",
    InventoryColumn.SYSTEM: "Hệ điều hành|HĐH|OS|Operating System",
    InventoryColumn.DUTY: "Vai trò|Role|Chức năng",
    InventoryColumn.SHARED: "Dùng chung|Shared",
    InventoryColumn.REMARKS: "Ghi chú|GHI CHÚ|Notes|Remarks",
    InventoryColumn.PERSON: "Người sử dụng|Họ và tên|Cán bộ|Người quản lý|Owner|User name"
    "|Số điện thoại"
    "|Email|Cán bộ sử dụng (ký tên)",
    InventoryColumn.SUBNET: "Dải mạng|Subnet|CIDR|Mạng con|Dải IP",
    InventoryColumn.PUBLIC: "IP public|Địa chỉ công cộng|WAN IP",
    InventoryColumn.GATEWAY: "Gateway|Default gateway|Cổng mặc định",
    InventoryColumn.RESOLVER: "DNS|DNS server|Máy chủ DNS",
    InventoryColumn.PROXY: "Proxy|Máy chủ proxy",
    InventoryColumn.ACCESS_POINT: "Access point|Wi-Fi|Bộ phát Wifi",
    InventoryColumn.CLIENT_ID: "DUID|client_id|Client Identifier",
}


@pytest.mark.parametrize(
    ("heading", "column"),
    [(one, column) for column, words in MEANINGS.items() for one in words.split("|")],
)
@pytest.mark.parametrize("form", ["NFC", "NFD", "bare", "upper"])
def test_a_heading_means_the_same_in_every_spelling(
    heading: str, column: InventoryColumn, form: str
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

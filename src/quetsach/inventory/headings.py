"""What the heading of a column means, in Vietnamese or English, with or without accents."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import lru_cache

LONGEST_HEADING = 80
"""A longer cell is a sentence, not a heading; in characters."""


class InventoryColumn(StrEnum):
    """What a column holds.

    DEVICE holds names or kinds, PLACE_OR_ADDRESS addresses of either sort: each value decides.
    PERSON is never kept, NUMBER only counts the rows.
    """

    KEY = "key"
    NAME = "name"
    DEVICE = "device"
    MAC = "mac"
    ADDRESS = "address"
    PLACE_OR_ADDRESS = "place-or-address"
    CLIENT_ID = "client-id"
    UNIT = "unit"
    CODE = "code"
    ROOM = "room"
    KIND = "kind"
    DESK = "desk"
    SYSTEM = "system"
    DUTY = "duty"
    SHARED = "shared"
    REMARKS = "remarks"
    NUMBER = "number"
    PERSON = "person"
    SUBNET = "subnet"
    MASK = "mask"
    PUBLIC = "public"
    GATEWAY = "gateway"
    RESOLVER = "resolver"
    PROXY = "proxy"
    ACCESS_POINT = "access-point"


# Folded as `folded` does: no accents, lower case, single blanks. Gathered from asset lists and
# network records as offices and schools keep them; a word of two meanings stands where it harms
# least, or under one of the two columns whose values tell.
_WORDS: Mapping[InventoryColumn, str] = {
    InventoryColumn.NUMBER: "stt|so tt|tt|so thu tu|no|nr|index|#|row",
    InventoryColumn.KEY: "ma tai san|ma so tai san|so tai san|ma ts|so hieu|so hieu tai san"
    "|ma thiet bi"
    "|ma may|ma so thiet bi|ma quan ly|asset|asset tag|asset number|asset no|asset id|inventory no"
    "|inventory number|tag|service tag|serial|serial no|serial number|so seri|so serial|s n",
    InventoryColumn.NAME: "ten may|ten may tinh|ten may tram|ten may chu|ten host|host"
    "|host name|hostname"
    "|computer|computer name|machine|machine name|ten dinh danh|netbios name|netbios|fqdn|pc name"
    "|ten pc|ten trong mang|ten may trong mang|client name|device hostname",
    InventoryColumn.DEVICE: "ten|ten thiet bi|thiet bi|name|device|device name|may tinh|may"
    "|equipment"
    "|ten tai san|tai san",
    InventoryColumn.MAC: "mac|mac address|dia chi mac|dc mac|so mac|ma mac|mac lan|mac wifi"
    "|mac wi fi"
    "|dia chi mac lan|dia chi mac wifi|dia chi mac wi fi|mac wlan|mac ethernet|lan mac|wifi mac"
    "|wi fi mac|physical address|hardware address|hw address|hwaddr|ethernet address|dia chi vat ly"
    "|dia chi phan cung|dia chi card mang|card mang|mac addr|mac card mang|mac co day"
    "|mac khong day|mac address lan|mac address wifi|mac 1|mac 2|mac1|mac2",
    InventoryColumn.ADDRESS: "ip|ip address|dia chi ip|dc ip|ip tinh|ip lan|lan ip|ip noi bo"
    "|dia chi ip tinh"
    "|dia chi ip noi bo|dia chi ip lan|fixed address|fixed ip|static ip|ipv4|ipv6|ipv4 address"
    "|ipv6 address|dia chi ipv4|dia chi ipv6|ip wifi|ip may|ip may tinh|ip addr|internal ip"
    "|private ip|ip co dinh|dia chi co dinh|so ip",
    InventoryColumn.PLACE_OR_ADDRESS: "dia chi|address|addr",
    InventoryColumn.CLIENT_ID: "duid|client id|clientid|client identifier|dhcp client id"
    "|ma dinh danh dhcp"
    "|dhcp unique identifier|uid",
    InventoryColumn.UNIT: "don vi|ten don vi|co quan|ten co quan|don vi su dung|don vi quan ly"
    "|truong"
    "|ten truong|unit|unit name|office|organisation|organization|site|branch|chi nhanh"
    "|thuoc don vi|don vi truc thuoc|noi su dung|xa phuong|xa|phuong",
    InventoryColumn.CODE: "ma don vi|ma co quan|unit code|code|ma dinh danh don vi|unit id"
    "|site code",
    InventoryColumn.ROOM: "phong|so phong|phong so|ten phong|phong may|phong hoc"
    "|phong lam viec|vi tri"
    "|vi tri lap dat|vi tri dat|vi tri dat may|vi tri dat thiet bi|noi dat|noi dat may|dia diem"
    "|room|room no|room number|location|noi lap dat|khu vuc|place|toa nha|building",
    InventoryColumn.KIND: "loai|loai may|loai thiet bi|loai may tinh|chung loai"
    "|chung loai thiet bi|kieu"
    "|kieu may|kind|type|device type|machine type|category|phan loai|nhom thiet bi|form factor",
    InventoryColumn.DESK: "phong ban|bo phan|bo phan su dung|phong ban su dung|khoa|khoa phong"
    "|to|ban"
    "|department|dept|desk|owner desk|team|section|division|chuc danh|chuc vu|vi tri viec lam"
    "|phong chuyen mon|bo phan quan ly|phong bo phan|to bo phan|to chuyen mon|role desk",
    InventoryColumn.SYSTEM: "he dieu hanh|hdh|phien ban he dieu hanh|phien ban windows|windows|os"
    "|operating system|os version|system|platform|he thong",
    InventoryColumn.DUTY: "vai tro|chuc nang|nhiem vu|role|function|duty|purpose|muc dich"
    "|muc dich su dung"
    "|cong dung",
    InventoryColumn.SHARED: "dung chung|may dung chung|nhieu nguoi dung|shared|shared machine"
    "|multi user"
    "|nhieu nguoi su dung|dung chung nhieu nguoi|su dung chung",
    InventoryColumn.REMARKS: "ghi chu|chu thich|luu y|note|notes|remark|remarks|comment|comments"
    "|description|mo ta|dien giai",
    InventoryColumn.PERSON: "nguoi su dung|nguoi dung|ho ten|ho va ten|ho va ten nguoi su dung"
    "|ten nguoi dung"
    "|ho ten nguoi su dung|ten nguoi su dung|can bo|can bo su dung|ten can bo|nhan vien"
    "|nhan vien su dung|cong chuc|vien chuc|cong chuc su dung|can bo cong chuc|giao vien"
    "|nguoi quan ly|can bo quan ly|nguoi phu trach|phu trach|can bo phu trach|chu so huu"
    "|nguoi quan ly su dung|nguoi nhan|nguoi ban giao|nguoi lien he|lien he|user|users|user name"
    "|username|owner|full name|fullname|assigned to|assignee|employee|employee name|staff|person"
    "|contact|custodian|used by|email|e mail|thu dien tu|email nguoi dung|so dien thoai"
    "|dien thoai|sdt|dt|phone|phone number|mobile|di dong|cccd|cmnd|so cccd|so cmnd|cccd cmnd"
    "|ngay sinh|tai khoan|ten dang nhap|account|login|last user|last logged on user"
    "|primary user|ky ten|ky nhan|chu ky",
    InventoryColumn.SUBNET: "subnet|network|cidr|mang|mang con|dai mang|dai dia chi|dai ip|lop mang"
    "|dai ip lan|dia chi mang|ip range|range|prefix|ip subnet|dai dia chi ip|dai ip noi bo"
    "|lan subnet|vung ip|dai mang noi bo|vung dia chi|lan|mang lan|subnet address|network address",
    InventoryColumn.MASK: "mat na|mat na mang|mat na mang con|subnet mask|netmask|mask"
    "|prefix length",
    InventoryColumn.PUBLIC: "public|ip public|public ip|public address|dia chi cong cong"
    "|ip cong cong"
    "|dia chi ip cong cong|dia chi ip public|dia chi public|ip wan|wan|wan ip|ip internet"
    "|ip ra internet|external ip|ip ngoai|dia chi internet|ip tinh public|dia chi wan"
    "|outside address|public addresses|nat ip|ip nat",
    InventoryColumn.GATEWAY: "gateway|default gateway|cong mac dinh|gw|router|ip gateway|ip router"
    "|dia chi gateway|cong ra|bo dinh tuyen|tuong lua|firewall|ip modem|modem",
    InventoryColumn.RESOLVER: "dns|dns server|dns servers|may chu dns|ip dns|may chu ten mien"
    "|resolver"
    "|resolvers|may chu phan giai|phan giai ten mien|dia chi dns|name server|nameserver",
    InventoryColumn.PROXY: "proxy|may chu proxy|proxy server|ip proxy|dia chi proxy",
    InventoryColumn.ACCESS_POINT: "access point|access points|wifi|wi fi|diem truy cap"
    "|bo phat wifi|ap"
    "|diem phat wifi|wifi access point|bo phat|thiet bi phat wifi|wi fi access point|ip wifi ap"
    "|diem truy cap wifi|diem truy cap khong day|wireless",
}
_COLUMN_OF = {word: column for column, words in _WORDS.items() for word in words.split("|")}
_BRACKETS = re.compile(r"[(\[][^()\[\]]{0,80}[)\]]")
_NOT_WORD = re.compile(r"[^0-9a-z#]+")


def folded(text: str) -> str:
    """Return `text` as words are compared here: no accents, lower case, single blanks."""
    if text.isascii():
        return _NOT_WORD.sub(" ", text.lower()).strip()
    parted = unicodedata.normalize("NFKD", text.lower().replace("đ", "d"))
    bare = "".join(sign for sign in parted if not unicodedata.combining(sign))
    return _NOT_WORD.sub(" ", bare).strip()


@lru_cache(maxsize=4096)
def column_of(heading: str) -> InventoryColumn | None:
    """Return what the column below `heading` holds, or None for an unknown heading.

    Only whole headings count, with what is in brackets or without; "a / b" is either.
    """
    return next((_COLUMN_OF[one] for one in _readings(heading) if one in _COLUMN_OF), None)


def _readings(heading: str) -> Iterator[str]:
    if len(heading) > LONGEST_HEADING:
        return
    yield folded(heading)
    bare = _BRACKETS.sub(" ", heading)
    yield folded(bare)
    for part in re.split(r"[/\n;]", bare):
        yield folded(part)

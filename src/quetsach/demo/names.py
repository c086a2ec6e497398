"""Trà Cú district as of September 2022: its communes and offices, desks, and the web it visits.

Source: the district's 17 communes before the mergers of 2025; every host name is made up.
"""

from dataclasses import dataclass
from enum import StrEnum


class UnitKind(StrEnum):
    """What a unit is."""

    TOWN = "thị trấn"
    COMMUNE = "xã"
    OFFICE = "phòng"


@dataclass(frozen=True)
class Place:
    """One unit before it has a network: its code, name, kind and the folder of its evidence."""

    code: str
    name: str
    kind: UnitKind
    folder: str


DISTRICT = "Huyện Trà Cú, tỉnh Trà Vinh"

# One folder keeps its blank and its diacritics, so that the way of a path is shown to hold.
PLACES: tuple[Place, ...] = (
    Place("TC01", "Thị trấn Trà Cú", UnitKind.TOWN, "thị trấn Trà Cú"),
    Place("TC02", "Thị trấn Định An", UnitKind.TOWN, "tt-dinh-an"),
    Place("TC03", "Xã Đại An", UnitKind.COMMUNE, "xa-dai-an"),
    Place("TC04", "Xã Định An", UnitKind.COMMUNE, "xa-dinh-an"),
    Place("TC05", "Xã Hàm Giang", UnitKind.COMMUNE, "xa-ham-giang"),
    Place("TC06", "Xã Hàm Tân", UnitKind.COMMUNE, "xa-ham-tan"),
    Place("TC07", "Xã Kim Sơn", UnitKind.COMMUNE, "xa-kim-son"),
    Place("TC08", "Xã Long Hiệp", UnitKind.COMMUNE, "xa-long-hiep"),
    Place("TC09", "Xã Lưu Nghiệp Anh", UnitKind.COMMUNE, "xa-luu-nghiep-anh"),
    Place("TC10", "Xã Ngãi Xuyên", UnitKind.COMMUNE, "xa-ngai-xuyen"),
    Place("TC11", "Xã Ngọc Biên", UnitKind.COMMUNE, "xa-ngoc-bien"),
    Place("TC12", "Xã Phước Hưng", UnitKind.COMMUNE, "xa-phuoc-hung"),
    Place("TC13", "Xã Tân Hiệp", UnitKind.COMMUNE, "xa-tan-hiep"),
    Place("TC14", "Xã Tân Sơn", UnitKind.COMMUNE, "xa-tan-son"),
    Place("TC15", "Xã Tập Sơn", UnitKind.COMMUNE, "xa-tap-son"),
    Place("TC16", "Xã Thanh Sơn", UnitKind.COMMUNE, "xa-thanh-son"),
    Place("TC17", "Xã An Quảng Hữu", UnitKind.COMMUNE, "xa-an-quang-huu"),
    Place("TC18", "Văn phòng HĐND và UBND huyện", UnitKind.OFFICE, "vp-hdnd-ubnd"),
    Place("TC19", "Phòng Văn hóa và Thông tin", UnitKind.OFFICE, "phong-vhtt"),
    Place("TC20", "Phòng Giáo dục và Đào tạo", UnitKind.OFFICE, "phong-gddt"),
    Place("TC21", "Phòng Tài chính - Kế hoạch", UnitKind.OFFICE, "phong-tckh"),
    Place("TC22", "Phòng Nội vụ", UnitKind.OFFICE, "phong-noi-vu"),
    Place("TC23", "Phòng Lao động - Thương binh và Xã hội", UnitKind.OFFICE, "phong-ldtbxh"),
    Place("TC24", "Phòng Tư pháp", UnitKind.OFFICE, "phong-tu-phap"),
    Place("TC25", "Phòng Y tế", UnitKind.OFFICE, "phong-y-te"),
    Place("TC26", "Phòng Nông nghiệp và Phát triển nông thôn", UnitKind.OFFICE, "phong-nnptnt"),
    Place("TC27", "Phòng Kinh tế và Hạ tầng", UnitKind.OFFICE, "phong-ktht"),
    Place("TC28", "Phòng Tài nguyên và Môi trường", UnitKind.OFFICE, "phong-tnmt"),
    Place("TC29", "Thanh tra huyện", UnitKind.OFFICE, "thanh-tra"),
    Place("TC30", "Phòng Dân tộc", UnitKind.OFFICE, "phong-dan-toc"),
)

# Văn thư, kế toán, tư pháp, địa chính, văn hóa, công an, chủ tịch, một cửa.
DESKS: tuple[str, ...] = ("VT", "KT", "TP", "DC", "VH", "CA", "CT", "MC")

SITE_HEADS: tuple[str, ...] = (
    "bao",
    "cho",
    "congvan",
    "daotao",
    "dichvu",
    "giaoduc",
    "hoso",
    "khohoc",
    "lich",
    "muasam",
    "nganhang",
    "nongsan",
    "phim",
    "suckhoe",
    "thoitiet",
    "thutuc",
    "tin",
    "vanban",
    "vieclam",
    "xe",
)
SITE_TAILS: tuple[str, ...] = (
    "24h",
    "cuulong",
    "dongbang",
    "hangngay",
    "mientay",
    "moi",
    "nhanh",
    "online",
    "songhau",
    "so",
    "tonghop",
    "travinh",
    "tructuyen",
    "viet",
    "xanh",
)
SITE_HOSTS: tuple[str, ...] = ("www.", "", "cdn.", "api.", "img.", "static.", "m.")

PATHS: tuple[str, ...] = (
    "/",
    "/tin-tuc/trang-chu.html",
    "/vanban/cv-1790.pdf",
    "/css/chinh.css",
    "/js/chinh.js",
    "/anh/banner.png",
    "/thu-tuc?ma=1.004227",
    "/cap-nhat/thong-tin.json",
)

AGENTS: tuple[str, ...] = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/105.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 6.1; Win64; x64; rv:104.0) Gecko/20100101 Firefox/104.0",
    "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
)

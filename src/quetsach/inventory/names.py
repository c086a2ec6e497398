"""Names of machines as they are compared, and those that tell nothing."""

import re
from functools import lru_cache

LONGEST_NAME = 253


def bare_name(name: str) -> str:
    """Return a name as it is compared: its first label, whatever its case."""
    return name.strip()[:LONGEST_NAME].partition(".")[0].strip().casefold()


# What makers and systems give out: a name that thousands share joins nobody.
_GIVEN_OUT = re.compile(
    r"|[*?-]+|(?:my|the|new)?[ _-]?(?:desktop|laptop|notebook|computer|pc|workstation|server|host"
    r"|localhost|client|machine|device|test|default|unknown|none|null|user|admin|administrator"
    r"|owner|home|office|public|guest|dhcp|wlan|wifi|linux|ubuntu|debian|fedora|centos|kali|mint"
    r"|raspberrypi|raspberry|openwrt|windows|win|winxp|win7|win10|win11|windows[ _-]?\d{1,2}"
    r"|android|iphone|ipad|ipod|watch|applewatch|apple-watch|imac|mac|macbook|macmini|mac-mini"
    r"|phone|tablet|tv|smarttv|smart-tv|chromecast|android-?tv|printer|espressif|esp|esp32|esp8266"
    r"|camera|ipcamera|ipcam|nvr|dvr|router|switch|gateway|may|maytinh|may-tinh|maychu|vanphong)"
    r"[ _-]?0{0,3}\d?"
    r"|(?:user|admin|owner|home|acer|asus|dell|hp|lenovo)[ _-]pc"
    r"|macbook[ _-]?(?:pro|air)|iphone[ _-]?\d{1,2}.{0,12}|ipad[ _-]?(?:pro|air|mini|\d{1,2})"
    r"|(?:galaxy|redmi|oppo|vivo|samsung|realme|xiaomi|huawei|honor|nokia|moto|pixel|poco|mi|sm"
    r"|tecno|infinix|oneplus|sony|xperia|lg|asus|lenovo|hp|dell|acer|vsmart|cph|itel)"
    # Each part is taken as a whole, so that a long name of many parts is not tried in many ways.
    r"(?>[ _-](?>[a-z]{0,3}\d{1,4}[a-z]{0,3}|pro|plus|max|ultra|lite|note|mini|se|tab|fe|prime"
    r"|go|pad|book|5g|4g|[a-z]{1,2}))*+"
)


@lru_cache(maxsize=65_536)
def tells_nothing(name: str) -> bool:
    """Return whether a name is one that many machines have, such as DESKTOP or Galaxy-A12."""
    return _GIVEN_OUT.fullmatch(bare_name(name)) is not None

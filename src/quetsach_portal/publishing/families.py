"""On what kinds of device families of malware live, for the steps that people are shown.

A short list of ours, of families that are well known; of all others the page says "another device".
"""

from collections.abc import Mapping, Sequence

UNKNOWN = "?"

_IOT = ("router", "camera")
_WINDOWS = ("windows",)
_ANDROID = ("android",)

_DEVICES: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("mirai", "gafgyt", "bashlite", "mozi", "hajime", "tsunami", "vpnfilter", "moobot"): _IOT,
    ("vo1d", "badbox", "triada", "joker", "flubot", "anatsa", "hummingbad", "xhelper"): _ANDROID,
    ("emotet", "conficker", "sality", "ramnit", "andromeda", "gamarue", "wannacry"): _WINDOWS,
    ("necurs", "zeus", "trickbot", "qakbot", "qbot", "lokibot", "formbook", "njrat"): _WINDOWS,
    ("agenttesla", "redline", "lumma", "virut", "nymaim", "gamut", "dridex"): _WINDOWS,
    ("plugx", "remcos", "asyncrat", "amadey", "socgholish", "raccoon", "vidar"): _WINDOWS,
}


def devices_of(family: str) -> Sequence[str]:
    """Return the kinds of device that `family` lives on, none where we do not know."""
    plain = "".join(sign for sign in family.casefold() if sign.isalnum())
    for names, devices in _DEVICES.items():
        if any(name in plain for name in names):
            return devices
    return ()

"""What is missing where nobody can be named, in words that say what would tell."""

from collections.abc import Mapping

from quetsach.attribute.attribution import Lack
from quetsach.errors import N_
from quetsach.texts import _

_TEXTS: Mapping[Lack, str] = {
    Lack.NONE: "",
    Lack.NO_ADDRESS: N_(
        "these lines show no address of a machine: add the log of the device that saw the "
        "connection (resolver, proxy, firewall)"
    ),
    Lack.OUTSIDE: N_(
        "these lines show no inside address that reached out: name your own networks with "
        "--inside, or add a log from before the address translation (DHCP, NAT, firewall)"
    ),
    Lack.NO_TRANSLATION: N_(
        "these lines show an address that many machines share: the log of address translation "
        "(NAT) for that time would tell which one; see quetsach trace"
    ),
    Lack.NO_CLIENT_LOG: N_(
        "this machine asks for others: its own log of who asked it would tell which one"
    ),
    Lack.ADDRESS_FREE: N_(
        "nobody held this address then, as the DHCP records say: a machine with an address set "
        "by hand, or a gap in the records"
    ),
    Lack.UNKNOWN_FORM: N_(
        "these lines are of an unknown form, so that who reached out cannot be told: look at each "
        "line with quetsach why, or export the log in a form of quetsach formats"
    ),
}


def lack_text(lack: Lack) -> str:
    """Return what is missing, in the language in use; "" where nothing is."""
    text = _TEXTS[lack]
    return _(text) if text else ""

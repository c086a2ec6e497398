"""The device by what DHCP alone tells of it: its key survives new addresses and new names."""

from quetsach.attribute.aliases import Alias, Aliases, Tie
from quetsach.attribute.clues import (
    FROM_CLIENT_ID,
    FROM_EUI64,
    FROM_NAME,
    MOST_RIVALS,
    OWN_ADDRESS,
    OWN_CLIENT_ID,
    OWN_MAC,
    OWN_NAME,
    OWN_RANDOM,
    OWN_TIED_BY_ID,
    OWN_TIED_BY_NAME,
    SAME_CLIENT_ID,
    SAME_DEVICE,
    SAME_NAME,
    Clues,
    Identity,
)
from quetsach.attribute.hardware import is_random, mac_of_client_id, mac_of_eui64
from quetsach.attribute.model import Certainty, Rival, device_key

_TIED = {Tie.CLIENT_ID: OWN_TIED_BY_ID, Tie.NAME: OWN_TIED_BY_NAME}


def own_identity(aliases: Aliases, clues: Clues) -> Identity:
    """Return the device by its hardware address, else what holds one, else its name or address.

    A device with a hardware address has the key "NAME (MAC)", with its latest name.
    """
    if clues.mac:
        return _by_mac(aliases.of(clues.mac), clues)
    for mac, because in (
        (mac_of_client_id(clues.client_id), FROM_CLIENT_ID),
        (mac_of_eui64(clues.address), FROM_EUI64),
    ):
        if mac is not None:
            return _by_other(aliases.of(mac), clues, because)
    rivals: tuple[Rival, ...] = ()
    for found, because, reason in (
        (aliases.identified(clues.client_id), FROM_CLIENT_ID, SAME_CLIENT_ID),
        (aliases.named(clues.host_name), FROM_NAME, SAME_NAME),
    ):
        if len(found) == 1:
            return _by_other(found[0], clues, because)
        rivals += tuple(Rival(_key(one, clues), reason) for one in found[:MOST_RIVALS])
    return _nameless(clues, rivals[:MOST_RIVALS])


def _by_mac(alias: Alias, clues: Clues) -> Identity:
    lone = OWN_RANDOM if is_random(clues.mac) else OWN_MAC
    # A hardware address that a maker gave out is the device; only random ones lean on others.
    sure = alias.tie is Tie.ALONE or clues.tells_mac
    rivals = () if clues.tells_mac else alias.rivals
    return Identity(
        device=_key(alias, clues),
        machine=None,
        grade=Certainty.CERTAIN if sure and not rivals else Certainty.LIKELY,
        randomised=is_random(clues.mac),
        rivals=tuple(Rival(mac, SAME_DEVICE) for mac in rivals),
        because=lone if sure else _TIED[alias.tie],
        row=None,
    )


def _by_other(alias: Alias, clues: Clues, because: str) -> Identity:
    return Identity(
        device=_key(alias, clues),
        machine=None,
        grade=Certainty.LIKELY,
        randomised=is_random(alias.mac),
        rivals=tuple(Rival(mac, SAME_DEVICE) for mac in alias.rivals),
        because=because,
        row=None,
    )


def _nameless(clues: Clues, rivals: tuple[Rival, ...]) -> Identity:
    told = (
        (clues.host_name, OWN_NAME),
        (clues.client_id, OWN_CLIENT_ID),
        (clues.address, OWN_ADDRESS),
    )
    device, because = next((one for one in told if one[0]), ("", OWN_ADDRESS))
    grade = Certainty.AMBIGUOUS if rivals else Certainty.LIKELY
    return Identity(
        device=device,
        machine=None,
        grade=grade if device else Certainty.UNKNOWN,
        randomised=False,
        rivals=rivals,
        because=because,
        row=None,
    )


def _key(alias: Alias, clues: Clues) -> str:
    return device_key(alias.mac, alias.name or clues.host_name)

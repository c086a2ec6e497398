"""The machines of a unit as a sketch: counted once over many units, and never named."""

import secrets

from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.cases.models import Device
from quetsach_portal.reports.models import CampaignSalt

SALT_BYTES = 32


def salt_of(campaign: Campaign) -> bytes:
    """Return the campaign's secret, made when first asked for."""
    held, _is_new = CampaignSalt.objects.get_or_create(
        campaign=campaign, defaults={"salt": secrets.token_bytes(SALT_BYTES)}
    )
    return bytes(held.salt)


def identity_of(device: Device) -> str:
    """Return by what a machine is told apart across units: its hardware address where it is known.

    Without one, a device is a machine of its unit alone.
    """
    return f"mac:{device.mac.lower()}" if device.mac else f"{device.node_id}:{device.key}"

"""Whether who tells of cracked software is held to account: only an office's notice promises it."""

from collections.abc import Mapping

from quetsach_public.pages.campaign import Campaign


def called(campaign: Campaign) -> str:
    """Return under which name the words stand in their tables."""
    return "amnesty" if campaign.amnesty else "telling"


def sentence(words: Mapping[str, str], campaign: Campaign, key: str = "") -> str:
    """Return what may be said: a promise with its notice, else why telling helps.

    Shapes: `words` has both sentences; `key` is what stands behind their names, such as `_text`.
    """
    # Not format: what the office typed is shown and never read as a place.
    return words[f"{called(campaign)}{key}"].replace("{notice}", campaign.amnesty)

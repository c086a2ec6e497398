"""The materials that are plain text: read out, or sent to a chat group."""

from quetsach_public.pages.campaign import Campaign
from quetsach_public.pages.languages import prefix
from quetsach_public.pages.materials.words import words

SPOKEN = ("chat", "loudspeaker")


def spoken(kind: str, language: str, campaign: Campaign, *, unit: str, link: str) -> str:
    """Return the text of `kind` as `unit` gives it out, with `link` where an address stands."""
    text = str(words(language)[kind]["text"]).format(
        unit=unit,
        campaign=campaign.title,
        link=link,
        domains=", ".join(campaign.domains) or site_of(campaign, language),
    )
    return text.strip() + "\n"


def site_of(campaign: Campaign, language: str) -> str:
    """Return where the pages of `language` begin, without the scheme, for running text."""
    return f"{campaign.address}{prefix(language)}".partition("://")[2]

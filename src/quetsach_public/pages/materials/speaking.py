"""The materials that are plain text: read out, or sent to a chat group."""

from quetsach_public import short_codes
from quetsach_public.pages.amnesty import sentence
from quetsach_public.pages.campaign import Campaign
from quetsach_public.pages.languages import prefix
from quetsach_public.pages.materials.words import words

SPOKEN = ("chat", "loudspeaker")


def spoken(
    kind: str, language: str, campaign: Campaign, *, unit: str, link: str, short: str = ""
) -> str:
    """Return the text of `kind` as `unit` gives it out, with `link` where an address stands.

    Shapes: `short` is the unit's code for typing, "" where there is none to be said.
    """
    said = words(language)[kind]
    places = {
        "unit": unit,
        "campaign": campaign.title,
        "link": link,
        "domains": ", ".join(campaign.domains) or site_of(campaign, language),
        "site": site_of(campaign, language),
        "code": read_out(short) if kind == "loudspeaker" else short_codes.shown(short),
    }
    if kind == "loudspeaker":
        places["amnesty"] = sentence(said, campaign)
    counted = str(said["counted"]).format(**places) if short else ""
    return str(said["text"]).format(**places, counted=counted).strip() + "\n"


def read_out(short: str) -> str:
    """Return a code character by character, with a rest in its middle."""
    return "; ".join(", ".join(part) for part in (short[:4], short[4:]))


def site_of(campaign: Campaign, language: str) -> str:
    """Return where the pages of `language` begin, without the scheme, for running text."""
    return f"{campaign.address}{prefix(language)}".partition("://")[2]

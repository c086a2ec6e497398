"""Who hands a material out, and where its QR code leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from quetsach_public import short_codes
from quetsach_public.pages.campaign import Campaign
from quetsach_public.pages.languages import prefix
from quetsach_public.pages.materials.speaking import site_of
from quetsach_public.pages.materials.words import words
from quetsach_public.pages.tools import Tool


@dataclass(frozen=True)
class Giver:
    """A unit with its code, or the campaign as a whole where `code` is "".

    Shapes: `code` stands in addresses, `short` is read and typed. `link`, where given, takes the
    place of the public page's address: the portal's own page of the code, for a house without a
    public page; `typed` is then the same for who types it.
    """

    campaign: Campaign
    tools: tuple[Tool, ...]
    unit: str
    code: str = ""
    link: str = ""
    short: str = ""
    typed: str = ""

    def leads_to(self, language: str) -> str:
        """Return the address behind the QR code."""
        if self.link:
            return self.link
        start = f"{self.campaign.address}{prefix(language)}"
        return f"{start}/tham-gia?ma={quote(self.code)}" if self.code else f"{start}/"

    def shown(self, language: str) -> str:
        """Return the address as people read it from paper and type it."""
        if self.link:
            return (self.typed or self.link).partition("://")[2]
        return site_of(self.campaign, language) + ("/tham-gia" if self.code else "")

    def places(self, language: str) -> Mapping[str, str]:
        """Return what stands in the places of the words."""
        return {
            "unit": self.unit,
            "campaign": self.campaign.title,
            "link": self.leads_to(language),
            "domains": ", ".join(self.campaign.domains) or site_of(self.campaign, "vi"),
            "address": site_of(self.campaign, "vi"),
        }

    def help_line(self, language: str) -> str:
        """Return where to ask, "" where no telephone is named."""
        phone = self.campaign.phone
        return str(words(language)["all"]["help"]).format(phone=phone) if phone else ""

    def code_line(self, language: str) -> str:
        """Return the sentence with the code, for who cannot scan it."""
        code = short_codes.shown(self.short) if self.short else ""
        return str(words(language)["all"]["code"]).format(code=code) if code else ""

"""The public page's rows; published figures."""

from quetsach_portal.publishing.models import figures, page

__all__ = ["figures", "page"]

"""The windows of Chromium in which people of the world look at pages."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client

from tests.portal.browser.soundness import WIDE, Heard


class Visitors:
    """A window with scripts and one without; whoever looks brings their own cookie."""

    def __init__(self, chromium: Any, address: str) -> None:
        self._chromium = chromium
        self._host = urlsplit(address).netloc
        self.address = address
        self._windows: dict[bool, tuple[Any, Heard]] = {}

    def window(self, client: Client, *, scripts: bool = True) -> tuple[Any, Heard]:
        """Return the window, now of whoever `client` is, and what is heard in it."""
        if scripts not in self._windows:
            self._windows[scripts] = self._open(scripts)
        page, heard = self._windows[scripts]
        page.context.clear_cookies()
        cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None:
            page.context.add_cookies(
                [{"name": cookie.key, "value": cookie.value, "url": self.address, "httpOnly": True}]
            )
        return page, heard

    def close(self) -> None:
        """Close both windows."""
        for page, _heard in self._windows.values():
            page.context.close()

    def _open(self, scripts: bool) -> tuple[Any, Heard]:
        context = self._chromium.new_context(
            viewport={"width": WIDE, "height": 800}, locale="vi-VN", java_script_enabled=scripts
        )
        page = context.new_page()
        page.set_default_timeout(120_000)
        heard = Heard(self._host)
        heard.listen(page)
        return page, heard

"""A rehearsal as an owner sees it in a browser: the real portal in this process, the rehearsal in
a process of its own.
"""

import re
import threading
from pathlib import Path

from django.http.response import HttpResponseBase
from django.test import Client

from quetsach_portal.web.rehearsal_processes import RehearsalProcesses
from quetsach_portal.web.scratch_homes import RehearsalNote, base_path
from tests.waiting import wait_until

HOST = "127.0.0.1:8000"
_PAUSE = threading.Event()


class Visit:
    """Asks for the pages of one rehearsal, following where they lead."""

    def __init__(self, client: Client, note: RehearsalNote, home: Path) -> None:
        self.client, self.note = client, note
        self.base = f"{base_path(note.id)}/"
        self.processes = RehearsalProcesses(home)
        self.addresses: set[str] = set()

    def begin(self) -> None:
        """Ask for the first page until the process that this started answers."""
        assert "Đang mở bản diễn tập" in self.get("").content.decode()
        wait_until(self._is_up, "the rehearsal does not answer", within_s=300)

    def _is_up(self) -> bool:
        self.processes.look()
        _PAUSE.wait(0.3)
        return self.client.get(self.base, HTTP_HOST=HOST).status_code == 302

    def get(self, path: str) -> HttpResponseBase:
        """Return a page below the path of the rehearsal, at the end of all redirects."""
        return self._followed(self.client.get(self.base + path, HTTP_HOST=HOST))

    def text(self, path: str) -> str:
        """Return a page as text, whose links and forms are noted."""
        page = self.get(path)
        assert page.status_code == 200, (path, page.status_code)
        content = page.content.decode()
        self.addresses |= set(re.findall(r'(?:href|action|src)="([^"#][^"]*)"', content))
        return content

    def post(self, path: str, **fields: object) -> HttpResponseBase:
        """Send the form of a page with the token of the rehearsal; return the page that follows."""
        found = re.search(
            r'name="csrfmiddlewaretoken" value="([^"]+)"', self.text("rehearsal/see-as/")
        )
        assert found is not None
        sent = {**fields, "csrfmiddlewaretoken": found[1]}
        return self._followed(self.client.post(self.base + path, sent, HTTP_HOST=HOST))

    def see_as(self, person: str) -> str:
        """Return the first page of a made-up person."""
        return self.post("rehearsal/see-as/", person=person).content.decode()

    def _followed(self, response: HttpResponseBase) -> HttpResponseBase:
        while response.status_code in (301, 302):
            location = response.headers["Location"]
            assert location.startswith(self.base), location
            response = self.client.get(location, HTTP_HOST=HOST)
        return response

    def paused(self) -> bool:
        """Return True, a moment later: between two looks."""
        _PAUSE.wait(0.3)
        return True

    def has_ended(self) -> bool:
        """Return whether the process has ended by itself."""
        self.processes.look()
        return not self.processes.running

    def end(self) -> None:
        """End the process."""
        self.processes.end()

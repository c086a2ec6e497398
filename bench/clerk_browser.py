"""A clerk's browser, as far as a portal without script needs one: pages, forms, cookies."""

import asyncio
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

Note = Callable[[str, int, float], None]
"""Called with the method, the status (0: no answer) and the seconds of each request."""


@dataclass
class PageForm:
    """A form of a page: where it leads, and what its fields say before anybody types."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class BrowserPage:
    """What came: status, address, and the text of the page."""

    status: int
    address: str
    text: str

    def form(self, ending: str = "", **contains: str) -> PageForm:
        """Return the first form that posts to an address with this ending and has these fields.

        Errors: LookupError where the page has none.
        """
        for form in _forms(self.text):
            address = urlsplit(urljoin(self.address, form.action)).path
            is_it = address.endswith(ending) and contains.keys() <= dict(form.fields).keys()
            if form.method == "post" and is_it:
                return form
        raise LookupError(f"{self.address}: no form to {ending}")


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._select = self._area = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: text or "" for name, text in attrs}
        if tag == "form":
            self.forms.append(PageForm(given.get("action", ""), given.get("method", "get").lower()))
        name = given.get("name", "")
        if not self.forms:
            return
        if tag == "input" and name:
            is_chosen = given.get("type") not in ("checkbox", "radio") or "checked" in given
            if is_chosen and given.get("type") not in ("file", "submit"):
                self.forms[-1].fields.append((name, given.get("value", "")))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.forms[-1].fields.append((self._select, given.get("value", "")))
        elif tag == "textarea":
            self._area, self._text = name, []

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area and self.forms:
            self.forms[-1].fields.append((self._area, "".join(self._text).removeprefix("\n")))
            self._area = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text.append(data)


def _forms(text: str) -> Sequence[PageForm]:
    parser = _Forms()
    parser.feed(text)
    return parser.forms


class Browser:
    """A browser with its cookies and one connection; `address` is the person's, told by a proxy."""

    def __init__(self, port: int, address: str, note: Note, cookies: Mapping[str, str]) -> None:
        self._port, self._address, self._note = port, address, note
        self.cookies = dict(cookies)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def open(self, address: str) -> BrowserPage:
        """Return the page, wherever it leads."""
        return await self._follow(await self._ask("GET", address))

    async def send(
        self,
        page: BrowserPage,
        form: PageForm,
        typed: Mapping[str, str],
        file: tuple[str, str, bytes] | None = None,
    ) -> tuple[int, BrowserPage]:
        """Send `form` with what was typed, and return the answer's status and the page it leads to.

        Shapes: `file` has the name of its field, its own name and its content.
        """
        fields = [(name, text) for name, text in form.fields if name not in typed]
        fields += typed.items()
        address = urljoin(page.address, form.action)
        kind = "application/x-www-form-urlencoded"
        body = urlencode(fields).encode()
        if file is not None:
            kind, body = _multipart(fields, file)
        answer = await self._ask("POST", address, body, kind)
        return answer[0], await self._follow(answer)

    def close(self) -> None:
        """End the connection; the next request opens another."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _follow(self, answer: tuple[int, str, str, str]) -> BrowserPage:
        status, address, leads_to, text = answer
        for _turn in range(5):
            if status not in (301, 302):
                break
            status, address, leads_to, text = await self._ask("GET", urljoin(address, leads_to))
        return BrowserPage(status, address, text)

    async def _ask(
        self, method: str, address: str, body: bytes = b"", kind: str = ""
    ) -> tuple[int, str, str, str]:
        parts = urlsplit(address)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        cookies = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self._port}"]
        lines += [f"X-Forwarded-For: {self._address}", f"Cookie: {cookies}"]
        if method == "POST":
            lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
            lines += [f"Origin: http://127.0.0.1:{self._port}"]
        sent = ("\r\n".join(lines) + "\r\n\r\n").encode() + body
        begun_at = time.perf_counter()
        try:
            status, headers, content = await self._exchange(sent)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            self.close()
            status, headers, content = 0, [], b""
        self._note(method, status, time.perf_counter() - begun_at)
        leads_to = ""
        for name, text in headers:
            if name == "set-cookie":
                cookie, _equals, rest = text.partition("=")
                self.cookies[cookie] = rest.partition(";")[0]
            elif name == "location":
                leads_to = text
        return status, address, leads_to, content.decode(errors="replace")

    async def _exchange(self, sent: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        async with asyncio.timeout(60):
            for is_last in (False, True):
                is_kept = self._streams is not None
                if self._streams is None:
                    self._streams = await asyncio.open_connection("127.0.0.1", self._port)
                reader, writer = self._streams
                try:
                    writer.write(sent)
                    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                    break
                except (OSError, asyncio.IncompleteReadError) as error:
                    # The server may have ended a line that lay still just as it was used again.
                    self.close()
                    nothing_came = getattr(error, "partial", b"") == b""
                    if is_last or not is_kept or not nothing_came:
                        raise
            pairs = [line.partition(": ") for line in head[1:] if line]
            headers = [(name.lower(), text) for name, _colon, text in pairs]
            given = dict(headers)
            if given.get("transfer-encoding") == "chunked":
                content = await _chunks(reader)
            else:
                content = await reader.readexactly(int(given.get("content-length", 0)))
            if given.get("connection") == "close":
                self.close()
            return int(head[0].split()[1]), headers, content


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    content = b""
    while size := int((await reader.readline()).split(b";")[0], 16):
        content += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return content


def _multipart(
    fields: Sequence[tuple[str, str]], file: tuple[str, str, bytes]
) -> tuple[str, bytes]:
    border = uuid.uuid4().hex
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        for name, text in fields
    ]
    name, title, content = file
    head = f'--{border}\r\nContent-Disposition: form-data; name="{name}"; filename="{title}"\r\n'
    parts.append(f"{head}Content-Type: text/plain\r\n\r\n".encode() + content + b"\r\n")
    parts.append(f"--{border}--\r\n".encode())
    return f"multipart/form-data; boundary={border}", b"".join(parts)

"""The clerks' browser sends a form as a browser would, and counts what came of it."""

import asyncio
from urllib.parse import parse_qsl

import pytest

from bench.clerk_browser import Browser, BrowserPage
from bench.clerk_work import Kept
from bench.portal_clerks import LoadOutcome, LoadRun, part, row_of

PAGE = """<form method="get" action="/search"><input name="q"></form>
<form method="post" action="/act/1?x=2"><input type="hidden" name="token" value="a&amp;b">
<input type="checkbox" name="no" value="1"><input type="checkbox" name="yes" value="1" checked>
<select name="pick"><option value="1">a<option value="2" selected>b</select>
<textarea name="words">
hai
dòng</textarea><input type="file" name="file"><button name="go" value="1">Gửi</button></form>"""


def test_a_form_is_sent_with_what_stands_in_it_and_what_was_typed() -> None:
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0] or 0)
        heard.append(head + await reader.readexactly(length))
        is_sent = head.startswith(b"POST")
        writer.write(
            b"HTTP/1.1 302 Found\r\nlocation: /done\r\nset-cookie: b=2; Path=/\r\n\r\n"
            if is_sent
            else b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
            b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        )
        await writer.drain()
        if not is_sent:
            writer.close()
        else:
            await serve(reader, writer)

    async def story() -> tuple[int, BrowserPage, Kept]:
        kept = Kept()
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        browser = Browser(port, "198.51.100.1", kept.note, {"a": "1"})
        page = BrowserPage(200, "/here/", PAGE)
        form = page.form("/act/1", token="")
        status, after = await browser.send(page, form, {"words": "mới"})
        browser.close()
        server.close()
        return status, after, kept

    status, after, kept = asyncio.run(story())
    assert (status, after.status, after.address, after.text) == (302, 200, "/done", "abcde")
    head, _end, body = heard[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /act/1?x=2 HTTP/1.1")
    assert b"Cookie: a=1\r\n" in head + b"\r\n"
    assert parse_qsl(body.decode()) == [
        ("token", "a&b"),
        ("yes", "1"),
        ("pick", "2"),
        ("words", "mới"),
    ]
    assert b"Cookie: a=1; b=2" in heard[1]
    assert dict(kept.statuses) == {302: 1, 200: 1}


def test_a_page_without_the_form_is_a_mistake_that_is_told() -> None:
    with pytest.raises(LookupError, match="/nowhere"):
        BrowserPage(200, "/here/", PAGE).form("/nowhere")


def test_a_row_says_what_failed_and_what_was_lost() -> None:
    kept = Kept()
    for status, seconds in ((200, 0.1), (302, 0.2), (503, 0.3), (0, 60.0)):
        kept.note("GET" if status == 200 else "POST", status, seconds)
    kept.acknowledged["step", "1", "disconnect"] += 1
    outcome = LoadOutcome(kept, lost=1, doubled=2, portal_s=0.4, seconds=2.0)
    assert outcome.failed == {0: 1, 503: 1}
    row = row_of(LoadRun("sqlite", 5, "restart"), outcome)
    assert "| 1 × no answer, 1 × 503 | 1 | 1 | 2 | 100 ms |" in row
    assert row.startswith("| 5, stopped for 5 s in the middle | SQLite | 4 | 2.0 |")
    assert part([1.0, 2.0, 3.0, 4.0], 0.5) == 3.0
    assert part([], 0.95) == 0.0

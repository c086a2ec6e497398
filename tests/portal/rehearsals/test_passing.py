"""What goes into a rehearsal with a request, and what comes out with its answer."""

import http.server
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import RequestFactory

from quetsach_portal.rehearsals import passing
from quetsach_portal.rehearsals.passing import (
    NotRunning,
    TooManyAtOnce,
    own_cookies,
    own_location,
    pass_on,
)

ID = "0123456789ab"
BASE = f"/dien-tap/{ID}/"


class Inside(http.server.BaseHTTPRequestHandler):
    """Keeps what comes in, and answers with what a process that was taken over might answer."""

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.server.seen.append(
            (self.command, self.path, dict(self.headers.items()), self.rfile.read(length))
        )
        content = b"x" * (3 << 20) if self.path == "/long" else b"page"
        self.send_response(302 if self.path == "/away" else 200)
        kind = "text/event-stream" if self.path == "/stream" else "text/html"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Location", "https://dau.example/")
        self.send_header("Set-Cookie", "sessionid=stolen; Path=/")
        self.send_header(
            "Set-Cookie", f"dt_{ID}_session=own; Path=/; Domain=coquan.example; Max-Age=9"
        )
        self.send_header("Content-Security-Policy", "script-src *")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Clear-Site-Data", '"*"')
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_POST = do_HEAD = do_PATCH = do_GET  # noqa: N815 - as the library calls them

    def address_string(self) -> str:
        return ""

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


# A response that is closed tells the connection to the database.
pytestmark = pytest.mark.django_db


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    seen: list

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of who went away in the middle."""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    # Longer than an address of a socket may be.
    folder = tmp_path / ("d" * 100) / ID
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    running = Server("portal.sock", Inside)
    running.seen, running.folder = [], folder
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield running
    running.shutdown()
    thread.join()
    running.server_close()


def ask(server: Server, path: str = "", method: str = "GET", **more):
    send = getattr(RequestFactory(headers=more.pop("headers", {})), method.lower())
    request = (
        send(f"{BASE}{path}", more.get("data"), content_type="text/plain")
        if more
        else send(f"{BASE}{path}")
    )
    request.META.setdefault("HTTP_HOST", "127.0.0.1:8000")
    return pass_on(request, server.folder, path.partition("?")[0])


def test_nothing_that_says_who_somebody_is_goes_in(server: Server) -> None:
    ask(
        server,
        "cases/?page=2&q=%C4%91",
        headers={
            "Cookie": f"sessionid=real; dt_{ID}_session=own; dt_ffffffffffff_session=other; x=y",
            "Authorization": "Bearer token",
            "X-Forwarded-For": "203.0.113.9",
            "X-Forwarded-Host": "dau.example",
            "X-Forwarded-Proto": "https",
            "Forwarded": "for=203.0.113.9",
            "X-Real-Ip": "203.0.113.9",
            "Remote-User": "admin",
            "Accept-Language": "vi",
        },
    )
    ((method, path, headers, _body),) = server.seen
    assert (method, path) == ("GET", "/cases/?page=2&q=%C4%91")
    assert headers == {
        "Host": "127.0.0.1:8000",
        "Accept-Language": "vi",
        "Cookie": f"dt_{ID}_session=own",
        "Connection": "close",
    }


def test_the_host_that_the_browser_asked_goes_in_as_forms_are_compared_with_it(
    server: Server,
) -> None:
    ask(server, headers={"Host": "localhost:9200"})
    ((_method, _path, headers, _body),) = server.seen
    assert headers["Host"] == "localhost:9200"


def test_a_rehearsal_sets_its_own_cookies_for_its_own_path_alone(server: Server) -> None:
    response = ask(server)
    assert list(response.cookies) == [f"dt_{ID}_session"]
    cookie = response.cookies[f"dt_{ID}_session"]
    assert (cookie.value, cookie["path"], cookie["domain"]) == ("own", BASE, "")
    assert cookie["httponly"] is True
    assert cookie["max-age"] == 9


def test_a_rehearsal_says_nothing_about_the_site_around_it(server: Server) -> None:
    response = ask(server)
    assert set(response.headers) == {"Content-Type", "Location"}
    assert ask(server, "away").headers["Location"] == BASE


@pytest.mark.parametrize(
    ("location", "followed"),
    [
        (f"{BASE}cases/?a=b", f"{BASE}cases/?a=b"),
        (f"http://127.0.0.1:8000{BASE}cases/", f"{BASE}cases/"),
        ("/", BASE),
        ("/campaigns/1/", BASE),
        ("//dau.example/", BASE),
        ("https://dau.example/", BASE),
        (f"https://dau.example{BASE}", BASE),
        (f"{BASE}../../campaigns/", BASE),
        (f"{BASE}./x", BASE),
        (f"{BASE}\\..\\x", BASE),
        ("/dien-tap/ffffffffffff/", BASE),
        (f"/dien-tap/{ID}", BASE),
        ("javascript:alert(1)", BASE),
        ("", BASE),
    ],
)
def test_a_redirect_stays_below_the_path(location: str, followed: str) -> None:
    assert own_location(location, ID) == followed


@pytest.mark.parametrize(
    "header",
    ["", "sessionid=a", f"x=dt_{ID}_session", f"xdt_{ID}_session=1", "dt_ffffffffffff_session=1"],
)
def test_other_cookies_stay_outside(header: str) -> None:
    assert own_cookies(header, ID) == ""


def test_what_is_sent_comes_whole(server: Server) -> None:
    body = b"y" * 300_000
    ask(server, "files/1", "POST", data=body)
    method, _path, headers, came = server.seen[0]
    assert (method, headers["Content-Length"], came) == ("POST", "300000", body)


def test_a_long_answer_is_handed_on_in_pieces_and_frees_its_place(server: Server) -> None:
    for _time in range(passing.AT_ONCE + 1):
        response = ask(server, "long")
        assert response.streaming
        assert sum(map(len, response.streaming_content)) == 3 << 20
        response.close()
    # One that nobody reads to its end frees it as well.
    for _time in range(passing.AT_ONCE + 1):
        ask(server, "long").close()


def test_no_more_go_in_at_once_than_the_portal_can_spare(server: Server) -> None:
    under_way = [ask(server, "long") for _time in range(passing.AT_ONCE)]
    with pytest.raises(TooManyAtOnce):
        ask(server)
    under_way.pop().close()
    assert ask(server).content == b"page"
    for response in under_way:
        response.close()


def test_a_stream_without_an_end_is_not_opened(server: Server) -> None:
    assert ask(server, "stream").status_code == 204


def test_without_a_process_it_does_not_run(tmp_path: Path) -> None:
    for _time in range(passing.AT_ONCE + 1):
        with pytest.raises(NotRunning):
            pass_on(RequestFactory().get(BASE), tmp_path, "")

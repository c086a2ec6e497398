"""The public page: requests as anybody may send them, and the files that it reads."""

import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.fuzz.as_file import by_path
from bench.fuzz.mutation import mutated_any, mutated_bytes, mutated_json, mutated_text
from bench.fuzz.target import BrokenPromiseError, FuzzTarget
from quetsach_public import (
    addresses,
    app,
    codes,
    counts,
    documents,
    joining,
    sealed_tickets,
    table,
    tickets,
    web_push,
)
from quetsach_public.table_writing import write_table
from tests.public.made import NOW, contents, made_home, seen

_DAY = date(2022, 9, 21)
_REQUESTS = (
    *("GET / ", "GET /kiem-tra?ip=192.0.2.10 ", "POST /tham-gia  ve=a&viec=scanned&ma=TC17-abc"),
    *("GET /km/tham-gia?ma=TC17-abc&viec=scanned ", "POST /tu-danh-gia  q1=a&q2=b"),
    *("GET /xac-minh?ma=0123456789abcdef ", "POST /xac-minh  so=12/UBND&ngay=01/09/2022"),
    *("GET /static/x X-Forwarded-For:192.0.2.1 ", "POST /kiem-tra-lai  ve=ABCD-EFGH"),
    *('GET /cong-cu/tools.json If-None-Match:"a" ', "POST /nhan-tin  endpoint=https://a.example"),
    *("POST /phieu  cong=443", "GET /health ", "GET /anchors.jsonl Range:bytes=0-5 "),
)


def public_targets() -> list[FuzzTarget]:
    """Return a target for the application and each of its readers."""
    return [
        FuzzTarget(
            "public.request",
            _ask,
            lambda: [request.encode() for request in _REQUESTS],
            (app, joining, tickets, codes, addresses),
            mutated_text,
            by_line=True,
        ),
        FuzzTarget(
            "public.table", by_path(_look_up, "table.bin"), _tables, (table,), mutated_bytes
        ),
        FuzzTarget(
            "public.codes",
            by_path(codes.read_codes, "codes.json"),
            lambda: [
                codes.codes_text(
                    [("abc", codes.CodeUnit("A", codes.AUDIENCES[0]))], runs=True, salt=b"a"
                )
            ],
            (codes,),
            mutated_json,
            (codes.CodesError,),
        ),
        FuzzTarget(
            "public.documents",
            by_path(documents.read_documents, "documents.json"),
            _documents,
            (documents,),
            mutated_json,
            (documents.DocumentsError,),
        ),
        FuzzTarget(
            "public.journal",
            lambda content: [counts._count(line) for line in content.split(b"\n")],
            lambda: [b'["scanned","abc","2022-09-21",""]\n["told","","2022-09-21","x"]'],
            (counts,),
            mutated_any,
        ),
        FuzzTarget(
            "public.ticket",
            lambda content: _seals().open(content.decode("utf-8", "replace"), _DAY),
            lambda: [_seals().seal(addresses.caller_of("192.0.2.7"), _DAY).encode()],  # type: ignore[arg-type]
            (sealed_tickets,),
            mutated_text,
        ),
        FuzzTarget(
            "public.subscription",
            lambda content: web_push.subscription_of(
                joining.fields(content.decode("utf-8", "replace"))
            ),
            lambda: [
                b"endpoint=https://fcm.googleapis.com/a&p256dh=" + b"B" * 87 + b"&auth=" + b"A" * 22
            ],
            (web_push,),
            mutated_text,
        ),
    ]


@cache
def _home() -> "TemporaryDirectory[str]":
    return TemporaryDirectory(prefix="fuzz-public-")


@cache
def _application() -> app.Application:
    return app.Application(made_home(Path(_home().name), "127.0.0.1"), now=lambda: NOW)


@cache
def _seals() -> sealed_tickets.TicketSeals:
    return sealed_tickets.TicketSeals(Path(_home().name))


def _ask(content: bytes) -> None:
    for line in content.split(b"\n"):
        _ask_one(line)


def _ask_one(line: bytes) -> None:
    """Send a request `METHOD PATH?QUERY NAME:VALUE BODY`; no answer may be an error of ours."""
    text = line.decode("latin-1")
    method, path, head, body = [*text.split(" ", 3), "", "", "", ""][:4]
    where, _, query = path.partition("?")
    name, _, header = head.partition(":")
    sent = body.encode("latin-1")
    environ: dict[str, object] = {
        "REQUEST_METHOD": method or "GET",
        "PATH_INFO": where or "/",
        "QUERY_STRING": query,
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "quetsach.example",
        "CONTENT_LENGTH": str(len(sent)),
        "wsgi.input": BytesIO(sent),
    }
    if name:
        environ[f"HTTP_{name.upper().replace('-', '_')}"] = header
    answers: list[str] = []

    def start(status: str, _headers: Iterable[tuple[str, str]]) -> None:
        answers.append(status)

    b"".join(_application()(environ, start))
    # 503 says that something cannot be kept or shown now; 500 would be an error of ours.
    if len(answers) != 1 or not answers[0][:3].isdigit() or answers[0][:3] == "500":
        raise BrokenPromiseError(f"answered {answers}")


@cache
def _tables() -> tuple[bytes, ...]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.bin"
        write_table(path, contents(seen("192.0.2.10"), seen("198.51.100.7"), seen("2001:db8::/64")))
        return (path.read_bytes(),)


def _look_up(path: Path) -> None:
    try:
        opened = table.AddressTable(path)
    except table.TableError:
        return
    for text in ("192.0.2.10", "192.0.2.11", "198.51.100.7", "2001:db8::1"):
        caller = addresses.caller_of(text)
        if caller is not None:
            opened.look_up(caller)


def _documents() -> list[bytes]:
    made = {
        "format": documents.FORMAT,
        "made_at": NOW.isoformat(),
        "salt": "00",
        "known": {"a": "b"},
    }
    return [json.dumps(made).encode()]

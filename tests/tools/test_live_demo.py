"""The live demo: its mail page shows what came and nothing else; its commands are a district's."""

import asyncio
import os
import pty
import shutil
import sys
import urllib.request
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import translation
from django.utils.translation import gettext

from tools.live_demo import (
    KEPT,
    NEXT,
    MailSink,
    commands,
    next_text,
    serve_mails,
    stages_text,
)


def deliver(sink: MailSink, subject: str, text: str) -> None:
    mail = EmailMessage()
    mail["Subject"] = subject
    mail.set_content(text)
    envelope = SimpleNamespace(content=bytes(mail), rcpt_tos=["dm@coquan.example"])
    assert asyncio.run(sink.handle_DATA(None, None, envelope)) == "250 OK"


def test_mails_are_shown_newest_first_and_take_nothing_for_markup() -> None:
    sink = MailSink()
    deliver(sink, "cũ", "http://127.0.0.1:8000/alert/1/ab/\nhttp://xau.example/")
    deliver(sink, "<b>mới</b>", "<script>1</script>")
    page = sink.page()
    assert page.index("&lt;b&gt;mới") < page.index("cũ")
    assert "<script>" not in page
    assert '<a href="http://127.0.0.1:8000/alert/1/ab/">' in page
    assert 'href="http://xau.example/"' not in page
    for number in range(KEPT):
        deliver(sink, str(number), "")
    assert "cũ" not in sink.page()


def test_the_page_is_served_on_the_loopback() -> None:
    server = serve_mails(MailSink(), 0)
    with urllib.request.urlopen(f"http://127.0.0.1:{server.server_address[1]}/") as answer:
        assert "Chưa có thư nào" in answer.read().decode()
    server.shutdown()
    server.server_close()


def test_the_watch_is_started_as_a_district_starts_it(tmp_path: Path) -> None:
    (tmp_path / "live-planted").write_text("a.planted.quetsach.example\n")
    traffic, watch = commands(tmp_path, 8000, "udp://127.0.0.1:5514")
    assert traffic[1] == "demo-live"
    assert "a.planted.quetsach.example" in traffic
    assert watch[1:3] == ["watch", "run"]
    assert watch[watch.index("--portal") + 1] == "http://127.0.0.1:8000"
    (tmp_path / "live-planted").unlink()
    assert "--planted" not in commands(tmp_path, 8000, "udp://127.0.0.1:5514")[0]


def test_each_stage_of_the_way_to_the_first_page_is_told_in_one_language() -> None:
    assert stages_text("100,140,143,168", 174.4, "en") == (
        "   74 s from the command to the first page: packages 40, tables 3, demo 25, start 6"
    )
    assert stages_text("100,140,143,168", 174.4, "vi").startswith("   74 giây từ lúc gõ lệnh")
    for unknown in ("", "1,2", "1,x,3,4"):
        assert stages_text(unknown, 5.0, "vi") == ""


def test_the_pages_are_named_in_the_language_that_is_spoken() -> None:
    with translation.override("vi"):
        menu = [gettext(page) for page in ("Monitoring", "Devices and cases", "Evidence")]
        planted = gettext("Planted names")
    said = {language: " ".join(text.split()) for language, text in NEXT.items()}
    # No menu has the planted names: the page that leads to them is named.
    assert "Monitoring, Devices and cases, Evidence › Planted names" in said["en"]
    assert f"{', '.join(menu)} › {planted}" in said["vi"]


def test_a_demo_that_goes_on_promises_no_machine_that_was_printed_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPEAKS", "vi")
    assert "Trong vòng hai phút" in next_text(tmp_path, "vi")
    (tmp_path / "live-state").mkdir()
    for language, before, promised in (
        ("vi", "không báo lại", "hai phút"),
        ("en", "not printed again", "two minutes"),
    ):
        said = next_text(tmp_path, language)
        assert before in said
        assert promised not in said
        # The command that it names speaks the language of this run.
        assert "SPEAKS=vi " in said


ENDS = """
import sys, threading
sys.path.insert(0, {root!r})
from tools.live_demo import own_terminal
try:
    with own_terminal():
        print("ready", flush=True)
        # Not for ever at once: Ctrl-C may come between the line and the wait.
        while True:
            threading.Event().wait(0.05)
except KeyboardInterrupt:
    print("ended", flush=True)
"""


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
def test_ctrl_c_ends_the_demo_and_make_calls_it_no_error(tmp_path: Path) -> None:
    (tmp_path / "demo.py").write_text(ENDS.format(root=str(Path(__file__).parents[2])))
    (tmp_path / "Makefile").write_text(
        f"run:\n\t@$(MAKE) below\nbelow:\n\t@true && {sys.executable} demo.py\n"
    )
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(tmp_path)
        os.execvp("make", ["make", "--no-print-directory", "run"])
    shown = b""
    # The end of the line too: Ctrl-C takes away what the terminal has not shown yet.
    while b"\n" not in shown:
        shown += os.read(terminal, 1024)
    os.write(terminal, b"\x03")
    with suppress(OSError):
        while more := os.read(terminal, 1024):
            shown += more
    os.close(terminal)
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert shown.replace(b"^C", b"").split() == [b"ready", b"ended"]

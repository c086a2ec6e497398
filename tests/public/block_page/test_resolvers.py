"""Real resolvers lead a listed name to the held page, and let a released address pass."""

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import make_server

import pytest

from quetsach.blocklists.contract import Mode, Policy
from quetsach_public.block_page.app import BlockPageApplication
from quetsach_public.block_page.releasing import zone
from quetsach_public.block_page.settings import BlockPageSettings
from tests.blocklists import resolving as resolvers
from tests.blocklists.asking import ask
from tests.blocklists.making import indicators, make
from tests.public.test_browser import Silent

TRUTH, HELD = "198.51.100.9", "127.0.0.7"
LISTED = indicators("bad.example")


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A release in a folder that leads names to the held page, as `convert -o` writes it."""
    made = make("dnsmasq", LISTED, Mode.BLOCK, policy=Policy.REDIRECT, sensor=(HELD,))
    for name, text in made.folder().items():
        path = tmp_path / "release" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "release"


@pytest.fixture
def page_port(release: Path, tmp_path: Path) -> Iterator[int]:
    app = BlockPageApplication(BlockPageSettings(tmp_path / "held", names=release))
    server = make_server(HELD, 0, app, handler_class=Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_dnsmasq_leads_a_listed_name_to_the_page_that_tells_it(
    release: Path, page_port: int, tmp_path: Path
) -> None:
    port = resolvers.free_port()
    (conf,) = release.glob("*-dnsmasq.conf")
    with (
        resolvers.upstream(tmp_path) as truth,
        resolvers.running(resolvers.dnsmasq(conf, port, truth), port),
    ):
        (found,) = ask(port, "c2.bad.example").addresses
        assert ask(port, "good.example").addresses == (TRUTH,)
    assert found == HELD
    client = http.client.HTTPConnection(found, page_port, timeout=180)
    client.request("GET", "/gate.php", headers={"Host": "c2.bad.example"})
    answer = client.getresponse()
    assert answer.status == 403
    assert "<b>bad.example</b>" in answer.read().decode()
    client.close()


def test_unbound_answers_a_released_address_the_truth_and_others_the_page(tmp_path: Path) -> None:
    made = make("rpz", LISTED, Mode.BLOCK, policy=Policy.REDIRECT, sensor=(HELD,))
    blocked, released = tmp_path / "blocked.rpz", tmp_path / "released.rpz"
    ((_, text),) = made.files.items()
    blocked.write_text(text)
    for until, expected in (({}, HELD), ({"192.168.1.20": 1.0}, HELD), ({"127.0.0.1": 1.0}, TRUTH)):
        released.write_text(zone(until, 1))
        port = resolvers.free_port()
        lines = (
            'module-config: "respip validator iterator"\n'
            f'rpz:\n name: released.rpz\n zonefile: "{released}"\n'
            f'rpz:\n name: blocked.rpz\n zonefile: "{blocked}"\n'
        )
        with resolvers.upstream(tmp_path) as truth:
            command = resolvers.unbound(tmp_path, port, lines + resolvers.forward(truth))
            with resolvers.running(command, port):
                assert ask(port, "c2.bad.example").addresses == (expected,)

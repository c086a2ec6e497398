"""R2 without nginx: who floods waits, neighbours and others do not, and nothing holds a thread."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field, replace

import pytest

from quetsach_public import alone as subject
from quetsach_public.addresses import LONGEST_FORM, proxies_of
from quetsach_public.alone import MOST_WAITING, SECONDS, DelayedApplication
from quetsach_public.app import Application
from quetsach_public.limits import PaceLimits, Paces
from quetsach_public.settings import Settings
from tests.public.made import NOW, made_home

FLOODS, ASKS = "192.0.2.9", "192.0.2.5"


@dataclass
class Sent:
    """Headers of a request."""

    held: dict[str, str] | list[tuple[str, str]]

    def items(self) -> Iterable[tuple[str, str]]:
        return self.held.items() if isinstance(self.held, dict) else self.held


@dataclass
class Asked:
    """A request and its line, as granian gives them."""

    path: str = "/kiem-tra"
    method: str = "GET"
    address: str = ASKS
    query_string: str = ""
    body: bytes = b""
    said: dict[str, str] | list[tuple[str, str]] = field(default_factory=dict)
    status: int = 0
    told: dict[str, str] = field(default_factory=dict)
    answer: bytes = b""
    pieces: int = 0

    @property
    def client(self) -> str:
        return f"[{self.address}]:4711" if ":" in self.address else f"{self.address}:4711"

    @property
    def headers(self) -> Sent:
        return Sent(self.said)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self.body), 7):
            self.pieces += 1
            yield self.body[start : start + 7]

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.told, self.answer = status, dict(headers), body

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.status, self.told = status, dict(headers)


class Gate:
    """A pause that ends when the test says so, and no clock."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self.opened = asyncio.Event()

    async def pause(self, seconds: float) -> None:
        self.asked.append(seconds)
        await self.opened.wait()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return made_home(tmp_path_factory.mktemp("public") / "home")


@pytest.fixture
def app(home: Settings) -> Application:
    paces = Paces(all_asked=PaceLimits(rate=0, burst=1), costly=PaceLimits(rate=0, burst=0))
    return Application(home, now=lambda: NOW, paces=paces)


async def _turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_R2_who_floods_waits_a_second_and_others_are_answered_meanwhile(app: Application) -> None:
    async def story() -> None:
        gate = Gate()
        alone = DelayedApplication(app, gate.pause)
        await alone.__rsgi__(first := Asked(address=FLOODS), first)
        assert (first.status, gate.asked) == (200, [])
        flood = [Asked(one, address=FLOODS) for one in ("/kiem-tra", "/", "/tham-gia")]
        waiting = [asyncio.create_task(alone.__rsgi__(one, one)) for one in flood]
        await _turns()
        assert gate.asked == [SECONDS] * 3
        assert [one.status for one in flood] == [0, 0, 0], "nothing of it is sent yet"
        other = Asked()
        await alone.__rsgi__(other, other)
        assert other.status == 200
        gate.opened.set()
        await asyncio.gather(*waiting)
        assert [one.status for one in flood] == [200, 200, 200], "slowed is still served"
        assert all("x-accel-limit-rate" not in one.told for one in flood)

    asyncio.run(story())


def test_of_very_many_that_would_wait_the_rest_hears_busy_with_the_steps(app: Application) -> None:
    async def story() -> None:
        gate = Gate()
        alone = DelayedApplication(app, gate.pause)
        flood = [Asked("/en/kiem-tra", address=FLOODS) for _ in range(MOST_WAITING + 3)]
        waiting = [asyncio.create_task(alone.__rsgi__(one, one)) for one in flood]
        await _turns()
        busy = [one for one in flood if one.status == 503]
        assert len(gate.asked) == MOST_WAITING
        assert len(busy) == 2, "the first of all was within its pace"
        assert b"/en/lam-sach/windows" in busy[0].answer
        gate.opened.set()
        await asyncio.gather(*waiting)
        again = Asked(address=FLOODS)
        await alone.__rsgi__(again, again)
        assert again.status == 200, "there is room again"

    asyncio.run(story())


def test_a_page_is_as_the_application_says_it(app: Application) -> None:
    async def story() -> None:
        alone = DelayedApplication(app)
        seen = Asked(address="192.0.2.10", said={"accept-language": "vi", "x-forwarded-for": ASKS})
        await alone.__rsgi__(seen, seen)
        assert b"Mirai" in seen.answer, "the connection's address, whatever a caller writes"
        head = Asked("/", method="HEAD", address="2001:db8::1")
        await alone.__rsgi__(head, head)
        assert (head.status, head.answer) == (200, b"")
        assert int(head.told["content-length"]) > 1_000
        kept = Asked("/", address="192.0.2.6", said={"if-none-match": head.told["etag"]})
        await alone.__rsgi__(kept, kept)
        assert (kept.status, kept.answer) == (304, b"")

    asyncio.run(story())


@pytest.mark.parametrize(
    ("headers", "is_seen"),
    [
        ([("x-forwarded-for", "192.0.2.10")], True),
        ([("x_forwarded_for", "192.0.2.10")], False),
        ([("x-forwarded-for", "192.0.2.10"), ("x-forwarded-for", "192.0.2.77")], False),
        ([("x-forwarded-for", "192.0.2.77"), ("x-forwarded-for", "192.0.2.10")], True),
    ],
)
def test_R4_the_own_proxy_alone_says_whose_address_it_is(
    home: Settings, headers: list[tuple[str, str]], is_seen: bool
) -> None:
    believing = replace(home, proxies=proxies_of("127.0.0.1"), without_nginx=True)
    asked = Asked(address="127.0.0.1", said=headers)
    asyncio.run(DelayedApplication(Application(believing, now=lambda: NOW)).__rsgi__(asked, asked))
    assert (b"Mirai" in asked.answer) == is_seen


def test_a_form_is_read_and_one_too_long_to_be_ours_is_not(app: Application) -> None:
    async def story() -> None:
        alone = DelayedApplication(app)
        form = b"q1=1"
        sent = Asked("/en/tu-danh-gia", "POST", body=form, said={"content-length": str(len(form))})
        await alone.__rsgi__(sent, sent)
        assert sent.status == 422
        assert sent.answer.count(b" checked") == 1
        length = LONGEST_FORM + 1
        long = Asked("/tham-gia", "POST", "192.0.2.6", body=b"x" * length)
        long.said = {"content-length": str(length)}
        await alone.__rsgi__(long, long)
        assert (long.status, long.pieces) == (413, 0)

    asyncio.run(story())


def test_a_form_that_does_not_come_holds_nothing_for_ever(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Silent(Asked):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            await asyncio.Event().wait()
            yield b""

    async def story() -> None:
        silent = Silent("/tham-gia", "POST", said={"content-length": "100"})
        await DelayedApplication(app).__rsgi__(silent, silent)
        assert silent.status == 422

    monkeypatch.setattr(subject, "SLOWEST_FORM", 0)
    asyncio.run(story())

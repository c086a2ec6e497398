"""What the rule of buttons finds on a page, and what it leaves alone."""

import pytest

from tests.portal.browser.buttons import same_words

ROW = '<form method="post" action="/rows/{}"><button>{}</button></form>'


@pytest.mark.parametrize(
    "source",
    [
        ROW.format(1, "Nhận") + ROW.format(2, "Nhận"),
        ROW.format(1, "Nhận") + '<a class="btn" href="/x">Nhận</a>',
        "<form><button name=act value=a>Gửi</button><button name=act value=b>Gửi</button></form>",
        '<form action="/x"><input type=submit value="Gửi"></form>' + ROW.format(1, " Gửi "),
        '<form action="/x"><input type=hidden name=row value=1><button>Xóa</button></form>'
        '<form action="/x"><input type=hidden name=row value=2><button>Xóa</button></form>',
        '<form id=f action="/x"></form><button form=f>Xóa</button>' + ROW.format(1, "Xóa"),
    ],
)
def test_two_acts_under_the_same_words_are_found(source: str) -> None:
    assert len(same_words(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        ROW.format(1, "Nhận") + ROW.format(1, "Nhận"),
        ROW.format(1, "Nhận<span class='visually-hidden'> xã A</span>")
        + ROW.format(2, "Nhận<span class='visually-hidden'> xã B</span>"),
        ROW.format(1, '<svg aria-hidden="true"><path d="M5"/></svg>Gọi') + ROW.format(1, "Gọi"),
        '<a href="/x">Xem</a><a href="/y">Xem</a>',
        '<form action="/x"><input type=hidden name=token value=1><button>Xóa</button></form>'
        '<form action="/x"><input type=hidden name=token value=2><button>Xóa</button></form>',
    ],
)
def test_the_same_act_twice_and_named_rows_are_left_alone(source: str) -> None:
    assert same_words(source) == []

"""Every form of notices: a name and a title of its own."""

from quetsach.notices.read import NOTICE_FORMS


def test_every_form_has_a_name_and_a_title_of_its_own() -> None:
    assert len({one.name for one in NOTICE_FORMS}) == len(NOTICE_FORMS)
    assert all(one.title for one in NOTICE_FORMS)

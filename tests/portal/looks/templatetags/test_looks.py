"""A figure of machines is rendered with its look, and cannot be rendered without."""

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from quetsach_portal.looks.figures import LookFigures


def rendered(text: str, **values: object) -> str:
    with translation.override("vi"):
        return Template(text).render(Context(values))


def test_the_tag_cannot_be_used_without_a_look() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% machines figure %}")


def test_a_figure_stands_with_what_was_looked_at() -> None:
    look = LookFigures(seen=3, machines=5, days=9, of_days=14)
    text = rendered("{% machines 1 look %}", look=look)
    assert text == (
        '<span class="machine-figure"><b>1</b> '
        '<small class="looked">Đã kiểm tra 3/5 máy, 9/14 ngày</small></span>'
    )
    labelled = rendered("{% machines 1 look label %}", look=look, label="<open>")
    assert "<b>1</b> &lt;open&gt; <small" in labelled, "what it counts stands before the look"
    assert "Đã kiểm tra 3/5 máy" in rendered("{% no_machine look %}", look=look)


def test_a_zero_without_a_look_is_no_zero() -> None:
    nothing = LookFigures()
    assert "0" not in rendered("{% machines 0 look %}{% machines_cell 0 look %}", look=nothing)
    assert "Chưa kiểm tra được gì" in rendered("{% machines 0 look %}", look=nothing)
    # A machine that was found otherwise is never hidden.
    assert "<b>2</b>" in rendered("{% machines 2 look %}", look=nothing)
    assert ">2<" in rendered("{% machines_cell 2 look %}", look=nothing)
    assert "Chưa kiểm tra được gì" in rendered("{% looked look %}", look=nothing)

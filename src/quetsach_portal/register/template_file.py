"""The empty register that offices fill in, with the headings that the import knows."""

import io

import xlsxwriter

_HEADINGS = (
    ("STT", 6),
    ("Mã đơn vị", 16),
    ("Tên đơn vị", 44),
    ("Mã cấp trên", 16),
    ("Loại", 16),
    ("Hệ", 16),
    ("Mã định danh", 18),
    ("Mã khu vực", 12),
    ("Số cán bộ", 12),
    ("Đầu mối", 24),
    ("E-mail", 30),
    ("Điện thoại", 18),
)


def template_workbook() -> bytes:
    """Return the workbook; all its cells are text, so that codes keep their leading zeros."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet("Đơn vị")
        bold = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
        text = book.add_format({"num_format": "@"})
        for column, (title, width) in enumerate(_HEADINGS):
            page.set_column(column, column, width, text)
            page.write_string(0, column, title, bold)
        page.freeze_panes(1, 0)
    return out.getvalue()

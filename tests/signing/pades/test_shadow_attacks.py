"""Shadow attacks: what is hidden, replaced or shown anew behind a signature is found.

Source: C. Mainka, V. Mladenov, S. Rohlmann, "Shadow Attacks", NDSS 2021; and "Practical
Decryption and Signature Attacks" of the same group on incremental updates.
"""

from collections.abc import Callable
from io import BytesIO

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name as name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from quetsach.signing.pades.state import PdfState
from quetsach.signing.pades.unchanged import changed_since
from tests.signing.pades.authority import clerk, pdf
from tests.signing.pades.signed import judged, signed

FORGED = b"BT /F1 12 Tf 72 720 Td (999) Tj ET"


def updated(data: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(data))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _page(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    page = writer.root["/Pages"]["/Kids"][0]
    assert isinstance(page, generic.DictionaryObject)
    return page


def replace_the_text(writer: IncrementalPdfFileWriter) -> None:
    stream = writer.add_object(generic.StreamObject(stream_data=FORGED))
    page = _page(writer)
    page[name("/Contents")] = stream
    writer.update_container(page)


def replace_the_stream(writer: IncrementalPdfFileWriter) -> None:
    """Write the same object again, with other content."""
    stream = _page(writer)["/Contents"]
    stream._data = FORGED
    stream._encoded_data = None
    writer.update_container(stream)


def replace_the_font(writer: IncrementalPdfFileWriter) -> None:
    font = _page(writer)["/Resources"]["/Font"]["/F1"]
    font[name("/BaseFont")] = name("/ZapfDingbats")
    writer.update_container(font)


def reorder_the_letters(writer: IncrementalPdfFileWriter) -> None:
    """Let each letter be drawn as another one."""
    font = _page(writer)["/Resources"]["/Font"]["/F1"]
    differences = [generic.NumberObject(97), name("/nine"), name("/nine")]
    font[name("/Encoding")] = generic.DictionaryObject(
        {name("/Type"): name("/Encoding"), name("/Differences"): generic.ArrayObject(differences)}
    )
    writer.update_container(font)


def replace_the_pages(writer: IncrementalPdfFileWriter) -> None:
    stream = writer.add_object(generic.StreamObject(stream_data=FORGED))
    page = generic.DictionaryObject({key: _page(writer).raw_get(key) for key in _page(writer)})
    page[name("/Contents")] = stream
    pages = {name("/Type"): name("/Pages"), name("/Count"): generic.NumberObject(1)}
    tree = generic.DictionaryObject(pages)
    tree[name("/Kids")] = generic.ArrayObject([writer.add_object(page)])
    writer.root[name("/Pages")] = writer.add_object(tree)
    writer.update_root()


def move_the_page_out_of_sight(writer: IncrementalPdfFileWriter) -> None:
    page = _page(writer)
    sides = map(generic.NumberObject, (400, 100, 595, 300))
    page[name("/CropBox")] = generic.ArrayObject(sides)
    writer.update_container(page)


def switch_a_layer(writer: IncrementalPdfFileWriter) -> None:
    layers = {name("/OCGs"): generic.ArrayObject(), name("/D"): generic.DictionaryObject()}
    writer.root[name("/OCProperties")] = generic.DictionaryObject(layers)
    writer.update_root()


def _note(writer: IncrementalPdfFileWriter, kind: str, **more: generic.PdfObject) -> None:
    drawn = generic.StreamObject(
        {
            name("/Type"): name("/XObject"),
            name("/Subtype"): name("/Form"),
            name("/BBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 200, 20))),
            name("/Resources"): _page(writer).raw_get("/Resources"),
        },
        stream_data=b"BT /F1 12 Tf 0 4 Td (999) Tj ET",
    )
    looks = generic.DictionaryObject({name("/N"): writer.add_object(drawn)})
    note = generic.DictionaryObject(
        {
            name("/Type"): name("/Annot"),
            name("/Subtype"): name(kind),
            name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (72, 716, 272, 736))),
            name("/F"): generic.NumberObject(4),
            name("/AP"): looks,
            **{name(f"/{key}"): value for key, value in more.items()},
        }
    )
    page = _page(writer)
    listed = list(page["/Annots"]) if "/Annots" in page else []
    page[name("/Annots")] = generic.ArrayObject([*listed, writer.add_object(note)])
    writer.update_container(page)


def write_over_the_text(writer: IncrementalPdfFileWriter) -> None:
    _note(writer, "/FreeText")


def stamp_over_the_text(writer: IncrementalPdfFileWriter) -> None:
    _note(writer, "/Stamp")


def redact_the_text(writer: IncrementalPdfFileWriter) -> None:
    _note(writer, "/Redact")


def fill_in_a_field(writer: IncrementalPdfFileWriter) -> None:
    value = {"FT": name("/Tx"), "T": generic.pdf_string("total"), "V": generic.pdf_string("999")}
    _note(writer, "/Widget", **value)


def call_it_a_signature(writer: IncrementalPdfFileWriter) -> None:
    """A widget that says that it is a signature field, over the text, with nothing signed."""
    _note(writer, "/Widget", FT=name("/Sig"), T=generic.pdf_string("Signature9"))


def run_when_opened(writer: IncrementalPdfFileWriter) -> None:
    act = {name("/S"): name("/JavaScript"), name("/JS"): generic.pdf_string("app.alert(1)")}
    writer.root[name("/OpenAction")] = generic.DictionaryObject(act)
    writer.update_root()


def launch_a_program(writer: IncrementalPdfFileWriter) -> None:
    act = {name("/S"): name("/Launch"), name("/F"): generic.pdf_string("calc.exe")}
    page = _page(writer)
    page[name("/AA")] = generic.DictionaryObject({name("/O"): generic.DictionaryObject(act)})
    writer.update_container(page)


ATTACKS = [
    *(replace_the_text, replace_the_stream, replace_the_font, reorder_the_letters),
    *(replace_the_pages, move_the_page_out_of_sight, switch_a_layer, write_over_the_text),
    *(stamp_over_the_text, redact_the_text, fill_in_a_field, call_it_a_signature),
    *(run_when_opened, launch_a_program),
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_S3_what_comes_behind_a_signature_is_no_longer_what_was_signed(
    attack: Callable[[IncrementalPdfFileWriter], None],
) -> None:
    data = updated(signed(clerk()), attack)
    assert changed_since(pdf(), data) is True
    assert judged(data).state is PdfState.CHANGED


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_S3_what_was_prepared_before_the_signature_is_not_what_we_gave_to_be_signed(
    attack: Callable[[IncrementalPdfFileWriter], None],
) -> None:
    assert changed_since(pdf(), signed(clerk(), updated(pdf(), attack))) is True


def test_S3_a_second_signature_hides_no_change_before_it() -> None:
    data = signed(clerk(), updated(signed(clerk()), write_over_the_text))
    assert changed_since(pdf(), data) is True
    assert judged(data).state is PdfState.CHANGED

"""Pictures: asked for their size before they are decoded, and only their pixels are kept: F9."""

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from quetsach_portal.files.kinds import FileKind
from quetsach_portal.files.pictures import clean_picture, picture_anew
from quetsach_portal.files.problems import FileRefused
from tests.portal.files.samples import huge_png, photo_with_place, picture


def cleaned(raw: bytes, kind: FileKind) -> Image.Image:
    return Image.open(io.BytesIO(clean_picture(io.BytesIO(raw), kind)))


def refused(raw: bytes, kind: FileKind) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        clean_picture(io.BytesIO(raw), kind)
    return caught.value


def outcome(raw: bytes, kind: FileKind) -> str:
    """Return "taken" when the picture written anew can be read, else the code of the refusal."""
    try:
        clean = clean_picture(io.BytesIO(raw), kind)
    except FileRefused as found:
        return found.problem.code
    Image.open(io.BytesIO(clean)).load()
    return "taken"


@pytest.mark.asvs("V5.2.6")
def test_F9_a_picture_of_30000_by_30000_is_refused_before_it_is_decoded() -> None:
    raw = huge_png()
    assert len(raw) < 1 << 20
    # Its head alone is enough for the refusal: no pixel was asked for.
    for given in (raw, raw[:64]):
        found = refused(given, FileKind.PNG)
        assert found.problem.code == "P121"
        assert "24 triệu" in found.told


@pytest.mark.asvs("V14.2.8")
def test_F9_place_owner_and_comment_of_a_photo_are_gone() -> None:
    raw = photo_with_place()
    assert Image.open(io.BytesIO(raw)).getexif().get_ifd(0x8825)
    clean = clean_picture(io.BytesIO(raw), FileKind.JPEG)
    image = Image.open(io.BytesIO(clean))
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for trace in (b"Exif", b"Dien Thoai", b"chup tai nha", "Nguyen Van A".encode("utf-16-le")):
        assert trace in raw
        assert trace not in clean


def test_F9_a_photo_stands_upright_afterwards() -> None:
    assert cleaned(photo_with_place(orientation=6), FileKind.JPEG).size == (20, 40)
    assert cleaned(photo_with_place(orientation=1), FileKind.JPEG).size == (40, 20)


def test_F9_what_a_png_says_beside_its_pixels_is_gone() -> None:
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Author", "Nguyen Van A")
    told.add_itxt("XML:com.adobe.xmp", "<x:gps>9.68</x:gps>")
    exif = Image.Exif()
    exif[0x010F] = "Dien Thoai"
    raw = picture("PNG", pnginfo=told, exif=exif, icc_profile=b"secret profile", dpi=(72, 72))
    clean = clean_picture(io.BytesIO(raw), FileKind.PNG)
    for trace in (b"Nguyen Van A", b"gps", b"Dien Thoai", b"iCCP", b"eXIf", b"tEXt", b"pHYs"):
        assert trace in raw or trace == b"gps"
        assert trace not in clean
    image = Image.open(io.BytesIO(clean))
    assert image.getpixel((0, 0)) == (0, 0, 255)
    assert image.getpixel((5, 5)) == (200, 30, 30)


def test_F9_what_hangs_behind_a_picture_is_gone() -> None:
    raw = picture("JPEG") + b"PK\x03\x04 and a whole archive <script>"
    assert b"<script>" not in clean_picture(io.BytesIO(raw), FileKind.JPEG)


def test_a_see_through_png_stays_see_through() -> None:
    out = io.BytesIO()
    Image.new("P", (4, 4), 0).save(out, "PNG", transparency=0)
    image = cleaned(out.getvalue(), FileKind.PNG)
    assert image.mode == "RGBA"
    assert image.getpixel((0, 0))[3] == 0


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "CMYK"])
def test_pictures_of_every_usual_mode_are_taken(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (9, 7)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    kind = FileKind.JPEG if mode == "CMYK" else FileKind.PNG
    assert cleaned(out.getvalue(), kind).size == (9, 7)


def test_a_large_photo_is_made_smaller_while_it_is_read() -> None:
    raw = picture("JPEG", (9_000, 6_000))
    image = cleaned(raw, FileKind.JPEG)
    assert image.size == (4_500, 3_000)


@pytest.mark.parametrize("kind", [FileKind.JPEG, FileKind.PNG])
def test_a_damaged_picture_is_a_refusal_or_a_picture(kind: FileKind) -> None:
    raw = picture(kind.value.upper(), (60, 60))
    for place in range(4, len(raw), 9):
        for damaged in (raw[:place], raw[:place] + b"\xff" + raw[place + 1 :]):
            assert outcome(damaged, kind) in ("taken", "P121", "P122")


def test_a_picture_of_another_kind_is_not_decoded_by_another_decoder() -> None:
    assert refused(picture("PNG"), FileKind.JPEG).problem.code == "P122"
    assert refused(picture("GIF"), FileKind.PNG).problem.code == "P122"


@pytest.mark.new_process
def test_a_picture_comes_back_and_what_is_none_is_refused_in_the_same_words(tmp_path: Path) -> None:
    path = tmp_path / "anh"
    Image.new("RGB", (40, 30), "red").save(path, "PNG")
    with Image.open(io.BytesIO(picture_anew(path, FileKind.PNG))) as anew:
        assert anew.size == (40, 30)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(FileRefused) as caught:
        picture_anew(path, FileKind.PNG)
    assert caught.value.problem.code == "P122"


# As small as it got: a photo whose facts for its orientation cannot be written again.
_ODD_FACTS = (
    b"/9j/4QDQRXhpZgAATU0AKgAAAAgABAEAAAIAAAALAAAAPgESAAMAAAABAAYAiAAAABgAAACwAAAAAERpZW4gVGhv"
    b"YWkAAAAEAAEAAgAAAAJOAAAAAAIABQAAAAMAAACAAAMAAgAAAAJFAAAAAAQABQAAAAMAAACYAAAAAAAAAAkAAAAB"
    b"AAAAKQAAAAEAAAAMAAAAAQAAAGoAAAABAAAADwAAAAEAAAAeAAAAAU4AZwB1AHkAZQBuACAAVgBhAG4AIABBAP/+"
    b"AA5jaHVwIHRhaSBuaGH/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcp"
    b"LDAxNDQ0Hyc5PTgyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIy"
    b"MjIyMjIyMjIyMjIyMjIyMjIyMjL/wAARCAAUACgDASIAAhEBAxEB/9oADAMBAAIRAxEAPwD/2Q=="
)


def test_a_photo_whose_facts_cannot_be_written_again_is_refused() -> None:
    assert refused(base64.b64decode(_ODD_FACTS), FileKind.JPEG).problem.code == "P122"

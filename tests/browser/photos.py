"""Photos as a phone takes them: of some size, and telling where they were taken."""

import io

from PIL import Image, ImageDraw, ImageFilter

GPS = 0x8825
WIDTH, HEIGHT = 1600, 1200
LAMP = (1010, 250)


def street_light(*, is_lit: bool) -> bytes:
    """A street at night with its lamp, as a JPEG with place and device in its EXIF."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), (16, 22, 40))
    draw = ImageDraw.Draw(picture)
    for left, top, right in ((0, 420, 420), (430, 520, 760), (1180, 380, 1600)):
        draw.rectangle((left, top, right, 900), fill=(34, 40, 58))
        for x in range(left + 40, right - 60, 110):
            for y in range(top + 50, 840, 120):
                draw.rectangle((x, y, x + 44, y + 60), fill=(190, 160, 90) if (x + y) % 3 == 0 else (44, 52, 74))
    draw.polygon([(0, 900), (WIDTH, 900), (WIDTH, HEIGHT), (0, HEIGHT)], fill=(52, 54, 60))
    draw.line([(700, 1050), (1560, 1050)], fill=(120, 120, 110), width=10)
    draw.line([(870, 940), (870, 240), LAMP], fill=(110, 116, 126), width=18)
    if is_lit:
        picture = _lit(picture)
    return _with_place(picture)


def _lit(picture: Image.Image) -> Image.Image:
    glow = Image.new("L", picture.size, 0)
    draw = ImageDraw.Draw(glow)
    x, y = LAMP
    draw.polygon([(x - 30, y), (x + 30, y), (x + 420, 1100), (x - 420, 1100)], fill=150)
    draw.ellipse((x - 60, y - 45, x + 60, y + 45), fill=255)
    glow = glow.filter(ImageFilter.GaussianBlur(40))
    return Image.composite(Image.new("RGB", picture.size, (255, 236, 180)), picture, glow)


def _with_place(picture: Image.Image) -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Invented", "Phone 1"
    exif.get_ifd(GPS).update({1: "N", 2: (36.0, 33.0, 12.5), 3: "E", 4: (117.0, 2.0, 41.2)})
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88, exif=exif)
    return out.getvalue()


def tells_where(content: bytes) -> bool:
    """Whether a picture gives away where, or with what, it was taken."""
    with Image.open(io.BytesIO(content)) as picture:
        exif = picture.getexif()
        return bool(exif) or bool(exif.get_ifd(GPS)) or b"Exif" in content

"""Drawn pictures for the demo's appeals: nobody's street, nobody's face."""

import io
from random import Random

from PIL import Image, ImageDraw

SIZE = (960, 720)
DAY, NIGHT = ((196, 216, 232), (150, 155, 158)), ((24, 30, 48), (48, 50, 54))


def _ground(night: bool) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    sky, road = NIGHT if night else DAY
    picture = Image.new("RGB", SIZE, sky)
    draw = ImageDraw.Draw(picture)
    draw.polygon([(0, 720), (330, 400), (630, 400), (960, 720)], fill=road)
    draw.rectangle([(0, 380), (960, 402)], fill=tuple(c - 20 for c in road))
    for top in range(420, 720, 70):
        draw.line([(480, top), (480, top + 34)], fill=(230, 225, 190), width=6)
    return picture, draw


def _houses(draw: ImageDraw.ImageDraw, random: Random) -> None:
    x = 0
    while x < SIZE[0]:
        width, top = random.randint(90, 170), random.randint(140, 300)
        shade = random.randint(120, 190)
        draw.rectangle([(x, top), (x + width - 8, 380)], fill=(shade, shade - 8, shade - 20))
        for row in range(top + 18, 360, 44):
            for column in range(x + 14, x + width - 30, 38):
                draw.rectangle([(column, row), (column + 18, row + 22)], fill=(shade - 45, shade - 35, shade - 20))
        x += width


def _trouble(draw: ImageDraw.ImageDraw, kind: str, random: Random) -> None:
    if kind == "lamp":
        draw.line([(700, 650), (700, 190)], fill=(90, 90, 95), width=12)
        draw.line([(700, 192), (590, 172)], fill=(90, 90, 95), width=9)
        draw.ellipse([(560, 160), (612, 190)], fill=(55, 55, 60))
    elif kind == "hole":
        draw.ellipse([(400, 540), (600, 630)], fill=(60, 58, 55))
        draw.ellipse([(430, 556), (570, 612)], fill=(30, 29, 28))
    else:
        for _ in range(22):
            x, y = random.randint(120, 420), random.randint(520, 660)
            colour = tuple(random.randint(40, 220) for _ in range(3))
            draw.rectangle([(x, y), (x + random.randint(20, 60), y + random.randint(16, 46))], fill=colour)


def picture(code: str, seed: int) -> bytes:
    """A JPEG that goes with a category: a dark lamp, a hole in the road, or a heap."""
    random = Random(seed)
    kind = {"010101": "lamp", "010102": "hole", "010103": "hole"}.get(code, "heap")
    image, draw = _ground(night=kind == "lamp")
    _houses(draw, random)
    _trouble(draw, kind, random)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()

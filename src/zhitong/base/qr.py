"""QR codes as pictures that take the size of the box they stand in."""

import io

import segno
from markupsafe import Markup


def qr_svg(text: str) -> Markup:
    """An address or another short text as SVG, for a page or as a file of its own; made here, so nothing in it needs escaping."""
    picture = io.BytesIO()
    segno.make(text, error="m").save(picture, kind="svg", border=2, omitsize=True, svgclass=None, xmldecl=False)
    return Markup(picture.getvalue().decode())

"""Several PDF files as one, each found by its name in the outline."""

import io
from collections.abc import Sequence
from datetime import datetime


def joined(parts: Sequence[tuple[str, bytes]], *, title: str, at: datetime) -> bytes:
    """The files one after the other, of (name, PDF), page by page as they are.  The same call gives the same bytes."""
    from pypdf import PdfWriter  # a third of a second at start-up, and rarely needed

    whole = PdfWriter()
    for name, content in parts:
        whole.append(io.BytesIO(content), outline_item=name, import_outline=False)
    whole.add_metadata({"/Title": title, "/Producer": "Zhitong", "/CreationDate": at.strftime("D:%Y%m%d%H%M%S")})
    out = io.BytesIO()
    whole.write(out)
    return out.getvalue()

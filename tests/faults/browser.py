"""What people do in a browser, over real HTTP."""

import io
import os
import re
from dataclasses import dataclass, field
from typing import Any

import requests
from PIL import Image


def photo(side: int = 300) -> bytes:
    """A picture of noise: some 100 kB that nothing makes smaller."""
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(out, "JPEG", quality=90)
    return out.getvalue()


@dataclass
class Browser:
    """Somebody, signed in where ``session`` is given."""

    address: str
    session: str = ""
    own: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.own.trust_env = False
        self.own.headers["Host"] = "localhost"
        if self.session:
            self.own.cookies.set("sessionid", self.session)

    def get(self, path: str) -> requests.Response:
        """Read a page."""
        return self.own.get(f"{self.address}{path}", timeout=300)

    def form(self, path: str) -> dict[str, str]:
        """The hidden fields of the page's forms."""
        text = self.get(path).text
        fields = (re.search(r'name="([^"]+)"[^>]*value="([^"]*)"', one) for one in re.findall(r"<input[^>]*>", text))
        return {found[1]: found[2] for found in fields if found}

    def post(self, path: str, data: dict[str, Any], photo: bytes = b"") -> requests.Response:
        """Send a form; redirects are not followed."""
        files = {"photos": ("a.jpg", photo, "image/jpeg")} if photo else None
        return self.own.post(f"{self.address}{path}", data=data, files=files, allow_redirects=False, timeout=300)

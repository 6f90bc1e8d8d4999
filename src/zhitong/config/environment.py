"""Where a checkout keeps its own data, and the secrets a demo made for itself."""

import base64
import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
VAR = Path(os.environ.get("ZHITONG_VAR") or ROOT / "var").absolute()
FILE = VAR / "demo.env"


def fresh_secrets() -> dict[str, str]:
    """A new signing key and a new key for personal data (base64 of 32 random bytes)."""
    return {
        "ZHITONG_SECRET_KEY": secrets.token_urlsafe(48),
        "ZHITONG_DATA_KEYS": base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def read_environment(path: Path = FILE) -> dict[str, str]:
    """The ``NAME=value`` lines of the file; nothing if there is no such file."""
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value for name, value in pairs}


def write_environment(values: dict[str, str], path: Path = FILE) -> None:
    """Replace the file by these values, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".new")
    partial.unlink(missing_ok=True)
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write("# Made by script/demo.  The keys open the personal data in the demo's database.\n")
        file.writelines(f"{name}={value}\n" for name, value in sorted(values.items()))
    partial.replace(path)

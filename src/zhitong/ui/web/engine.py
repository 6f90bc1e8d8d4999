"""What pages need on which forms of surveys are filled in: the engine that reads XForms is partly WebAssembly."""

from collections.abc import Callable
from typing import Any

from csp.decorators import csp_update

View = Callable[..., Any]


def with_engine(view: View) -> View:
    """Let the browser compile the engine on this page, and on no other."""
    allowed: View = csp_update({"script-src": ["'wasm-unsafe-eval'"]})(view)
    return allowed

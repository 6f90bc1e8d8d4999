"""What stands at the port: machine intake into the fast lane, everything else to Django in threads."""

from .application import Front

__all__ = ["Front"]

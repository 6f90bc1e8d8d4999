"""Which channels are open: told once when the application starts, from the settings."""

from django.conf import settings

from .actions.adapters import send_mail, write_sms
from .actions.deliver import set_adapter
from .choices import Channel


def declare() -> None:
    """Give e-mail and SMS their adapters; a channel without one fails each of its notices, visibly and at once."""
    if settings.HAS_MAIL:
        set_adapter(Channel.EMAIL, send_mail)
    if settings.SMS_FILE:
        set_adapter(Channel.SMS, write_sms)

"""The only writers of the log, the seals and the outbox."""

from .deliver import bring_forward, deliver, mark_read, retry
from .notify import notify_many
from .record import record_many
from .seal import seal_finished_days

__all__ = ["bring_forward", "deliver", "mark_read", "notify_many", "record_many", "retry", "seal_finished_days"]

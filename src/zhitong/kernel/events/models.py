"""The append-only log, its daily seals, the outbox, and the marks of what processes keep in memory."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhitong.base.identifiers import uuid7

from .choices import Channel, NoticeState


class OpenBook(models.Func):
    """The number of the book that is open; the same for everybody at once, also inside transactions."""

    template = "pg_sequence_last_value('events_book')"
    output_field = models.PositiveIntegerField()
    arity = 0


class Event(models.Model):
    """Something that happened, once.  PostgreSQL refuses to change or delete a row (see migration 0002).

    ``hash`` is SHA-256 over the previous hash of the same stream and the canonical form of this event.  ``book`` is the
    number of the book that was open when it was written: a sequence, not a clock, says which (migration 0006), so that what
    a seal covers does not depend on whether clocks are right.  ``recorded_at`` is what the database's clock said.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stream = models.UUIDField()
    stream_kind = models.CharField(max_length=40)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=80)
    at = models.DateTimeField()
    by_account = models.UUIDField(null=True)
    by_post = models.UUIDField(null=True)
    by_label = models.CharField(max_length=120)
    data = models.JSONField()
    prev = models.BinaryField(null=True)
    hash = models.BinaryField()
    recorded_at = models.DateTimeField(db_default=models.functions.Now())
    book = models.PositiveIntegerField(db_default=OpenBook())

    personal: ClassVar[dict[str, str]] = {"by_label": "staff", "data": "none"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "seq"], name="event_seq_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["recorded_at"], name="event_recorded"),
            models.Index(fields=["kind", "at"], name="event_kind_at"),
            # Books come in order: this one costs a writer nothing.
            BrinIndex(fields=["book"], name="event_book", autosummarize=True),
            models.Index(fields=["by_account", "at"], name="event_by_at", condition=Q(by_account__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.seq}"


class Seal(models.Model):
    """The Merkle root over every event of the books up to ``number`` that no seal before covers, chained to that seal.

    ``day`` (Asia/Shanghai) is the day on which the first of them was recorded.  One day has one seal, unless the clock of
    the database was set back: then what is recorded after the early end of a day is in a further seal of that day.
    """

    number = models.PositiveIntegerField(primary_key=True)
    day = models.DateField()
    count = models.PositiveIntegerField()
    root = models.BinaryField()
    prev = models.BinaryField(null=True)
    hash = models.BinaryField()
    sealed_at = models.DateTimeField(db_default=models.functions.Now())

    def __str__(self) -> str:
        return str(self.day)


class Notice(models.Model):
    """One message to one recipient, written with the change it tells of and delivered by the worker.

    ``to_endpoint`` is another system's endpoint, ``answer`` the code with which it last answered.  A held notice waits until
    its recipient takes notices again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    event = models.UUIDField()
    subject = models.UUIDField()
    template = models.CharField(max_length=80)
    context = models.JSONField(default=dict)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    to_account = models.UUIDField(null=True)
    to_contact = models.UUIDField(null=True)
    to_endpoint = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=NoticeState.choices, default=NoticeState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    last_error = models.TextField(blank=True)
    answer = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField(db_default=models.functions.Now())
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, str]] = {"context": "text", "last_error": "none"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "template", "channel", "to_account", "to_contact", "to_endpoint"],
                name="notice_once",
                nulls_distinct=False,
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="notice_due", condition=Q(state="pending")),
            models.Index(
                F("to_account"),
                F("read_at").desc(nulls_first=True),
                F("created_at").desc(),
                F("id").desc(),
                name="notice_unread_first",
                condition=Q(channel="in_app"),
            ),
            models.Index(fields=["to_endpoint", "-id"], name="notice_endpoint", condition=Q(channel="webhook")),
            models.Index(fields=["subject"], name="notice_subject", condition=~Q(channel="webhook")),
            models.Index(fields=["to_contact"], name="notice_contact", condition=Q(to_contact__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.channel} {self.state}"


class Letter(models.Model):
    """A wording the district edited; where there is none, the one declared in code is used."""

    slug = models.CharField(max_length=80, primary_key=True)
    title = models.CharField(_("标题"), max_length=120)
    body = models.TextField(_("正文"))
    title_en = models.CharField(_("英文标题"), max_length=200, blank=True)
    body_en = models.TextField(_("英文正文"), blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    personal: ClassVar[dict[str, str]] = {"body": "none", "body_en": "none"}

    class Meta:
        verbose_name = _("通知用语")
        verbose_name_plural = _("通知用语")

    def __str__(self) -> str:
        return self.title


class Pulse(models.Model):
    """One row: the moment at which a worker last wrote it.  Whoever finds it on a replica holds all that was before."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="one_pulse")]

    def __str__(self) -> str:
        return f"{self.at}"


class TrustedMoment(models.Model):
    """One row: the last moment at which a worker had no reason to doubt the machine's clock.  A worker that starts far from it doubts."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="one_trusted_moment")]

    def __str__(self) -> str:
        return f"{self.at}"


class Mark(models.Model):
    """New after every change of tables that processes keep in memory, so that they notice.

    Triggers of those tables see to it: ``events_set_mark('organisation')`` and so on (migration 0003).  The value is
    random and not a number, so that a rolled-back change and a later one never share it.
    """

    name = models.CharField(max_length=40, primary_key=True)
    value = models.UUIDField()

    personal: ClassVar[dict[str, str]] = {"name": "none"}

    def __str__(self) -> str:
        return f"{self.name} {self.value}"

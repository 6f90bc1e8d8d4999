"""Queue tickets and appointments.  Neither says who somebody is: a ticket is a number, an appointment a code."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.identifiers import uuid7

from ..choices import BookingState, Priority, Source, TicketState
from ..rules.window import Waiting, written
from .catalogue import Item
from .window import Hall, Queue, Sitting, Window

AT_A_WINDOW = (TicketState.CALLED, TicketState.SERVING)


class LastNumber(models.Model):
    """The last number that a queue has given out on a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    queue = models.ForeignKey(Queue, models.CASCADE, related_name="+")
    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["queue", "day"], name="hall_lastnumber_once")]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.day} {self.last}"


class Ticket(models.Model):
    """A place in line.  ``place_at`` orders; it stays when somebody is sent on to another window.

    ``service`` is what whoever had it may judge, once the visit is over.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="+")
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="+")
    day = models.DateField()
    prefix = models.CharField(max_length=2)
    number = models.PositiveIntegerField()
    source = models.CharField(_("取号方式"), max_length=20, choices=Source.choices)
    priority = models.CharField(_("优先原因"), max_length=20, choices=Priority.choices, blank=True)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField()
    place_at = models.DateTimeField()
    state = models.CharField(_("状态"), max_length=20, choices=TicketState.choices, default=TicketState.WAITING)
    window = models.ForeignKey(Window, models.PROTECT, null=True, related_name="+")
    only_window = models.ForeignKey(Window, models.PROTECT, null=True, related_name="+")
    sitting = models.ForeignKey(Sitting, models.PROTECT, null=True, related_name="+")
    called_at = models.DateTimeField(null=True)
    calls = models.PositiveSmallIntegerField(default=0)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    service = models.OneToOneField("reviews.Service", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("排队号")
        verbose_name_plural = pgettext_lazy("plural", "排队号")
        indexes: ClassVar = [
            models.Index(fields=["hall", "day", "state"], name="hall_ticket_day"),
            models.Index(fields=["day"], condition=Q(state__in=("waiting", *AT_A_WINDOW)), name="hall_ticket_open"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hall", "day", "prefix", "number"], name="hall_ticket_number_once"),
            models.UniqueConstraint(
                fields=["window"], condition=Q(state__in=AT_A_WINDOW), name="hall_ticket_one_at_a_window"
            ),
        ]

    def __str__(self) -> str:
        return written(self.prefix, self.number)

    @property
    def waiting(self) -> Waiting:
        """What decides when it is called."""
        return Waiting(self.pk, self.place_at, self.number, self.due_at, bool(self.priority))

    @property
    def is_open(self) -> bool:
        """Whether its turn is still to come, or now."""
        return self.state in (TicketState.WAITING, *AT_A_WINDOW)


class Booking(models.Model):
    """An appointment at a hall.  Whoever has the code comes; nothing else is known."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="+")
    day = models.DateField()
    starts_at = models.DateTimeField()
    code = models.CharField(max_length=12)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("状态"), max_length=20, choices=BookingState.choices, default=BookingState.BOOKED)
    made_at = models.DateTimeField()
    ticket = models.OneToOneField(Ticket, models.PROTECT, null=True, related_name="booking")

    class Meta:
        verbose_name = _("预约")
        verbose_name_plural = pgettext_lazy("plural", "预约")
        indexes: ClassVar = [
            models.Index(fields=["queue", "day"], name="hall_booking_day"),
            models.Index(fields=["day"], condition=Q(state="booked"), name="hall_booking_open"),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["day", "code"], name="hall_booking_code_once")]

    def __str__(self) -> str:
        return self.code


class Served(models.Model):
    """An application that was taken in while a ticket was served."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="served")
    matter = models.ForeignKey("matters.Matter", models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket", "matter"], name="hall_served_once")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.matter_id}"

"""Who stands by for the grids of a street, phones that are signed in, what came from them, and calls by video."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhitong.base.identifiers import uuid7


class Reserve(models.Model):
    """Somebody of the reserve team 机动队 of a street, who can be called to any of its grids."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    staff = models.ForeignKey("organisation.Staff", models.PROTECT, related_name="+")
    street = models.ForeignKey("territory.Division", models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField()

    personal: ClassVar[dict[str, str]] = {}

    class Meta:
        verbose_name = _("机动队员")
        verbose_name_plural = pgettext_lazy("plural", "机动队员")
        constraints: ClassVar = [models.UniqueConstraint(fields=["street", "staff"], name="fieldwork_reserve_once")]

    def __str__(self) -> str:
        return str(self.staff)


class Phone(models.Model):
    """A phone with which somebody works for a shift.  ``secret`` is a digest of what the phone shows to be recognised."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=120)
    secret = models.BinaryField(editable=False)
    session = models.CharField(max_length=40, blank=True)
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=120, blank=True)
    clock_off = models.IntegerField(
        default=0, help_text="seconds by which the phone's clock goes ahead of the server's"
    )

    personal: ClassVar[dict[str, str]] = {
        "name": "staff", "secret": "secret", "session": "secret", "revoked_by": "staff",
    }  # fmt: skip

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "-id"], name="fieldwork_phone_newest")]

    def __str__(self) -> str:
        return self.name


class Sent(models.Model):
    """Something a phone has sent, under the key it gave it: the same key again is answered as it was then."""

    key = models.UUIDField(primary_key=True, editable=False)
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    digest = models.BinaryField(editable=False)
    said_at = models.DateTimeField(help_text="by the phone's clock")
    clock_off = models.IntegerField(help_text="seconds by which that clock went ahead")
    received_at = models.DateTimeField()
    answer = models.JSONField(default=dict)

    personal: ClassVar[dict[str, str]] = {"answer": "none"}

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "-received_at"], name="fieldwork_sent_newest"),
            models.Index(fields=["received_at"], name="fieldwork_sent_old"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Round(models.Model):
    """A round 巡查 of a grid: where it was checked in to, and the track that was walked.  ``track`` is [seconds, lon, lat, metres] each."""

    id = models.UUIDField(primary_key=True, editable=False)
    division = models.ForeignKey("territory.Division", models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", db_index=False)
    by_label = models.CharField(max_length=120)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    lon = models.FloatField()
    lat = models.FloatField()
    accuracy_m = models.FloatField()
    outside_m = models.FloatField(help_text="how far outside the shape; 0 inside")
    is_inside = models.BooleanField()
    track: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    metres = models.FloatField(default=0)
    covered = models.FloatField(null=True, help_text="share of the grid's area that the track came near")

    personal: ClassVar[dict[str, str]] = {"by_label": "staff", "track": "staff"}

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["division", "-begun_at"], name="fieldwork_round_grid"),
            models.Index(fields=["account", "-begun_at"], name="fieldwork_round_own"),
            models.Index(fields=["begun_at"], name="fieldwork_round_old"),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.begun_at}"


class Note(models.Model):
    """What a resident said 听民声, sealed; ``matter`` is the appeal that was made of it."""

    id = models.UUIDField(primary_key=True, editable=False)
    division = models.ForeignKey("territory.Division", models.PROTECT, related_name="+")
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey("register.Person", models.SET_NULL, null=True, related_name="+")
    matter = models.ForeignKey("matters.Matter", models.SET_NULL, null=True, related_name="+")
    sealed = models.BinaryField(editable=False)
    by_label = models.CharField(max_length=120)
    noted_at = models.DateTimeField()

    personal: ClassVar[dict[str, str]] = {"sealed": "sealed", "by_label": "staff"}

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "-noted_at"], name="fieldwork_note_newest"),
            models.Index(fields=["noted_at"], name="fieldwork_note_old"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class VideoRooms(models.Model):
    """Where the district's video rooms are: one row.  ``template`` holds ``{room}`` where the name of the room goes; empty: none."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    template = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()

    personal: ClassVar[dict[str, str]] = {"template": "none"}

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="fieldwork_video_rooms_one")]

    def __str__(self) -> str:
        return self.template


class VideoCall(models.Model):
    """A call by video 视频连线 about a matter: whom the centre called, and the room, which is used for nothing else.
    Its minutes stand on the matter, in the record of the action that ended it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    matter = models.ForeignKey("matters.Matter", models.CASCADE, related_name="+", db_index=False)
    staff = models.ForeignKey("organisation.Staff", models.PROTECT, related_name="+", db_index=False)
    address = models.CharField(max_length=400, unique=True, editable=False)
    by_label = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, str]] = {"address": "secret", "by_label": "staff"}

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["matter", "-asked_at"], name="fieldwork_call_matter"),
            models.Index(fields=["staff", "-asked_at"], name="fieldwork_call_staff"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.asked_at}"


class Joined(models.Model):
    """Somebody went into the room of a call, at that moment."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    call = models.ForeignKey(VideoCall, models.CASCADE, related_name="joined", db_index=False)
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+")
    by_label = models.CharField(max_length=120)
    at = models.DateTimeField()

    personal: ClassVar[dict[str, str]] = {"by_label": "staff"}

    class Meta:
        indexes: ClassVar = [models.Index(fields=["call", "at"], name="fieldwork_joined_call")]

    def __str__(self) -> str:
        return f"{self.call_id} {self.by_label}"

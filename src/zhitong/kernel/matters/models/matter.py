"""The matter itself, its tasks, people, links and records."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q

from zhitong.base.identifiers import uuid7

from ..choices import Channel, Grade, Part, Relation, TaskRole, TaskState, Urgency
from .catalogue import SubKind

# What open matters are counted by, besides the moment they are due.
COUNTED_BY = ("kind", "stage", "grade", "urgency", "returns", "round", "opened_by", "opened_at", "stage_at", "path")
# The same of those that stand in a stage.
STANDING_BY = ("kind", "grade", "urgency", "returns", "round", "opened_by", "opened_at", "stage_at", "is_paused")
# What a task knows of its matter while that is open: how it stands, and when it is due.
KNOWN_TO_TASKS = ("kind", "stage", "grade", "due_at", "is_paused", "is_live")
# kB of what waits to be sorted into an index of words: at PostgreSQL's 4 MB somebody waits 50 ms for the 6,000 appeals before, at this 5 ms
PENDING = 256


class Matter(models.Model):
    """What somebody raised at a place; ``open_matter`` and ``act`` are its only writers.

    ``path`` holds the division and all above it as they were when the matter was placed; ``area`` is the one at street level.
    ``due_at`` and ``grade`` are the earliest running clock's, kept here for lists.  ``erased_at`` is when all words and files were
    taken out; what the log and the figures know of it stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=15, unique=True)
    kind = models.CharField(max_length=40)
    subkind = models.ForeignKey(SubKind, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=120)
    text = models.TextField()
    address = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    division = models.ForeignKey("territory.Division", models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey("territory.Division", models.PROTECT, null=True, related_name="+", db_index=False)
    path = ArrayField(models.UUIDField(), default=list)
    category = models.ForeignKey("organisation.Category", models.PROTECT, null=True, related_name="+")
    urgency = models.CharField(max_length=10, choices=Urgency.choices, default=Urgency.NORMAL)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    lead = models.ForeignKey("organisation.Organ", models.PROTECT, null=True, related_name="+", db_index=False)
    reporter = models.ForeignKey("register.Person", models.PROTECT, null=True, related_name="+")
    is_public = models.BooleanField(default=False)
    is_paused = models.BooleanField(default=False)
    returns = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=30, blank=True)
    satisfaction = models.PositiveSmallIntegerField(null=True)
    tracking = models.BinaryField(null=True)
    opened_by = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    stage_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    grade = models.CharField(max_length=10, choices=Grade.choices, default=Grade.ON_TIME)
    version = models.PositiveIntegerField(default=1)
    erased_at = models.DateTimeField(null=True)
    # No column: whether ``act`` found it done already under the key it was given.
    was_known = False

    personal: ClassVar[dict[str, str]] = {
        "text": "text",
        "title": "text",
        "address": "address",
        "lon": "place",
        "lat": "place",
    }

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(lon=None, lat=None) | Q(lon__range=(-180, 180), lat__range=(-90, 90)), name="matter_point"
            ),
            models.CheckConstraint(condition=Q(satisfaction=None) | Q(satisfaction__range=(1, 5)), name="matter_grade"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["stage", "-id"], name="matter_ended", condition=Q(closed_at__isnull=False)),
            models.Index(
                fields=["stage", "due_at", "id"],
                include=STANDING_BY,
                name="matter_standing",
                condition=Q(closed_at=None),
            ),
            models.Index(fields=["lead", "-id"], name="matter_lead_newest"),
            models.Index(fields=["area", "-id"], name="matter_area"),
            models.Index(
                fields=["opened_by", "kind", "-opened_at"],
                name="matter_opened_by",
                condition=Q(opened_by__isnull=False),
            ),
            models.Index(
                fields=["opened_by", "kind"],
                name="matter_opened_standing",
                condition=Q(opened_by__isnull=False, closed_at=None),
            ),
            models.Index(fields=["due_at", "id"], include=COUNTED_BY, name="matter_open", condition=Q(closed_at=None)),
            models.Index(fields=["-id"], name="matter_public", condition=Q(is_public=True)),
            models.Index(
                fields=["closed_at", "id"],
                name="matter_kept",
                condition=Q(erased_at__isnull=True, closed_at__isnull=False),
            ),
            GinIndex(fields=["path"], name="matter_path", gin_pending_list_limit=PENDING),
            GistIndex(Func(F("lon"), F("lat"), function="point"), name="matter_place"),
        ]

    def __str__(self) -> str:
        return self.number


def marks_of(key: str, organs: str) -> Func:
    """When an id was made and whose it is: its days, the first twenty bits of its moment (some three days, 2**28 ms), and each organ."""
    return Func(F(key), F(organs), function="matters_marks")


def said(key: str, words: str) -> Func:
    """The words of an id, each behind its period: the first fourteen bits of the id's moment (199 days, 2**34 ms)."""
    return Func(F(key), F(words), function="matters_said")


class MatterWords(models.Model):
    """The words a matter is found by; apart, so that a change of stage does not touch the text index.

    In the index each word stands behind the period it was said in.  Beside the words it knows the days a matter came in, and the organs
    that have or had a share, which a trigger of the tasks keeps: so the newest are found without looking at those of all others and of
    all years.  These marks come first, and with them the search begins: words that never meet are then not looked for in other days
    than those asked for.
    """

    matter = models.OneToOneField(Matter, models.CASCADE, primary_key=True, related_name="words")
    words = SearchVectorField()
    organs = ArrayField(models.UUIDField(), db_default=[])

    personal: ClassVar[dict[str, str]] = {"words": "text"}

    class Meta:
        indexes: ClassVar = [
            GinIndex(
                marks_of("matter", "organs"),
                said("matter", "words"),
                name="matter_said",
                gin_pending_list_limit=PENDING,
            )
        ]

    def __str__(self) -> str:
        return str(self.matter_id)


class Task(models.Model):
    """One organ's share of a matter.

    While its matter is open (``is_live``) it knows how that stands (``KNOWN_TO_TASKS``), so that what an organ has or had a share in
    is read in the order it is due and counted from one index, whatever else is open in the district.  Triggers of both tables keep that.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="tasks")
    organ = models.ForeignKey("organisation.Organ", models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=12, choices=TaskRole.choices)
    state = models.CharField(max_length=10, choices=TaskState.choices, default=TaskState.OPEN)
    assignee = models.ForeignKey("organisation.Staff", models.PROTECT, null=True, related_name="+", db_index=False)
    round = models.PositiveSmallIntegerField(default=1)
    is_binding = models.BooleanField(default=False)
    brief = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=40, db_default="", editable=False)
    stage = models.CharField(max_length=40, db_default="", editable=False)
    grade = models.CharField(max_length=10, choices=Grade.choices, db_default="", editable=False)
    due_at = models.DateTimeField(null=True, editable=False)
    is_paused = models.BooleanField(db_default=False, editable=False)
    is_live = models.BooleanField(db_default=False, editable=False)

    personal: ClassVar[dict[str, str]] = {"brief": "text"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matter"], condition=Q(role="lead", state="open"), name="task_one_lead"),
            models.UniqueConstraint(
                fields=["matter", "organ", "role"], condition=Q(state="open"), name="task_once_an_organ"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organ", "matter"], name="task_organ_matter"),
            models.Index(
                fields=["organ", "due_at", "matter"],
                include=("state", "role", "assignee", "sent_at", "kind", "stage", "grade", "is_paused", "is_live"),
                name="task_live",
                condition=Q(is_live=True),
            ),
            models.Index(
                fields=["assignee", "state", "matter"], name="task_assignee", condition=Q(assignee__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.organ_id} {self.role}"


class Record(models.Model):
    """What was written down in one action: the words and facts of its form, kept apart from the log so that personal
    data in it can be erased; the log keeps the digest."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="records", db_index=False)
    event = models.UUIDField(unique=True)
    action = models.CharField(max_length=40)
    stage = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField(default=1)
    organ = models.ForeignKey("organisation.Organ", models.PROTECT, null=True, related_name="+")
    data = models.JSONField()
    digest = models.BinaryField()
    is_public = models.BooleanField(default=False)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=120)
    erased_at = models.DateTimeField(null=True)

    personal: ClassVar[dict[str, str]] = {"data": "text", "by_label": "staff"}

    class Meta:
        indexes: ClassVar = [models.Index(fields=["matter", "at"], name="record_matter")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.action}"


class Participant(models.Model):
    """A person who raised a matter, joined it, or came to it with a duplicate."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="participants", db_index=False)
    person = models.ForeignKey("register.Person", models.PROTECT, related_name="+")
    part = models.CharField(max_length=10, choices=Part.choices)
    joined_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["matter", "person"], name="participant_once")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.part}"


class Link(models.Model):
    """``source`` stands in ``relation`` to ``target``: a duplicate of it, split from it, raised in it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(Matter, models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Matter, models.CASCADE, related_name="links_in")
    relation = models.CharField(max_length=20, choices=Relation.choices)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "target", "relation"], name="link_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="link_not_self"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.relation} {self.target_id}"


class IdempotencyKey(models.Model):
    """The key under which something was sent, so that sending it again gives the same answer."""

    key = models.CharField(max_length=100, primary_key=True)
    digest = models.BinaryField()
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(db_default=models.functions.Now())

    def __str__(self) -> str:
        return self.key


class SavedView(models.Model):
    """A list's filters under a name, for one account."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField(auto_now_add=True)

    personal: ClassVar[dict[str, str]] = {"name": "none", "query": "text"}

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name

"""Tokens of other systems: who they act as, how long they hold, and what is kept of them."""

from datetime import date, timedelta

import pytest

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.base.identifiers import uuid7
from zhitong.kernel.events.public import Event, stream
from zhitong.kernel.organisation import public as organisation

from .. import public
from ..models import TokenSecret
from ..rules import token_digest
from .conftest import AT, BY, grant, make_organ, make_post

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def make(office, **fields):
    values = {"name": "12345热线平台", "post_id": office.post.pk, "scopes": ["read", "raise"], **fields}
    return public.make_token(by=BY, at=AT, **values)


def refusal(secret, at=AT):
    with pytest.raises(public.NotKnown) as error:
        public.admit(secret, at=at)
    assert error.value.status == 401
    return error.value.code


def test_a_token_acts_through_its_post(office):
    grant(office.post, "case_worker")
    issued = make(office)
    actor = public.admit(issued.secret, at=AT).actor
    assert actor.kind == public.ActorKind.INTEGRATION
    assert (actor.post_id, actor.account_id) == (office.post.pk, issued.token.pk)
    assert actor.label == "12345热线平台（甲街道办事处 科员）"
    [held] = actor.grants_for("test.handle")
    assert held.organ_ids == {office.organ.pk, office.section.pk}
    assert not actor.may("test.approve")


def test_letting_in_takes_four_queries_and_notes_the_use_once_a_minute(office, django_assert_num_queries):
    grant(office.post, "case_worker")
    issued = make(office)
    public.actor_for(office.account)
    with django_assert_num_queries(4):  # secret with token and post, use, grants, marks
        public.admit(issued.secret, at=AT)
    with django_assert_num_queries(3):
        public.admit(issued.secret, at=AT + timedelta(seconds=59))
    assert TokenSecret.objects.get().last_used_at == AT
    public.admit(issued.secret, at=AT + timedelta(seconds=61))
    assert TokenSecret.objects.get().last_used_at == AT + timedelta(seconds=61)


def test_only_a_digest_is_kept(office):
    issued = make(office)
    kept = TokenSecret.objects.get()
    assert issued.secret.startswith("zt_")
    assert len(issued.secret) == 43
    assert bytes(kept.digest) == token_digest(issued.secret)
    assert issued.secret.startswith(kept.prefix)
    assert len(kept.prefix) == 11
    assert issued.secret not in str(list(Event.objects.values_list("data", flat=True)))


@pytest.mark.parametrize("secret", ["zt_" + "a" * 40, "x", "\udcff", "令牌", "zt_\0"])
def test_what_nobody_made_is_unknown(office, secret):
    assert refusal(secret) == "token_unknown"


def test_nothing_shown_is_said_to_be_missing():
    assert refusal("") == "token_missing"


def test_it_ends_after_a_year_unless_told_otherwise(office):
    issued = make(office)
    assert issued.token.expires_at == AT + timedelta(days=365)
    assert public.admit(issued.secret, at=AT + timedelta(days=364))
    assert refusal(issued.secret, AT + timedelta(days=365)) == "token_expired"


def test_rotation_leaves_the_old_secret_for_a_while(office):
    old = make(office)
    new = public.rotate_token(old.token.pk, overlap=7 * DAY, by=BY, at=AT + HOUR)
    for secret in (old.secret, new.secret):
        assert public.admit(secret, at=AT + HOUR + 6 * DAY)
    assert refusal(old.secret, AT + HOUR + 7 * DAY) == "token_expired"
    newest = public.rotate_token(old.token.pk, overlap=timedelta(0), by=BY, at=AT + 2 * HOUR)
    for secret in (old.secret, new.secret):
        assert refusal(secret, AT + 2 * HOUR) == "token_expired"
    assert public.admit(newest.secret, at=AT + 2 * HOUR)


def test_rotation_can_set_a_new_end_and_gives_one_to_what_is_past(office):
    old = make(office, expires_at=AT + DAY)
    later = AT + 3 * DAY
    assert public.rotate_token(old.token.pk, overlap=DAY, by=BY, at=later).token.expires_at == later + timedelta(
        days=365
    )
    ends = later + 10 * DAY
    assert public.rotate_token(old.token.pk, overlap=DAY, expires_at=ends, by=BY, at=later).token.expires_at == ends


def test_a_form_sent_twice_does_not_rotate_twice(office):
    old = make(office)
    seen = old.token.secrets.get().prefix
    public.rotate_token(old.token.pk, overlap=DAY, seen=seen, by=BY, at=AT)
    with pytest.raises(Conflict):
        public.rotate_token(old.token.pk, overlap=DAY, seen=seen, by=BY, at=AT)
    assert old.token.secrets.count() == 2


def test_a_revoked_token_is_out_with_all_its_secrets(office):
    old = make(office)
    new = public.rotate_token(old.token.pk, overlap=DAY, by=BY, at=AT)
    public.revoke_token(old.token.pk, by=BY, at=AT)
    assert refusal(old.secret) == refusal(new.secret) == "token_revoked"
    for act in (public.revoke_token, lambda pk, **kw: public.rotate_token(pk, overlap=DAY, **kw)):
        with pytest.raises(Conflict):
            act(old.token.pk, by=BY, at=AT)
    assert make(office).token.name == old.token.name  # the name is free again


def test_each_step_is_in_the_log(office):
    token = make(office).token
    public.rotate_token(token.pk, overlap=DAY, by=BY, at=AT)
    public.revoke_token(token.pk, by=BY, at=AT)
    told = list(stream(token.pk))
    assert [event.kind for event in told] == ["token.made", "token.rotated", "token.revoked"]
    assert told[0].data["scopes"] == ["raise", "read"]
    assert [event.data["name"] for event in told] == ["12345热线平台"] * 3


def test_a_token_can_do_nothing_once_its_post_is_gone(office):
    grant(office.post, "case_worker")
    issued = make(office)
    organisation.end_post(office.post.pk, on=date(2026, 4, 1), by=BY, at=AT)
    assert public.admit(issued.secret, at=AT).actor.may("test.handle")
    assert not public.admit(issued.secret, at=AT + timedelta(days=40)).actor.permissions


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("scopes", {"scopes": []}),
        ("scopes", {"scopes": ["read", "everything"]}),
        ("name", {"name": " \t"}),
        ("post", {"post_id": uuid7()}),
        ("expires_at", {"expires_at": AT}),
        ("expires_at", {"expires_at": AT + timedelta(days=800)}),
        ("per_minute", {"per_minute": 0}),
        ("per_minute", {"per_minute": 1_000_000}),
    ],
)
def test_what_cannot_be_made_says_which_field(office, field, fields):
    with pytest.raises(Refused) as error:
        make(office, **fields)
    assert error.value.field == field


def test_two_in_force_cannot_have_one_name(office):
    make(office)
    with pytest.raises(Conflict) as error:
        make(office)
    assert error.value.code == "token_exists"


@pytest.mark.parametrize("overlap", [-DAY, 31 * DAY])
def test_an_overlap_has_its_limits(office, overlap):
    with pytest.raises(Refused):
        public.rotate_token(make(office).token.pk, overlap=overlap, by=BY, at=AT)


def test_only_for_whoever_manages_accounts(office):
    worker = public.actor_for(office.account)
    token = make(office).token
    with pytest.raises(NotAllowed):
        public.make_token(name="x", post_id=office.post.pk, scopes=["read"], by=worker, at=AT)
    with pytest.raises(NotAllowed):
        public.rotate_token(token.pk, overlap=DAY, by=worker, at=AT)
    with pytest.raises(NotAllowed):
        public.revoke_token(token.pk, by=worker, at=AT)
    with pytest.raises(NotFound):
        public.revoke_token(uuid7(), by=BY, at=AT)


def test_the_list_shows_what_is_in_force_first(office, django_assert_num_queries):
    first, second = make(office), make(office, name="市级平台")
    public.revoke_token(second.token.pk, by=BY, at=AT)
    third = make(office, name="民生小程序", post_id=make_post(make_organ("B", "乙街道办事处")).pk)
    with django_assert_num_queries(2):
        rows = list(public.tokens())
        assert [str(row.post) for row in rows]
        assert all(row.secrets.all() for row in rows)
    assert [row.pk for row in rows] == [third.token.pk, first.token.pk, second.token.pk]

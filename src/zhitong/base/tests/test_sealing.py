import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhitong.base.sealing import Keyring, Unreadable

OLD, NEW = secrets.token_bytes(32), secrets.token_bytes(32)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_opens_again(text: str) -> None:
    ring = Keyring([OLD])
    assert ring.open(ring.seal(text, "t.c"), "t.c") == text


def test_sealed_bytes_say_nothing() -> None:
    ring = Keyring([OLD])
    first, second = ring.seal("13800000000", "t.c"), ring.seal("13800000000", "t.c")
    assert first != second
    assert b"13800000000" not in first


def test_bound_to_its_place() -> None:
    ring = Keyring([OLD])
    with pytest.raises(Unreadable):
        ring.open(ring.seal("13800000000", "t.phone"), "t.email")


@pytest.mark.parametrize("position", [0, 2, 8, 20, -1])
def test_a_changed_byte_is_noticed(position: int) -> None:
    ring = Keyring([OLD])
    sealed = bytearray(ring.seal("13800000000", "t.c"))
    sealed[position] ^= 1
    with pytest.raises(Unreadable):
        ring.open(bytes(sealed), "t.c")


def test_short_bytes_are_unreadable() -> None:
    ring = Keyring([OLD])
    for length in range(40):
        with pytest.raises(Unreadable):
            ring.open(ring.seal("", "t.c")[: min(length, 32)], "t.c")


def test_rotation() -> None:
    before, during, after = Keyring([OLD]), Keyring([NEW, OLD]), Keyring([NEW])
    sealed = before.seal("甲", "t.c")
    assert during.open(sealed, "t.c") == "甲"
    assert not during.is_current(sealed)
    again = during.seal("甲", "t.c")
    assert during.is_current(again)
    assert after.open(again, "t.c") == "甲"
    with pytest.raises(Unreadable):
        after.open(sealed, "t.c")


def test_blind_digests() -> None:
    before, during = Keyring([OLD]), Keyring([NEW, OLD])
    assert before.blind("1", "t.c") == before.blind("1", "t.c")
    assert before.blind("1", "t.c") != before.blind("2", "t.c")
    assert before.blind("1", "t.c") != before.blind("1", "t.d")
    assert before.blind("1", "t.c") in during.blinds("1", "t.c")
    assert during.blind("1", "t.c") == during.blinds("1", "t.c")[0] != before.blind("1", "t.c")


def test_keys_are_checked() -> None:
    with pytest.raises(ValueError, match="at least one key"):
        Keyring([])
    with pytest.raises(ValueError, match="32 bytes"):
        Keyring([b"short"])

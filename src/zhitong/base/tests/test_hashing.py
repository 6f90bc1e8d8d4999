import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhitong.base.hashing import canonical, chain, merkle_root

contents = st.lists(st.binary(max_size=20), min_size=1, max_size=12)


def test_canonical_does_not_depend_on_the_order_of_keys():
    assert canonical({"b": 1, "a": "路"}) == '{"a":"路","b":1}'.encode() == canonical({"a": "路", "b": 1})


def test_canonical_refuses_what_json_cannot_hold():
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical(float("nan"))


def links(items):
    last = None
    for item in items:
        last = chain(last, item)
    return last


@given(contents, st.data())
def test_a_chain_and_a_root_show_any_change(items, data):
    place = data.draw(st.integers(0, len(items) - 1))
    other = data.draw(st.binary(max_size=20).filter(lambda b: b != items[place]))
    changed = [*items[:place], other, *items[place + 1 :]]
    assert links(changed) != links(items)
    assert merkle_root(changed) != merkle_root(items)


@given(contents)
def test_a_root_shows_what_was_taken_out_or_doubled(items):
    assert merkle_root(items[:-1]) != merkle_root(items)
    assert merkle_root([*items, items[-1]]) != merkle_root(items)


def test_roots_are_those_of_rfc_6962():
    def leaf(data):
        return hashlib.sha256(b"\x00" + data).digest()

    def node(a, b):
        return hashlib.sha256(b"\x01" + a + b).digest()

    assert merkle_root([]) == hashlib.sha256().digest()
    assert merkle_root([b"a"]) == leaf(b"a")
    assert merkle_root([b"a", b"b", b"c"]) == node(node(leaf(b"a"), leaf(b"b")), leaf(b"c"))

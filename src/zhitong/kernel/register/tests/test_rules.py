"""What is a person's, and who is who."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..rules import Given, NewPerson, check, choose, email, identity, mask_email, name_key


@dataclass
class One:
    name: str


@pytest.mark.parametrize("text", ["a@b.cn", "Zhang.San+1@Mail.Example.com", " x_y@qq.com ", "1234567@163.com"])
def test_addresses(text):
    assert email(text) == text.strip().lower()


@pytest.mark.parametrize(
    "text", ["", "a", "a@b", "a@@b.cn", "a b@c.cn", "a@b..cn", "a@-b.cn", "<a@b.cn>", "a@b.cn\n\nx", "a" * 90 + "@b.cn"]
)
def test_not_addresses(text):
    assert email(text) is None


@given(st.text())
def test_any_text_is_an_address_or_not(text):
    found = email(text)
    assert found is None or (found.count("@") == 1 and len(mask_email(found)) <= 100)


@given(st.text(), st.text(), st.text(), st.text())
def test_checking_never_fails(name, phone, mail, number):
    given_, wrong = check(NewPerson(name, phone, mail, number))
    assert set(wrong) <= {"name", "phone", "email", "citizen_id"}
    assert "\x00" not in given_.name


def test_everything_wrong_is_named():
    _given, wrong = check(NewPerson("甲" * 61, "12", "x@", "123"))
    assert wrong == ["name", "phone", "email", "citizen_id"]


def test_spellings():
    checked, wrong = check(NewPerson(" 张 三\n", "+86 138-0000-0000", "A@B.cn", ""))
    assert wrong == []
    assert checked == Given("张 三", "13800000000", "a@b.cn", "")
    assert name_key("张 三") == name_key("张三")


def test_the_same_name_is_the_same_person():
    first, second = One("张三"), One("李四")
    assert choose("李 四", [first, second]) is second


def test_another_name_is_another_person():
    assert choose("王五", [One("张三")]) is None
    assert choose("王五", []) is None


def test_a_missing_name_fits_anybody():
    first, nameless = One("张三"), One("")
    assert choose("", [first, nameless]) is first
    assert choose("王五", [first, nameless]) is nameless
    assert choose("", []) is None


def test_identity_prefers_the_citizen_id():
    assert identity(Given("张三", "13800000000", "", "11010519491231002X")) == "citizen 11010519491231002X"
    assert identity(Given("张 三", "13800000000", "", "")) == identity(Given("张三", "13800000000", "", ""))
    assert identity(Given("张三", "", "", "")) == ""


@pytest.mark.parametrize(
    ("address", "masked"),
    [("zhangsan@example.com", "zh***@example.com"), ("abc@example.com", "a***@example.com"), ("a@b.cn", "a***@b.cn")],
)
def test_masked_addresses(address, masked):
    assert mask_email(address) == masked

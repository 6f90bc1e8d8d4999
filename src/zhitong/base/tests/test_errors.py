import pytest

from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused


class Lazy:
    def __str__(self):
        return "请先签收"


@pytest.mark.parametrize(("kind", "status"), [(Refused, 422), (NotAllowed, 403), (NotFound, 404), (Conflict, 409)])
def test_an_error_keeps_its_code_field_and_lazy_message(kind, status):
    lazy = Lazy()
    error = kind("sign_first", lazy, field="task")
    assert (error.code, error.field, error.status) == ("sign_first", "task", status)
    assert error.message is lazy
    assert str(error) == "请先签收"
    assert isinstance(error, Refused)

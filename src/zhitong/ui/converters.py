"""Path converters that several faces use.  Importing this registers them."""

from django.urls import register_converter

from zhitong.base.identifiers import check_number


class NumberConverter:
    """A matter's number with a check digit that fits; anything else is no such page."""

    regex = r"\d{15}"

    def to_python(self, value: str) -> str:
        """The number as it is."""
        if not check_number(value):
            raise ValueError(value)
        return value

    def to_url(self, value: str) -> str:
        """The number as it is."""
        return value


register_converter(NumberConverter, "number")

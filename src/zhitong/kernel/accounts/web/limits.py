"""What an answer to somebody who tries too often says."""

from django.http import HttpResponse

from zhitong.base.errors import Refused

from ..actions import TooMany


def come_again(answer: HttpResponse, refused: Refused) -> HttpResponse:
    """``answer``, with ``Retry-After`` where the refusal was for too many tries."""
    if isinstance(refused, TooMany):
        answer["Retry-After"] = str(refused.retry_after)
    return answer

"""Photos, documents, sound and film of answers: checked like every upload, kept with their survey, destroyed with their answers."""

import shutil
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from zhitong.base.errors import Refused
from zhitong.base.text import clean
from zhitong.kernel.matters.public import Upload, check_upload, put_file

from ..models import Answer, Photo, folder_of
from ..rules.alarms import at_path
from ..rules.checking import Wrong
from ..rules.recordings import ENDINGS, is_recording, largest, recording_type
from ..rules.xform import Form, Question

MOST_PHOTOS = 20  # of an answer
MOST_IN_ALL = 120 * 1024 * 1024  # bytes of an answer


def looked_at(form: Form, values: dict[str, Any], files: Mapping[str, bytes]) -> tuple[dict[str, Upload], list[Wrong]]:
    """The files the answers speak of, by the name they have there, and what is wrong with them.  Others are left out."""
    found, wrong = dict[str, Upload](), list[Wrong]()
    for question in form.asked:
        if not question.takes_file:
            continue
        for name in at_path(values, question.path.split("/")[2:]):
            try:
                found[name] = _looked_at(question, name, files, found)
            except Refused as refused:
                wrong.append(Wrong(question.path, question.label or question.name, str(refused)))
    return found, wrong


def _looked_at(question: Question, name: str, files: Mapping[str, bytes], found: Mapping[str, Upload]) -> Upload:
    if name not in files or len(name) > 120:
        raise Refused("no_file", _("文件没有传到，请重新选择。"))
    if len(found) >= MOST_PHOTOS:
        raise Refused("too_many_files", _("一份答卷最多 %(most)s 个文件。") % {"most": MOST_PHOTOS})
    if sum(len(one.content) for one in found.values()) + len(files[name]) > MOST_IN_ALL:
        raise Refused("too_much", _("一份答卷的文件合起来最多 120 MB，请去掉几个。"))
    return (
        _recording(question.media, name, files[name])
        if is_recording(question.media)
        else check_upload(name, files[name])
    )


def _recording(asked: str, name: str, content: bytes) -> Upload:
    """Sound or film as it was recorded; it is kept as it is."""
    if len(content) > largest(asked):
        raise Refused("file_too_big", _("文件太大：录音最多 20 MB，录像最多 60 MB。请录短一些。"))
    media_type = recording_type(content, asked)
    if not media_type:
        raise Refused("file_kind", _("不是能用的录音、录像，请用手机重新录一段。"))
    stem = clean(PurePath(name.replace("\\", "/")).name).rsplit(".", 1)[0][-80:] or "file"
    return Upload(stem + ENDINGS[media_type], media_type, content, None)


def keep(answer: Answer, uploads: Mapping[str, Upload]) -> None:
    """Write them down, in the transaction of the answer."""
    for name, upload in uploads.items():
        photo = Photo(answer=answer, name=name, media_type=upload.media_type, size=len(upload.content))
        put_file(folder_of(answer.survey_id) / photo.pk.hex, upload.content)
        photo.save(force_insert=True)


def drop_all(survey_id: UUID) -> None:
    """Every photo of a survey, once this transaction is through; also what a broken-off upload left."""
    Photo.objects.filter(answer__survey=survey_id).delete()
    transaction.on_commit(partial(shutil.rmtree, folder_of(survey_id), ignore_errors=True))


def drop(answers: Iterable[Answer]) -> None:
    """Every photo of these answers."""
    for answer in answers:
        for photo in answer.photos.all():
            place = folder_of(answer.survey_id) / photo.pk.hex
            transaction.on_commit(partial(place.unlink, missing_ok=True))
        answer.photos.all().delete()

"""What is said of a file that is no table, wherever one is taken over."""

from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.base.tables import BadTable

BAD_TABLE = {
    "empty": _("文件是空的，请重新选择文件。"),
    "not_a_table": _("无法打开该文件，请保存为 xlsx 或 csv 格式。"),
    "old_excel": _("这是旧版Excel文件（xls），请另存为 xlsx 或 csv 格式。"),
    "too_large": _("文件太大，请拆分后再导入。"),
    "broken": _("文件在第%(row)d行附近损坏，无法继续读取，请检查该行的引号或重新导出。"),
}


def refused_table(error: BadTable) -> Refused:
    """The sentence that says what is wrong with a file."""
    sentence = str(BAD_TABLE[error.code])
    return Refused(error.code, sentence % {"row": error.row} if "%(" in sentence else sentence, "file")

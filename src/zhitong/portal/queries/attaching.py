"""Which actions take photos and documents, and what these are then kept as."""

from zhitong.kernel.matters.public import Purpose

TAKES_FILES: dict[str, str] = {
    "meet": Purpose.EVIDENCE, "visit": Purpose.EVIDENCE, "return": Purpose.EVIDENCE, "return_co": Purpose.EVIDENCE,
    "report_co": Purpose.AFTER, "on_spot": Purpose.AFTER, "conclude": Purpose.REPLY, "answer_review": Purpose.REPLY,
    "close_supervised": Purpose.EVIDENCE, "supplement": Purpose.REPORT, "note": Purpose.EVIDENCE,
}  # fmt: skip
# Where one form has two controls, each says what its files are kept as.
BOTH = "handle"
PURPOSES = {"before": Purpose.BEFORE, "after": Purpose.AFTER}

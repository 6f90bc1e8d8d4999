from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from zhitong.base.learning.features import counts, kept, plain, runs, word_id
from zhitong.base.learning.labelled import each_once
from zhitong.base.learning.measures import by_class, calibration_error, confusions, curve, macro_f1
from zhitong.base.learning.model import Example, learned, settled, unpacked

from .invented import ABOUT, invented


def test_numbers_and_introduced_names_are_gone_before_anything_is_read() -> None:
    said = plain("我叫王小明，电话 13812345678，身份证370103199001011234。3号楼２０２室 路灯不亮")
    assert "王小明" not in said
    assert not set("123456789") & set(said)
    assert "路灯不亮" in said


def test_only_what_enough_people_wrote_is_kept() -> None:
    read = [
        (counts("垃圾桶满了张三丰"),),
        (counts("垃圾桶满了"),),
        (counts("垃圾桶满了"),),
        (counts("垃圾桶满了张三丰"),),
    ]
    ids, times = kept(read, [1, 2, 3, 1], 3)
    assert word_id("垃圾桶") in ids
    assert word_id("张三丰") not in ids
    assert set(times) == {3}


def test_no_name_number_or_sentence_is_in_a_model() -> None:
    examples = [replace(one, body=f"{one.body}联系赵铁柱{one.owner:011d}") for one in invented(300)]
    ids = learned(examples, least=3).top.ids
    everything = learned([replace(one, owner=1) for one in examples], least=3)
    assert len(ids)
    assert not len(everything.top.ids)  # one person alone teaches nothing
    packed = learned(examples).packed()
    for secret in ("赵铁柱", "路灯不亮", "00000000012", "东风街"):
        assert secret.encode() not in packed
        assert secret.encode("utf-16-le") not in packed


def test_what_identifies_somebody_is_no_feature_however_many_wrote_it() -> None:
    """A telephone, an identity number and a name that introduces itself, in the messages of 300 different people."""
    told = "我叫赵铁柱，电话13800001234，身份证号370103199001011234。"
    node = learned([replace(one, body=f"{one.body}{told}") for one in invented(300)]).top
    assert word_id("电话") in node.ids, "the words around them are features, they are not"
    for secret in ("赵铁柱", "13800001234", "370103199001011234", "铁柱"):
        assert word_id(secret) not in node.ids
        assert not set(_features(secret)) & set(node.ids.tolist())


def _features(text: str) -> list[int]:
    """Its characters by threes, as they would be read if nothing was taken out."""
    return [n for run in runs(text)[-1:] for n in run.tolist()]


def test_what_was_learned_sorts_what_was_not_seen() -> None:
    model = learned(invented(600, seed=1))
    asked = invented(200, seed=2)
    said = [model.likely(one.title, one.body, most=1)[0].label for one in asked]
    wrong = sum(a != b.label for a, b in zip(said, asked, strict=True))
    assert wrong <= 4, "two in a hundred at most: what they say of the subject is never mixed"


def test_the_words_that_speak_for_it_are_words_of_the_message() -> None:
    model = learned(invented(600))
    first = model.likely("和平路路灯不亮", "晚上一片漆黑，请尽快处理")[0]
    assert first.label == ("城乡建设", "市政设施", "路灯照明")
    assert {"路灯", "漆黑", "一片漆黑"} & set(first.words)
    assert "请" not in first.words
    assert not {"尽快", "处理", "希望", "反映"} & set(first.words), "they say nothing of what it is about"
    assert 0.5 < first.share <= 1


def test_shares_of_all_labels_sum_to_one() -> None:
    ranked = learned(invented(300)).ranked((counts("学校收费"), counts("")))
    assert sum(share for _label, share in ranked) == pytest.approx(1, abs=1e-6)
    assert {label for label, _share in ranked} == set(ABOUT)


def test_a_rare_label_counts_as_what_it_lies_under() -> None:
    labels = [("甲", "乙", "丙")] * 8 + [("甲", "乙", "丁")] * 3 + [("甲", "戊", "己")] * 2 + [("庚",)]
    found = Counter(settled(labels, least=8))
    assert found == {("甲", "乙", "丙"): 8, ("甲",): 5, ("庚",): 1}


def test_a_model_is_read_back_as_it_was_written() -> None:
    model = learned(invented(300))
    data = model.packed()
    again = unpacked(data)
    for one in invented(20, seed=3):
        assert again.likely(one.title, one.body) == model.likely(one.title, one.body)
    for broken in (data[:-1], b"x" + data, data[:200] + bytes([data[200] ^ 1]) + data[201:], b""):
        with pytest.raises(ValueError, match="not a model"):
            unpacked(broken)


def test_an_empty_message_gets_an_answer() -> None:
    assert learned(invented(200)).likely("", "")[0].share <= 1


def test_one_class_only_is_no_choice() -> None:
    only = [Example("路灯不亮", "", ("甲",), n) for n in range(10)]
    assert learned(only).likely("什么都行", "")[0].share == 1


def test_a_message_in_several_files_is_learned_once() -> None:
    whole = Example("路灯不亮", "晚上漆黑", ("甲",))
    parts = [
        Example("", "晚上漆黑。", ("甲",)),
        Example("路灯，不亮", "", ("甲",)),
        whole,
        Example("别的", "", ("乙",)),
    ]
    assert [(one.title, one.body) for one in each_once(parts)] == [("路灯不亮", "晚上漆黑"), ("别的", "")]


def test_measures() -> None:
    true, said = list("aaabbc"), list("aabbbb")
    assert {one.label: (one.cases, one.said, one.right) for one in by_class(true, said)} == {
        "a": (3, 2, 2), "b": (2, 4, 2), "c": (1, 0, 0),
    }  # fmt: skip
    assert macro_f1(true, said) == pytest.approx((4 / 5 + 4 / 6 + 0) / 3)
    assert confusions(true, said) == [("a", "b", 1), ("c", "b", 1)]
    at = {round(one.threshold, 2): one for one in curve([0.9, 0.8, 0.3], [True, False, True])}
    assert [at[0.0].coverage, at[0.0].precision] == pytest.approx([1.0, 2 / 3])
    assert [at[0.85].coverage, at[0.85].precision] == pytest.approx([1 / 3, 1.0])
    assert calibration_error([1.0, 1.0, 0.0], [True, True, False]) == 0
    assert calibration_error([0.95, 0.95], [True, False]) == pytest.approx(0.45)


def test_one_half_of_the_weights_is_enough() -> None:
    """Weights are kept as half floats: answers stay the same to a thousandth."""
    model = learned(invented(300))
    assert model.top.weights.dtype == np.float16
    assert np.isfinite(model.top.weights).all()

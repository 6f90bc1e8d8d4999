"""Which messages tell of one thing; all texts are invented."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.samples import sample
from zhitong.base.likeness import (
    ALIKE,
    Message,
    Vocabulary,
    clusters_of,
    differences,
    find_names,
    heat,
    hottest,
    is_rising,
    learn_names,
    likeness,
    measured,
    naming,
    read_messages,
    sketch,
    sought,
    survey,
)
from zhitong.base.likeness.clusters import LEAST, TOGETHER, _edges, _gather
from zhitong.base.likeness.names import shared_runs
from zhitong.base.likeness.texts import measure
from zhitong.base.tables import BadTable

NOW = datetime(2026, 9, 1, tzinfo=UTC)
SMOKE = (
    ("翠微小区楼下烧烤店油烟熏人", "翠微小区三号楼下的烧烤店每天晚上油烟直排，窗户不敢开，老人孩子咳嗽。"),
    ("翠微小区烧烤摊油烟太大", "小区门口烧烤摊晚上油烟很大，没有排烟管道，居民不敢开窗。"),
    ("投诉翠微小区底商烧烤油烟扰民", "底商烧烤店没有装油烟净化器，油烟直排到楼上，天天不敢开窗。"),
    ("翠微小区一楼饭店油烟直排", "一楼饭店烧烤油烟直接排到居民窗户，请管一管。"),
)
WATER = (
    ("翠微小区又停水了", "翠微小区昨天开始停水，水压一直不足，高层没有水用，请尽快抢修水管。"),
    ("反映翠微小区停水没有通知", "小区停水两天，没有通知，自来水水压低，高层用不上水。"),
)
ELSEWHERE = (
    ("丽景花园楼下烧烤店油烟熏人", "丽景花园一号楼下的烧烤店每天晚上油烟直排，窗户不敢开，老人孩子咳嗽。"),
    ("丽景花园烧烤摊油烟太大", "花园门口烧烤摊晚上油烟很大，没有排烟管道，居民不敢开窗。"),
)
OTHER = (
    ("咨询公积金贷款额度", "请问夫妻双方缴存公积金可以贷多少，需要什么材料。"),
    ("建议增加12路公交车班次", "早高峰12路公交要等半个小时，希望增加班次。"),
    ("落户需要哪些材料", "大学毕业想落户，请问到哪里办，要带什么证件。"),
    ("学苑路路灯不亮", "学苑路从桥头到菜场的路灯坏了一个月，夜里走路看不见。"),
)


def _messages() -> list[Message]:
    texts = [*SMOKE, *WATER, *ELSEWHERE, *OTHER]
    return [
        Message(
            str(n), title, text, NOW - timedelta(days=20 - n), person=f"p{n % 5}",
            spot=None if n % 3 == 0 else (117.0 + n // 4 / 50, 36.6),
        )
        for n, (title, text) in enumerate(texts)
    ]  # fmt: skip


def test_same_trouble_of_one_place_is_one_cluster_and_nothing_else_is() -> None:
    messages = _messages()
    found, _words, _sketches = clusters_of(messages)
    assert [c.members for c in found] == [(0, 1, 2, 3), (4, 5), (6, 7), (8,), (9,), (10,), (11,)]
    assert all(c.speaker in c.members for c in found)


def test_a_pair_alone_is_scored_as_in_the_whole() -> None:
    messages = _messages()
    words = survey(messages)
    sketches = [sketch(m, words) for m in messages]
    edges = _edges(sketches, words)
    for i, one in enumerate(sketches):
        for j, other in enumerate(sketches):
            score = likeness(one, other, words).score
            if i != j and score >= LEAST + 1e-4:
                assert edges[i][j] == pytest.approx(score, abs=1e-4)


def test_a_pair_says_why() -> None:
    messages = _messages()
    words = survey(messages)
    near = likeness(sketch(messages[0], words), sketch(messages[1], words), words)
    apart = likeness(sketch(messages[0], words), sketch(messages[6], words), words)
    assert near.score >= ALIKE
    assert "翠微" in near.shared
    assert apart.is_apart
    assert apart.trouble > near.trouble
    assert apart.score < ALIKE


def test_names_end_as_names_do() -> None:
    assert find_names("反映翠微小区和劳动路学苑中学的问题") == {"翠微", "劳动", "学苑"}
    assert find_names("安置小区旁边的普惠性幼儿园") == set()


def test_one_place_written_in_two_ways_is_not_another_place() -> None:
    same = Message("1", "河东三区学苑路路灯不亮", "学苑路从桥头到菜场的路灯坏了一个月，夜里看不见。", NOW)
    other = Message("2", "河东学苑路路灯坏了", "从桥头到菜场路灯坏了，夜里走路看不见。", NOW)
    words = survey([*_messages(), same, other])
    found = likeness(sketch(same, words), sketch(other, words), words)
    assert not found.is_apart
    assert found.score >= ALIKE


def test_the_same_words_at_two_ends_of_the_town_are_two_things() -> None:
    lamp = "路灯坏了三天，晚上看不清台阶"
    here, there, nowhere = (117.0, 36.6), (117.03, 36.6), None
    words = survey(_messages())

    def score(one: tuple[float, float] | None, other: tuple[float, float] | None) -> float:
        first, second = (Message("1", lamp, f"{lamp}。", NOW, spot=spot) for spot in (one, other))
        return likeness(sketch(first, words), sketch(second, words), words).score

    assert score(here, there) < score(here, nowhere) / 4
    assert score(here, here) == pytest.approx(1.15 * score(here, nowhere))


def test_the_same_words_in_two_streets_are_two_things_where_nothing_else_says_where() -> None:
    lamp = "路灯坏了三天，晚上看不清台阶"
    words = survey(_messages())

    def score(area: str, *, title: str = lamp, spot: tuple[float, float] | None = None) -> float:
        first = Message("1", title, f"{title}。", NOW, spot=spot, area="south")
        second = Message("2", title, f"{title}。", NOW, spot=spot, area=area)
        found, _words, _sketches = clusters_of([first, second], words)
        pair = likeness(sketch(first, words), sketch(second, words), words).score
        assert (len(found) == 1) is (pair >= ALIKE)
        return pair

    assert score("south") >= ALIKE
    assert score("") >= ALIKE
    assert score("north") < ALIKE
    assert score("north", spot=(117.0, 36.6)) >= ALIKE  # on both sides of the border
    assert score("north", title=f"学苑路{lamp}") >= ALIKE  # one road through both


def test_one_person_writes_alike_about_different_things() -> None:
    why = {"图书馆": "孩子看书要坐一小时车，座位也不够", "体育馆": "打球跑步没有场地，馆里顶棚漏雨"}

    def wish(person: str, what: str) -> Message:
        return Message(what, f"请加快{what}", f"{why[what]}，希望加快步伐，有何具体行动？", NOW, person)

    words = survey([*_messages(), wish("", "图书馆"), wish("", "体育馆")])
    by_two, by_one = (
        likeness(sketch(wish(a, "图书馆"), words), sketch(wish(b, "体育馆"), words), words)
        for a, b in (("a", "b"), ("a", "a"))
    )
    again = likeness(sketch(wish("a", "图书馆"), words), sketch(wish("a", "图书馆"), words), words)
    assert by_one.score == pytest.approx(0.6 * by_two.score)
    assert again.score > 0.8


def test_beside_what_is_alike_something_else_of_the_place_stands_out() -> None:
    texts = [("丽景花园噪音", f"丽景花园临近高速，车流噪音超过标准，夜里不能入睡，第{n}次反映。") for n in range(3)]
    bus = ("建议公交在丽景花园增设一站", "丽景花园居民出行不便，建议公交在门口增设一站，高速旁有位置。")
    messages = [Message(str(n), title, text, NOW) for n, (title, text) in enumerate([*texts, bus])]
    found, _words, _sketches = clusters_of([*messages, *_messages()])
    assert [c.members for c in found if 0 in c.members or 3 in c.members] == [(0, 1, 2), (3,)]


def test_two_crossings_of_one_road_are_two_things() -> None:
    """That both name the road says nothing where each names another one that the other does not know."""
    texts = {"one": "建议柳荫路和青石路交汇处建人行天桥", "other": "柳荫路和白杨路交汇处绿灯时间太短，建议延长"}
    rest = [Message(str(n), f"翠微小区{n}栋停水", "两天没有水。", NOW) for n in range(8)]
    roads = [
        Message(f"r{n}", title, "请处理。", NOW)
        for n, title in enumerate(("青石路积水", "白杨路积水", "柳荫路积水") * 2)
    ]
    messages = [*rest, *roads, *(Message(key, title, "车多人多，过马路很难。", NOW) for key, title in texts.items())]
    words = survey(messages)
    one, other = (sketch(m, words) for m in messages[-2:])
    pair = likeness(one, other, words)
    assert "柳荫" in pair.shared
    assert pair.score == pytest.approx((pair.whole + pair.trouble) / 2)
    both = sketch(Message("both", "柳荫路和青石路交汇处过马路很难", "车多人多。", NOW), words)
    near = likeness(one, both, words)
    assert near.score > (near.whole + near.trouble) / 2
    assert _edges([one, other, both], words)[1].get(0, 0.0) == pytest.approx(pair.score, abs=1e-5)


def test_what_names_no_place_does_not_bring_two_streets_together() -> None:
    """Two lamps in each of two streets, and one message that is like all of them and says no street."""
    alike = {
        (0, 1): 0.5,
        (2, 3): 0.5,
        **{(n, 4): 0.45 for n in range(4)},
        **{(i, j): 0.06 for i in (0, 1) for j in (2, 3)},
    }
    edges: dict[int, dict[int, float]] = {n: {} for n in range(5)}
    for (i, j), score in alike.items():
        edges[i][j] = edges[j][i] = score
    assert len(_gather(edges, TOGETHER)) == 1
    assert sorted(map(sorted, _gather(edges, TOGETHER, {0, 1, 2, 3}))) == [[0, 1, 4], [2, 3]]


def test_a_shared_name_adds_no_more_than_the_words_say() -> None:
    said = {"is_apart": False, "is_told": True, "is_unnamed": False}
    assert measure(0.06, 0.06, 1.0, **said) == pytest.approx(0.06 * 2.25)
    assert measure(0.3, 0.3, 1.0, **said) == pytest.approx(0.42)


def test_a_zone_is_no_place() -> None:
    assert find_names("经开区青石路何时开工") == {"青石"}


def test_numbers_are_no_names_but_some_roads_are() -> None:
    assert find_names("建议五一大道改造") == {"五一"}
    assert find_names("三期小区的12路") == set()


def test_so_many_lamps_of_a_street_are_no_place() -> None:
    assert find_names("门前三盏路灯不亮") == set()
    assert find_names("三盏路灯不亮，两条路都黑") == set()
    assert find_names("劳动路路灯不亮") == {"劳动"}
    assert sketch(Message("1", "三盏路灯不亮", "", NOW), survey(_messages())).names == frozenset()


def test_names_without_an_ending_are_learned_from_titles() -> None:
    titles = [
        f"{lead}时代云锦{rest}"
        for lead, rest in zip(["反映", "投诉", "请问", "关于"], ["漏水", "停电", "电梯", "车位"], strict=True)
    ]
    assert "时代云锦" in learn_names(titles)
    assert learn_names(titles[:3]) == set()


def test_a_street_of_night_stalls_makes_no_name_of_every_night_stall() -> None:
    def told(n: int, title: str) -> Message:
        return Message(f"n{n}", title, f"{title}，请尽快处理。", NOW)

    street = told(0, "反映夜宵街扰民")
    stalls = [
        told(n, f"{name}小区门口夜宵摊扰民") for n, name in enumerate(("翠微", "丽景", "云岭", "望湖", "金榜"), 1)
    ]
    words = survey([*_messages(), street, *stalls, *(told(n, f"第{n}路公交太少") for n in range(10, 30))])
    assert words.is_word("夜宵")
    assert not words.is_word("翠微")
    assert "夜宵" not in words.starts.get("夜宵", set())
    assert sketch(street, words).names == frozenset()


def test_a_text_that_came_again_and_again_leaves_room_for_others() -> None:
    """Four copies are not taken for four who say so much the same that a fifth stands out beside them."""
    scores = {(i, j): 1.0 if j < 4 else 0.16 for j in range(5) for i in range(j)}
    edges: dict[int, dict[int, float]] = {n: {} for n in range(5)}
    for (i, j), score in scores.items():
        edges[i][j] = edges[j][i] = score
    assert [sorted(group) for group in _gather(edges, TOGETHER)] == [[0, 1, 2, 3, 4]]
    alike = {i: {j: min(score, 0.8) for j, score in row.items()} for i, row in edges.items()}
    assert [sorted(group) for group in _gather(alike, TOGETHER)] == [[0, 1, 2, 3], [4]]


def test_what_titles_share_is_told_where_no_place_is_named() -> None:
    titles = ["请尽快发放退休教师的文明奖", "退休教师为什么没有文明奖", "退休教师盼望落实待遇"]
    assert shared_runs(titles)[0] == "退休教师"
    assert shared_runs(titles[:1]) == []


def test_naming_keeps_the_ending() -> None:
    assert naming(["翠微小区停水", "翠微小区没有水"], {"翠微"}) == ["翠微小区"]


def test_a_place_of_which_another_message_holds_the_most_is_shared() -> None:
    """One estate with its builder's name before it, and with it turned round."""
    builder = [
        f"{how}云锦时代空间城{what}"
        for how, what in zip(("反映", "投诉", "请问", "关于"), ("漏水", "停电", "电梯", "车位"), strict=True)
    ]
    turned = Message("t", "锦云时代空间城电梯坏了", "电梯天天坏，业主爬楼。", NOW)
    named = [Message(str(n), title, "业主多次反映，没有结果。", NOW) for n, title in enumerate(builder)]
    words = survey([*named, turned, *_messages()])
    one, other = sketch(named[2], words), sketch(turned, words)
    pair = likeness(one, other, words)
    assert not any(name in other.plain for name in one.names)
    assert pair.shared
    assert set(pair.shared) <= one.names
    assert pair.score > (pair.whole + pair.trouble) / 2
    assert _edges([one, other], words)[0][1] == pytest.approx(pair.score, abs=1e-4)


def test_what_many_others_say_too_stands_for_no_name() -> None:
    """公积金贷款 is the most of 住房公积金贷款, and of much else."""
    name = "云锦时代空间城"
    pairs = [name[at : at + 2] for at in range(len(name) - 1)]
    assert Vocabulary(200, dict.fromkeys(pairs, 8), {name: 4}).standing_for(name) == {
        "云锦时代空",
        "锦时代空间",
        "时代空间城",
    }
    assert Vocabulary(200, dict.fromkeys(pairs, 9), {name: 4}).standing_for(name) == set()


def test_naming_tells_places_and_not_who_it_is_about() -> None:
    told = ["钢厂职工买晴湖苑要捆绑车位", "晴湖苑捆绑车位，钢厂职工反对", "晴湖苑强卖车位"]
    assert naming(told, {"钢厂职工", "晴湖"}) == ["晴湖苑"]
    assert naming(["晴湖苑车位"] * 5 + ["晴湖苑车位，旁边是桥北"] * 2, {"桥北", "晴湖"}) == ["晴湖苑"]


def test_heat_counts_people_once_and_cools() -> None:
    def one(n: int, person: str, support: int, days: int) -> Message:
        return Message(str(n), "", "", NOW - timedelta(days=days), person, support)

    fresh = heat([one(1, "a", 16, 0), one(2, "a", 0, 0), one(3, "b", 0, 0)], NOW)
    assert (fresh.people, fresh.support, fresh.figure) == (2, 16, 6.0)
    old = heat([one(1, "a", 16, 180), one(3, "b", 0, 180)], NOW)
    assert old.figure == pytest.approx(4.5)
    assert heat([one(1, "a", 16, 90), one(3, "b", 0, 0)], NOW).figure == pytest.approx(4.5)


def test_what_many_say_within_a_month_is_hotter_than_what_as_many_say_over_a_year() -> None:
    def told(days: int) -> float:
        return heat([Message(str(n), "", "", NOW - timedelta(days=n * days), f"p{n}") for n in range(6)], NOW).figure

    assert told(6) > 1.4 * told(60)


@pytest.mark.parametrize(
    ("late", "before", "people", "rises"),
    [(3, 0, 3, True), (2, 0, 2, False), (3, 2, 3, False), (4, 2, 2, True), (9, 0, 1, False)],
)
def test_rising_is_many_lately_more_than_before_and_not_one_person(
    late: int, before: int, people: int, *, rises: bool
) -> None:
    assert is_rising(late, before, people) is rises
    assert is_rising(2, 0, 2, least=2, times=3.0)


def test_differences_of_two_ways() -> None:
    found = differences({1: "a", 2: "a", 3: "b", 4: "b"}, {1: "x", 2: "x", 3: "y", 4: "z"})
    assert (found.pairs, found.common, found.split) == (2, 1, (frozenset({3, 4}),))


def _file(path: Path, rows: list[str]) -> Path:
    path.write_text("\n".join(["id,user,title,submitted_at,body,against,likes", *rows]), encoding="utf-8")
    return path


def test_the_hottest_of_a_file(tmp_path: Path) -> None:
    rows = [
        f"{n},u{n},{title},2026/8/{n + 1} 10:00:00,{text},0,{n}" for n, (title, text) in enumerate((*SMOKE, *OTHER))
    ]
    found = list(hottest(read_messages(_file(tmp_path / "a.csv", rows)), 2))
    assert found[0]["ids"] == ["0", "1", "2", "3"]
    assert (found[0]["rank"], found[0]["messages"], found[0]["people"], found[0]["support"]) == (1, 4, 4, 6)
    assert (found[0]["first"], found[0]["last"]) == ("2026-08-01", "2026-08-04")
    assert "翠微小区" in found[0]["places"]
    assert all(isinstance(run, str) for run in found[0]["about"])


def test_a_moment_that_cannot_be_read_names_its_row(tmp_path: Path) -> None:
    with pytest.raises(BadTable) as caught:
        read_messages(_file(tmp_path / "a.csv", ["1,u,题目,昨天,正文,0,0"]))
    assert (caught.value.code, caught.value.row) == ("broken", 2)


def test_pairs_are_measured(tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("one,other,same\n0,1,1\n9,8,0\n0,6,0\n8,9,1\n", encoding="utf-8")
    found = measured(_messages(), labels)
    assert (found.right, found.wrong, found.missed, found.rest) == (1, 0, 1, 2)
    assert (found.precision, found.recall) == (1.0, 0.5)


BENCH = Path(__file__).parents[4] / "bench"


@pytest.mark.parametrize(
    ("name", "precision", "recall"), [("duplicates", 0.98, 0.86), ("pairs", 0.93, 0.96), ("fresh", 0.88, 0.96)]
)
def test_the_labelled_pairs_are_told_apart_as_well_as_before(name: str, precision: float, recall: float) -> None:
    found = measured(read_messages(sample("appeals", "hotspot_messages.csv")), BENCH / f"{name}.csv")
    assert found.precision >= precision
    assert found.recall >= recall
    assert found.met >= 0.95 * found.right, "it is no help to know that two are alike where one never meets the other"


def test_others_are_looked_for_by_the_title_and_not_by_what_one_alone_says() -> None:
    """A text with seldom words of its own, of which the title is told by many: their like is found, and few besides."""
    those = [
        Message(
            str(n),
            f"丽水街{chr(0x5000 + n)}{chr(0x5100 + n)}店门口积水",
            f"门口{chr(0x5200 + n)}{chr(0x5300 + n)}积水，走不过去。",
            NOW,
        )
        for n in range(12)
    ]
    rest = [Message(f"r{n}", title, text, NOW) for n, (title, text) in enumerate(OTHER * 60)]
    words = survey([*those, *rest])
    asked = Message("", "丽水街路口积水", "咨询过材料，证件齐备，猗傩旖旎，饕餮貔貅，魑魅魍魉，踟蹰龃龉。", NOW)
    found = sought(asked, words)
    assert {"丽水", "丽水街"} & set(found.words)
    assert "积水" in found.worth
    assert all(found.is_in(f"{one.title}\n{one.text}") for one in those)
    assert not any(found.is_in(f"{one.title}\n{one.text}") for one in rest)
    assert not {"饕餮", "踟蹰", "龃龉"} & set(found.words), "nobody else can be found by them"


def test_before_anything_was_read_the_title_is_looked_for() -> None:
    found = sought(Message("", "学苑路的路灯坏了", "晚上看不清台阶。", NOW), Vocabulary())
    assert "路灯" in found.words
    assert found.is_in("学苑路桥头路灯坏了")
    assert sought(Message("", "", "", NOW), Vocabulary()).words == ()

"""Messages that nobody wrote: sentences put together by chance from what they might be about."""

import random

from zhitong.base.learning.model import Example

ABOUT = {
    ("城乡建设", "市政设施", "路灯照明"): ("路灯不亮", "灯杆歪了", "晚上一片漆黑", "灯泡坏了好几个"),
    ("城乡建设", "市政设施", "道路破损"): ("路面坑洼", "人行道地砖松动", "路沿石碎了", "车轮总陷进坑里"),
    ("城乡建设", "市容环卫", "垃圾清运"): ("垃圾桶满溢", "垃圾堆了一周没有清运", "臭味很大", "建筑垃圾没人拉走"),
    ("教育文体", "义务教育", "入学政策"): ("孩子入学报名", "学区怎么划分", "转学手续", "学校说名额满了"),
    ("教育文体", "义务教育", "学校收费"): ("学校收补课费", "校服费太贵", "课后服务收费", "老师推荐买资料"),
    ("劳动和社会保障", "劳动关系", "工资拖欠"): ("拖欠工资", "老板不给结算", "农民工讨薪", "干了半年没发钱"),
    ("劳动和社会保障", "社会保险", "养老保险"): ("养老金怎么办理", "社保转移", "退休手续", "缴费年限不够"),
}
PLACES = ("东风街", "和平路", "幸福小区", "新村", "南门桥", "大桥镇", "文化广场", "菜市场北侧")
FILLING = ("请尽快处理", "反映多次没有结果", "希望有关部门重视", "已经半个月了", "居民意见很大", "谢谢", "盼回复")


def invented(n: int, seed: int = 1) -> list[Example]:
    """``n`` messages, a third without a title, a third without a body, each from a person of its own."""
    chance = random.Random(seed)
    return [_one(chance, owner) for owner in range(n)]


def _one(chance: random.Random, owner: int) -> Example:
    label = chance.choice(list(ABOUT))
    first, second = chance.sample(ABOUT[label], 2)
    title = f"{chance.choice(PLACES)}{first}"
    body = f"您好，我住在{chance.choice(PLACES)}，这里{second}，{chance.choice(FILLING)}，{chance.choice(FILLING)}。"
    part = chance.randrange(3)
    return Example("" if part == 1 else title, "" if part == 2 else body, label, owner)

"""The organs of the demo district: invented staff, real kinds of organ."""

# key, name, short name, English name, first codes of the categories it leads, codes in which it helps
DEPARTMENTS: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("housing", "市中区住房和城乡建设局", "区住建局", "Housing and Construction Bureau", "0107 0108 0109 0110 0111 010299", "0106"),
    ("city", "市中区城市管理局", "区城管局", "City Management Bureau", "0101 0104 0106 0105", "0202 0303"),
    ("utility", "市中区公用事业服务中心", "区公用事业中心", "Public Utilities Centre", "0102 0103", ""),
    ("planning", "市自然资源和规划局市中分局", "规划分局", "Planning and Natural Resources Branch", "0112 10", "0106"),
    ("environment", "市生态环境局市中分局", "生态环境分局", "Ecology and Environment Branch", "02", "0111"),
    ("transport", "市中区交通运输局", "区交通局", "Transport Bureau", "03", ""),
    ("education", "市中区教育和体育局", "区教体局", "Education and Sports Bureau", "0401 0402 0403 0404 0405 0406 0407 0409", ""),
    ("culture", "市中区文化和旅游局", "区文旅局", "Culture and Tourism Bureau", "0408 0707", ""),
    ("health", "市中区卫生健康局", "区卫健局", "Health Bureau", "0501 0502 0503 0504 0505", ""),
    ("insurance", "市中区医疗保障局", "区医保局", "Healthcare Security Bureau", "0508", ""),
    ("market", "市中区市场监督管理局", "区市场监管局", "Market Regulation Bureau", "0506 0507 07", "0202"),
    ("labour", "市中区人力资源和社会保障局", "区人社局", "Human Resources and Social Security Bureau", "06", ""),
    ("commerce", "市中区商务局", "区商务局", "Commerce Bureau", "0705 0706 0708", ""),
    ("finance", "市中区财政局", "区财政局", "Finance Bureau", "0802 0803 0805", ""),
    ("tax", "国家税务总局市中区税务局", "区税务局", "Tax Bureau", "0801", ""),
    ("industry", "市中区工业和信息化局", "区工信局", "Industry and Information Bureau", "0804 14", ""),
    ("emergency", "市中区应急管理局", "区应急局", "Emergency Management Bureau", "0806", ""),
    ("rural", "市中区农业农村局", "区农业农村局", "Agriculture and Rural Affairs Bureau", "09", ""),
    ("civil", "市中区民政局", "区民政局", "Civil Affairs Bureau", "1101 1102 1103 1104 1106 1107 1108", ""),
    ("veterans", "市中区退役军人事务局", "区退役军人局", "Veterans Affairs Bureau", "1105", ""),
    ("police", "市公安局市中区分局", "公安分局", "Public Security Branch", "1201 1202 1203 1206", "0201"),
    ("traffic", "市交警支队市中大队", "交警大队", "Traffic Police Brigade", "1204 0304 0305", ""),
    ("fire", "市中区消防救援大队", "消防大队", "Fire and Rescue Brigade", "1205", ""),
    ("justice", "市中区司法局", "区司法局", "Justice Bureau", "1207 1208", ""),
    ("approval", "市中区行政审批服务局", "区审批局", "Administrative Approval Bureau", "1301", ""),
    ("office", "市中区人民政府办公室", "区政府办", "District Government Office", "1302 1306 15", ""),
    ("discipline", "市中区纪委监委机关", "区纪委监委", "Discipline and Supervision Commission", "1303", ""),
    ("organisation", "市中区委组织部", "区委组织部", "Organisation Department", "1304", ""),
    ("unions", "市中区总工会", "区总工会", "Federation of Trade Unions", "1305", ""),
)  # fmt: skip

# Everyday matters that the street office where they happen leads.
STREET_LEADS = (
    "010104 010401 010402 010404 010601 010602 010701 010702 010703 010704 "
    "010705 010703 020101 110701 110703 150201 120503 120104"
)

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾"
    "丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉秀梅建国志文海燕春红云飞雪莲晓东立新永健"
    "佳慧子涵思远雨桐浩然嘉怡梓萱泽宇诗琪俊熙若曦"
)

ROADS = ("经十路", "纬二路", "英雄山路", "舜耕路", "玉函路", "建设路", "济微路", "二环南路", "马鞍山路", "六里山路", "七里山路", "白马山西路",
         "王官庄路", "阳光新路", "卧龙路", "郎茂山路", "南辛庄街", "伟东新都南侧道路", "领秀城东路", "兴隆一路", "党杨路", "陡沟大街")  # fmt: skip
SPOTS = ("公交站旁", "小学门口", "菜市场东侧", "社区卫生站对面", "小区北门", "小区南门外", "路口西北角", "便民超市门前", "幼儿园旁的巷口",
         "地下通道入口", "健身广场", "居民楼下", "银行营业厅旁", "物业办公室门前", "停车场出口", "河道步行道")  # fmt: skip
ESTATES = ("阳光花园", "舜玉小区", "建新新村", "泉景天沅", "望岳家园", "伟东佳苑", "南郡雅居", "龙山雅园", "鲁能花园", "郎茂小区", "白马家园",
           "济大东村", "安康里", "七里堡小区", "卧龙花园", "十六里河新居", "兴隆嘉园", "党西新村")  # fmt: skip

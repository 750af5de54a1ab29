"""Where people and organisations are: the districts of Ningbo, the counties that migrants come from, and addresses.

The region codes are those of GB/T 2260, with the abolished ones that people who got their ID earlier still carry. The
towns are real; the pairing of roads, housing estates and house numbers with them is invented.
"""

from __future__ import annotations

from random import Random

from service.city.drawing import Weighted, pick
from service.city.things import Address

__all__ = [
    "CITY",
    "DISTRICTS",
    "FIRST_IDS",
    "ORIGINS",
    "PROVINCE",
    "city_address",
    "origin_address",
    "region_code",
    "village_address",
]

PROVINCE = "浙江省"
CITY = "宁波市"
FIRST_IDS = 1986
"""The year in which those who were born before got their first ID number, under the region codes of that year."""

DISTRICTS: dict[str, tuple[str, str, float]] = {
    "330203": (
        "海曙区",
        "南门街道 江厦街道 西门街道 月湖街道 鼓楼街道 白云街道 段塘街道 望春街道 石碶街道 高桥镇 集士港镇 古林镇",
        104,
    ),
    "330205": ("江北区", "外滩街道 孔浦街道 文教街道 甬江街道 庄桥街道 洪塘街道 前江街道 慈城镇", 49),
    "330206": ("北仑区", "大榭街道 新碶街道 小港街道 大碶街道 霞浦街道 柴桥街道 戚家山街道 春晓街道", 83),
    "330211": ("镇海区", "招宝山街道 蛟川街道 骆驼街道 庄市街道 贵驷街道 澥浦镇 九龙湖镇", 51),
    "330212": (
        "鄞州区",
        "下应街道 钟公庙街道 梅墟街道 中河街道 首南街道 潘火街道 百丈街道 东胜街道 明楼街道 白鹤街道 东柳街道 福明街道",
        161,
    ),
    "330213": ("奉化区", "锦屏街道 岳林街道 江口街道 西坞街道 萧王庙街道 溪口镇 裘村镇 松岙镇", 58),
    "330225": ("象山县", "丹东街道 丹西街道 爵溪街道 石浦镇 西周镇 鹤浦镇 贤庠镇 定塘镇", 57),
    "330226": ("宁海县", "跃龙街道 桃源街道 梅林街道 桥头胡街道 长街镇 力洋镇 岔路镇 前童镇", 70),
    "330281": ("余姚市", "梨洲街道 凤山街道 兰江街道 阳明街道 低塘街道 朗霞街道 泗门镇 马渚镇 丈亭镇 三七市镇", 125),
    "330282": ("慈溪市", "宗汉街道 坎墩街道 浒山街道 白沙路街道 古塘街道 掌起镇 观海卫镇 附海镇 逍林镇 周巷镇", 183),
}
"""Code to name, towns, and people in tens of thousands."""

_FORMER_CODES: dict[str, tuple[tuple[int, str], ...]] = {
    "330212": ((2002, "330227"),),
    "330213": ((1989, "330224"), (2016, "330283")),
    "330281": ((1989, "330219"),),
    "330282": ((1989, "330222"),),
}
"""Code to (year until which, the code before)."""

ORIGINS: tuple[tuple[str, str, str, str], ...] = (
    ("340321", "安徽省", "蚌埠市", "怀远县"), ("340322", "安徽省", "蚌埠市", "五河县"),
    ("340421", "安徽省", "淮南市", "凤台县"), ("340621", "安徽省", "淮北市", "濉溪县"),
    ("340826", "安徽省", "安庆市", "宿松县"), ("340827", "安徽省", "安庆市", "望江县"),
    ("340121", "安徽省", "合肥市", "长丰县"), ("410221", "河南省", "开封市", "杞县"),
    ("410225", "河南省", "开封市", "兰考县"), ("410325", "河南省", "洛阳市", "嵩县"),
    ("410422", "河南省", "平顶山市", "叶县"), ("410526", "河南省", "安阳市", "滑县"),
    ("360124", "江西省", "南昌市", "进贤县"), ("360424", "江西省", "九江市", "修水县"),
    ("360428", "江西省", "九江市", "都昌县"), ("510322", "四川省", "自贡市", "富顺县"),
    ("510524", "四川省", "泸州市", "叙永县"), ("510623", "四川省", "德阳市", "中江县"),
    ("510722", "四川省", "绵阳市", "三台县"), ("510824", "四川省", "广元市", "苍溪县"),
    ("520203", "贵州省", "六盘水市", "六枝特区"), ("522627", "贵州省", "黔东南苗族侗族自治州", "天柱县"),
    ("522631", "贵州省", "黔东南苗族侗族自治州", "黎平县"), ("522730", "贵州省", "黔南布依族苗族自治州", "龙里县"),
    ("420625", "湖北省", "襄阳市", "谷城县"), ("422802", "湖北省", "恩施土家族苗族自治州", "利川市"),
    ("422823", "湖北省", "恩施土家族苗族自治州", "巴东县"), ("430426", "湖南省", "衡阳市", "祁东县"),
    ("430524", "湖南省", "邵阳市", "隆回县"), ("430725", "湖南省", "常德市", "桃源县"),
    ("532627", "云南省", "文山壮族苗族自治州", "广南县"), ("532622", "云南省", "文山壮族苗族自治州", "砚山县"),
    ("320324", "江苏省", "徐州市", "睢宁县"), ("320923", "江苏省", "盐城市", "阜宁县"),
    ("330326", "浙江省", "温州市", "平阳县"), ("330624", "浙江省", "绍兴市", "新昌县"),
    ("610326", "陕西省", "宝鸡市", "眉县"), ("370481", "山东省", "枣庄市", "滕州市"),
    ("130481", "河北省", "邯郸市", "武安市"), ("620422", "甘肃省", "白银市", "会宁县"),
    ("230221", "黑龙江省", "齐齐哈尔市", "龙江县"), ("450321", "广西壮族自治区", "桂林市", "阳朔县"),
    ("652901", "新疆维吾尔自治区", "阿克苏地区", "阿克苏市"), ("350426", "福建省", "三明市", "尤溪县"),
)  # fmt: skip
"""(code, province, city, county) of where migrants were born: codes that have not changed since 1989."""

_ROADS = tuple(
    "中山路 环城西路 环城北路 解放路 人民路 药行街 柳汀街 开明街 联丰路 丽园路 通途路 江南路 兴宁路 甬江大道 百丈路 宁穿路 "
    "天童路 鄞州大道 四明路 日丽路 学士路 惠风路 新碶路 长江路 黄山路 明州路 骆驼路 庄市大道 雄镇路 沿江路 宝山路 南山路 "
    "阳明路 舜水路 子陵路 三北大街 新城大道 青少年宫路 担山路 浒山路 寺山路 丹峰路 象山港路 建设路 新华路 和平路 文化路 "
    "康宁路 桃源路 兴海路 跃龙路 徐霞客大道 岳林路 大成路 锦屏路 中塔路 创业路 工业路 科技路 星海路 凤起路 朝阳路".split()
)
_ESTATES = tuple(
    a + b
    for a in "明珠 阳光 锦绣 翠园 江湾 月湖 东方 华庭 金都 世纪 都市 万科 银亿 荣安 海悦 学府 天一 联丰 丹枫 格兰 泰和 紫金".split()
    for b in "花园 新村 家园 小区 公寓 名苑 华府".split()
)
_VILLAGES = tuple(
    a + b
    for a in "上 下 前 后 东 西 大 小 新 老".split()
    for b in "王村 陈村 张家村 徐家村 周家村 桥头村 河头村 岙村 塘村 溪村 林村 洪村".split()
)
_TOWNSHIPS = tuple("城关镇 新街镇 双河镇 石桥镇 大河镇 龙山镇 太平乡 永安乡 东风乡 红旗镇 柳林镇 清水镇".split())

_DISTRICT_TABLE = {code: (name, tuple(towns.split())) for code, (name, towns, _) in DISTRICTS.items()}
_DISTRICT_CODES = Weighted([(code, people) for code, (_, _, people) in DISTRICTS.items()])
_DISTRICT_ROADS = {
    code: _ROADS[i * 5 : i * 5 + 18] + _ROADS[: max(0, i * 5 + 18 - len(_ROADS))] for i, code in enumerate(DISTRICTS)
}

FLATS = 0.66
"""Share of homes in the city that are flats on a housing estate; the others have a road and a number, or a village."""


def region_code(code: str, year: int) -> str:
    """The region code that an ID issued in that year has, for a district of today."""
    for until, former in _FORMER_CODES.get(code, ()):
        if year < until:
            return former
    return code


def city_address(rng: Random, code: str = "") -> Address:
    """A home in the city, in that district or in any."""
    code = code or _DISTRICT_CODES.draw(rng)
    name, towns = _DISTRICT_TABLE[code]
    town = pick(rng, towns)
    if rng.random() < FLATS:
        return Address(
            code, PROVINCE, CITY, name, town, pick(rng, _DISTRICT_ROADS[code]), 1 + int(rng.random() * 999),
            pick(rng, _ESTATES), 1 + int(rng.random() * 40), 1 + int(rng.random() * 4),
            (1 + int(rng.random() * 18)) * 100 + 1 + int(rng.random() * 4),
        )  # fmt: skip
    if town.endswith("镇") and rng.random() < 0.7:
        return village_address(rng, code, PROVINCE, CITY, name, town)
    return Address(code, PROVINCE, CITY, name, town, pick(rng, _DISTRICT_ROADS[code]), 1 + int(rng.random() * 999))


def village_address(rng: Random, code: str, province: str, city: str, district: str, town: str) -> Address:
    """A house in a village of that town."""
    return Address(code, province, city, district, town, pick(rng, _VILLAGES), 1 + int(rng.random() * 400))


def origin_address(rng: Random) -> Address:
    """A home in one of the counties that migrants come from."""
    code, province, city, county = pick(rng, ORIGINS)
    return village_address(rng, code, province, city, county, pick(rng, _TOWNSHIPS))

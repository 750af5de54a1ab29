"""What Chinese names are made of: surnames by frequency, given names by sex and time of birth.

Surname weights are about the people per 10,000 in the country; the order of magnitude is what matters.
"""

from __future__ import annotations

__all__ = [
    "ERAS",
    "GIVEN",
    "MINORITY_GIVEN",
    "RARE_CHARACTERS",
    "SURNAMES",
    "SURNAME_WEIGHTS",
    "TRANSLITERATED",
    "Given",
]

from dataclasses import dataclass

_SURNAME_BANDS: tuple[tuple[int, str], ...] = (
    (700, "王李张"),
    (480, "刘陈"),
    (290, "杨黄赵吴周"),
    (150, "徐孙马朱胡郭何林罗高"),
    (90, "郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘"),
    (
        55,
        "于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万",
    ),
    (
        24,
        "钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申殷詹欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管",
    ),
    (
        6,
        "柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由",
    ),
)
_COMPOUND: tuple[tuple[int, str], ...] = (
    (5, "欧阳 上官 皇甫"),
    (3, "司马 诸葛 令狐 司徒 夏侯 尉迟 东方"),
    (1, "慕容 公孙 宇文 长孙 淳于 轩辕 端木 独孤 南宫 百里 呼延 闻人 钟离 澹台"),
)

SURNAME_WEIGHTS: tuple[tuple[str, int], ...] = tuple(
    [(surname, weight) for weight, band in _SURNAME_BANDS for surname in band]
    + [(surname, weight) for weight, band in _COMPOUND for surname in band.split()]
)
SURNAMES: tuple[str, ...] = tuple(surname for surname, _ in SURNAME_WEIGHTS)

ERAS: tuple[int, ...] = (1960, 1980, 1995, 2008)
"""The first birth years of the second and later eras of given names."""


@dataclass(frozen=True, slots=True)
class Given:
    """The given names of one sex in one era: whole names that many bear, and characters to make others of."""

    whole: tuple[str, ...]
    first: str
    second: str


GIVEN: dict[str, tuple[Given, ...]] = {
    "1": (
        Given(
            tuple(
                "建国 国强 德明 志明 永福 阿毛 金根 福根 文华 国华 建华 志强 明德 正明 德福 祥林 根法 水根 宝根 长根".split()
            ),
            "国建德志永文金福正明荣祥根宝水长阿善仁义忠信世家成兴启良元仲庆学",
            "国华明强德福根林生祥法兴才富贵昌荣龙财清良义忠康宝仁定安友康",
        ),
        Given(
            tuple(
                "建国 建军 军 勇 伟 强 国平 志强 建平 海波 永军 卫国 卫东 建华 国庆 立军 建明 爱国 红军 跃进 平 斌".split()
            ),
            "建国志海永卫爱红立新跃光伟晓春小江文明学家利剑仲开",
            "军平强明华波东国庆勇伟斌民林峰涛宏刚毅杰成良飞青君敏",
        ),
        Given(
            tuple(
                "伟 磊 涛 强 勇 军 杰 鹏 超 波 斌 凯 浩 亮 峰 飞 健 明 刚 辉 俊 志伟 海涛 晓东 建波 凯 振华 旭东".split()
            ),
            "志海晓建文振旭俊明永国家少伟立宏卫云天泽学嘉世光",
            "伟涛杰鹏超波斌凯峰飞健辉俊东华磊亮明龙平军浩栋锋翔宇",
        ),
        Given(
            tuple(
                "浩 杰 鑫 俊杰 浩然 子豪 宇航 天宇 志豪 文杰 宇 昊 晨 嘉豪 俊 思远 一鸣 博文 子轩 泽宇 梓豪 家豪".split()
            ),
            "子浩宇俊嘉天文思博志泽家晨明鑫梓一昊睿铭翔承",
            "豪杰轩宇航然涵昊文远鸣翔博晨阳泽凯睿铭超辉鑫毅恒",
        ),
        Given(
            tuple(
                "浩宇 子轩 梓轩 宇轩 奕辰 沐宸 宇航 浩然 一诺 皓轩 子墨 俊熙 睿 梓睿 铭泽 宇辰 沐阳 奕泽 嘉懿 煜城".split()
            ),
            "子梓浩宇奕沐俊皓铭睿嘉一泽煜墨景瑾承星亦逸彦君昱",
            "轩宇辰宸然泽睿阳熙城诺航墨恒霖洋烁琪懿安远衡琛珩昀",
        ),
    ),
    "2": (
        Given(
            tuple(
                "秀英 桂英 玉兰 秀珍 桂兰 秀兰 凤英 玉英 玉珍 阿娣 阿花 菊芬 素珍 月娥 彩娣 惠珍 金娣 爱珍 杏花 雪娥".split()
            ),
            "秀桂玉凤素月彩惠金爱杏雪菊阿美翠珠梅春兰香亚荷银",
            "英兰珍芬娣娥花芳凤珠仙莲琴妹芝香琳菊云女翠梅",
        ),
        Given(
            tuple(
                "丽 敏 芳 静 艳 红 萍 玲 燕 霞 娟 丽华 亚芬 国芬 爱华 建芬 红梅 小红 亚萍 雅萍 秀丽 海燕 美丽 莉".split()
            ),
            "丽亚建爱红小雅秀海美国晓春淑幼仁赛雪华文玉立维",
            "芬芳萍华丽红梅燕娟玲霞敏静艳琴莉君飞英儿珍群娜蓉",
        ),
        Given(
            tuple(
                "丽 静 娜 敏 芳 燕 艳 娟 婷 玲 丹 霞 倩 莉 莎 萍 颖 洁 晓燕 婷婷 丽娜 雪 佳 晶 琳 莹 娇 蕾 慧".split()
            ),
            "晓丽雪佳海小婷思燕静莉文艳春婉慧亚梦玉红维嘉",
            "燕娜静丽婷玲敏芳洁颖倩霞娟萍莉琳莹慧君蓉妮娇蕾",
        ),
        Given(
            tuple(
                "婷 悦 雨欣 佳怡 静怡 思琪 梦婷 欣怡 雨婷 诗涵 佳琪 可欣 嘉怡 雅婷 梓涵 雪 颖 倩 琪 欣 诗琪 梦琪".split()
            ),
            "雨欣佳静思梦诗嘉雅可梓子紫雪语心怡婧婉晨依若",
            "怡欣婷琪涵萱妍颖悦彤馨洁雯瑶琳蓉菲薇萍倩茹宁",
        ),
        Given(
            tuple(
                "一诺 梓涵 诗涵 欣怡 子涵 雨桐 可馨 梓萱 语桐 若汐 依诺 艺涵 沐瑶 梓晨 语汐 思涵 苡沫 芷若 清妍 悦".split()
            ),
            "梓子欣诗雨可语若依艺沐思苡芷清悦一梦紫晨昕婉书伊",
            "涵怡桐馨萱汐诺瑶晨沫若妍彤琪玥妤诗月朵恩宁禾晴昕",
        ),
    ),
}

RARE_CHARACTERS = "喆堃犇淼彧翀玥昀祎赟珺昶晗煊頔郗堉垚燚翾湉翊芃婳姝瑀璟曦澍钰骁旻琤怿韡颋翯仝"
"""Characters that an older system may lack: it keeps "?" in their place."""

MINORITY_GIVEN: tuple[str, ...] = tuple(
    "阿卜杜拉 买买提 艾合买提 吐尔逊 阿依古丽 热依汗 古丽娜尔 帕提古丽 艾尼瓦尔 库尔班 玉素甫 努尔艾力 阿迪力 麦麦提 "
    "迪丽拜尔 再娜甫 沙吾提 依明 卡德尔 米吉提 阿布都热合曼 祖力皮亚 图尔荪 木合塔尔 亚森 巴哈尔".split()
)
"""Names of Uyghur people, written given name · father's name."""

TRANSLITERATED: tuple[tuple[str, str, str], ...] = (
    ("USA", "John Smith", "约翰·史密斯"),
    ("USA", "Michael James Brown", "迈克尔·布朗"),
    ("GBR", "Emma Wilson", "艾玛·威尔逊"),
    ("DEU", "Thomas Mueller", "托马斯·穆勒"),
    ("FRA", "Marie Dubois", "玛丽·杜波依斯"),
    ("KOR", "KIM MIN JUN", "金珉俊"),
    ("KOR", "LEE JI EUN", "李智恩"),
    ("JPN", "TANAKA HIROSHI", "田中博"),
    ("JPN", "SATO YUKI", "佐藤由纪"),
    ("RUS", "Ivan Petrov", "伊万·彼得罗夫"),
    ("IND", "Raj Kumar", "拉吉·库马尔"),
    ("PAK", "Muhammad Ali Khan", "穆罕默德·阿里·汗"),
    ("ITA", "Marco Rossi", "马可·罗西"),
    ("CAN", "David Lee", "大卫·李"),
    ("AUS", "Sarah Taylor", "莎拉·泰勒"),
    ("BRA", "Ana Silva", "安娜·席尔瓦"),
    ("VNM", "NGUYEN VAN MINH", "阮文明"),
    ("NGA", "Chinedu Okafor", "奇内杜·奥卡福"),
)
"""Nation (ISO 3166-1), name in the passport, name in Chinese."""

"""Surnames of more than one character, and surnames that are not read as the character usually is.

Sources: 百家姓 and the Ministry of Public Security's yearly reports on names; readings as in 现代汉语词典 under 姓.
"""

from __future__ import annotations

from typing import Final

__all__ = ["COMPOUND_SURNAMES", "SURNAME_READINGS", "split_surname"]

COMPOUND_SURNAMES: Final = frozenset(
    (
        "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 "
        "申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 "
        "宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 纳兰 完颜 第五 淳于 "
        "单于 即墨 达奚 褚师 叶赫 爱新 刘付 范姜 张简 陆费"
    ).split()
)
"""Two characters that together are a surname; a name of two characters is still read as one and one."""

SURNAME_READINGS: Final = {
    "单": "shan",
    "曾": "zeng",
    "查": "zha",
    "仇": "qiu",
    "区": "ou",
    "解": "xie",
    "朴": "piao",
    "任": "ren",
    "华": "hua",
    "盖": "ge",
    "尉": "wei",
    "乐": "yue",
    "翟": "zhai",
    "覃": "qin",
    "员": "yun",
    "折": "she",
    "秘": "bi",
    "缪": "miao",
    "召": "shao",
    "燕": "yan",
    "宁": "ning",
    "洗": "xian",
    "冼": "xian",
    "繁": "po",
    "黑": "he",
    "佴": "nai",
    "逄": "pang",
    "隗": "wei",
    "种": "chong",
    "晟": "cheng",
    "过": "guo",
    "柏": "bai",
    "藏": "zang",
    "纪": "ji",
    "那": "na",
    "哈": "ha",
    "长": "zhang",
    "尹": "yin",
    "祭": "zhai",
    "句": "gou",
    "车": "che",
    "贾": "jia",
    "葛": "ge",
    "应": "ying",
    "洪": "hong",
    "卜": "bu",
    "牟": "mu",
    "郇": "xun",
    "郗": "xi",
    "谌": "chen",
    "撒": "sa",
    "石": "shi",
    "盛": "sheng",
    "沈": "shen",
    "万俟": "mo qi",
    "尉迟": "yu chi",
    "澹台": "tan tai",
    "长孙": "zhang sun",
    "单于": "chan yu",
    "乐正": "yue zheng",
    "宰父": "zai fu",
    "亓官": "qi guan",
    "子车": "zi ju",
    "鲜于": "xian yu",
    "谷梁": "gu liang",
    "夹谷": "jia gu",
    "区阳": "ou yang",
}
"""Surname to its toneless reading where the usual reading of the characters may be another."""


def split_surname(name: str) -> tuple[str, str]:
    """A Han name without separators as (surname, given name): ("欧阳", "修"), ("张", "三"), ("陈", "李婉若")."""
    length = 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1
    return name[:length], name[length:]

"""What organisations are called and what they do."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BRANDS", "BRAND_ENDINGS", "COMPANY_TRADES", "NON_PROFITS", "SHOP_TRADES", "Trade"]

BRANDS: tuple[str, ...] = tuple(
    [
        a + b
        for a in "恒宏鑫华东盛德瑞博金海天永信嘉正中新兴佳创凯荣泰"
        for b in "达远通源丰泰和盛昌隆诚润辉腾宇科跃鼎发伟业"
    ]
    + "甬江 四明 天一阁 明州 海曙人 慈星 舜宇丰 雅戈 太平鸟语 东钱湖 镇海楼 象港 北仑港 河姆渡 阿拉".split()
)
"""Brands (字号) of two characters and a few well-known local names."""
BRAND_ENDINGS = "丰隆顺成安康美特力德尔泽润邦联欣"
"""What makes a brand of two characters one of three."""


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade: its words in a name, plainer words for the same, how common it is, which licences it needs."""

    words: str
    plain: str
    share: float
    food: bool = False
    hygiene: bool = False
    transport: bool = False
    works: bool = False
    """Makes things, so that it may be a 厂."""


COMPANY_TRADES: tuple[Trade, ...] = (
    Trade("机械制造", "机械", 10, works=True), Trade("电子科技", "电子", 9), Trade("贸易", "贸易", 10),
    Trade("进出口", "外贸", 8), Trade("模具", "模具", 6, works=True),
    Trade("塑料制品", "塑料", 5, works=True), Trade("电器", "电器", 7, works=True),
    Trade("建筑工程", "建筑", 6), Trade("装饰工程", "装饰", 5), Trade("信息技术", "信息", 5),
    Trade("企业管理咨询", "咨询", 4), Trade("汽车零部件", "汽配", 5, works=True), Trade("纺织", "纺织", 4, works=True),
    Trade("服饰", "服装", 4, works=True), Trade("医疗器械", "医疗", 3),
    Trade("环保科技", "环保", 3), Trade("新能源", "能源", 2),
    Trade("食品", "食品", 4, food=True), Trade("餐饮管理", "餐饮", 4, food=True, hygiene=True),
    Trade("酒店管理", "酒店", 2, food=True, hygiene=True), Trade("物流", "物流", 5, transport=True),
    Trade("国际货运代理", "货代", 3, transport=True), Trade("运输", "运输", 4, transport=True),
    Trade("文化传媒", "传媒", 3), Trade("房地产开发", "房产", 2), Trade("物业服务", "物业", 2),
)  # fmt: skip
SHOP_TRADES: tuple[Trade, ...] = (
    Trade("便利店", "便利店", 10, food=True), Trade("餐饮店", "餐饮店", 10, food=True, hygiene=True),
    Trade("小吃店", "小吃店", 8, food=True), Trade("五金店", "五金店", 6), Trade("服装店", "服装店", 8),
    Trade("理发店", "理发店", 6, hygiene=True), Trade("水果店", "水果店", 5, food=True),
    Trade("建材商行", "建材商行", 4), Trade("汽车修理厂", "汽修厂", 3),
    Trade("货运部", "货运部", 4, transport=True), Trade("美容院", "美容院", 4, hygiene=True),
    Trade("超市", "超市", 4, food=True), Trade("食品商行", "食品商行", 3, food=True),
    Trade("宾馆", "宾馆", 2, hygiene=True), Trade("文具店", "文具店", 3),
    Trade("手机维修店", "手机维修店", 2), Trade("面馆", "面馆", 4, food=True),
)  # fmt: skip
NON_PROFITS: tuple[tuple[str, str, str], ...] = (
    ("1", "2", "{district}{brand}小学"),
    ("1", "2", "{district}{brand}中学"),
    ("1", "2", "{district}{town}社区卫生服务中心"),
    ("5", "2", "{district}{brand}幼儿园"),
    ("5", "2", "{district}{brand}养老院"),
    ("5", "1", "宁波市{brand}商会"),
    ("5", "1", "{district}{brand}志愿者协会"),
    ("5", "2", "{district}{brand}培训学校"),
)
"""(registering authority, class, name): 1 for public institutions, 5 for what civil affairs registers."""

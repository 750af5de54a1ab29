"""The words that organisation names are built from: legal forms, branch endings and trades."""

from __future__ import annotations

from typing import Final

__all__ = ["BRANCH_ENDINGS", "LEGAL_FORMS", "TRADES"]

LEGAL_FORMS: Final = tuple(
    (
        "股份有限公司 有限责任公司 有限公司 股份公司 集团有限公司 集团股份有限公司 集团有限责任公司 集团公司 集团 "
        "总公司 公司 合伙企业 普通合伙企业 有限合伙企业 个人独资企业 农民专业合作社 专业合作社 股份经济合作社 "
        "经济合作社 合作社 联合社 合作联社  事务所 总厂 个体工商户 LIMITED CORPORATION GMBH"
    ).split()
)
"""组织形式: what ends a name and says how the organisation is constituted; a kind of partnership may follow in ( )."""

BRANCH_ENDINGS: Final = tuple(
    (
        "分公司 分店 分行 支行 分院 分校 分厂 分部 分所 分社 分会 分中心 分理处 储蓄所 营业部 营业厅 营业所 经营部 "
        "门市部 门店 旗舰店 专卖店 加盟店 直营店 服务部 服务站 办事处 代表处 联络处 项目部 工程部 销售部 销售处 "
        "供应站 加油站 加气站 配送中心 收购站 店"
    ).split()
)
"""What the name of a branch ends in, after its parent's whole name."""

TRADES: Final = tuple(
    (
        "科技 信息 网络 软件 电子 电器 电气 电力 电子商务 通信 通讯 智能 数据 互联网 技术 计算机 自动化 仪器 仪表 "
        "机械 机电 设备 模具 五金 金属 钢铁 钢结构 材料 建材 新材料 化工 化学 塑料 塑胶 橡胶 纺织 服装 服饰 针织 "
        "制衣 印染 皮革 鞋业 制鞋 家具 家居 装饰 装潢 装修 建筑 建设 工程 市政 园林 绿化 景观 房地产 置业 地产 物业 "
        "房产 酒店 宾馆 餐饮 饭店 酒楼 餐厅 小吃 食品 粮油 农业 农产品 种植 养殖 渔业 水产 果蔬 茶业 茶叶 酒业 饮料 "
        "烟酒 超市 百货 商贸 贸易 商业 进出口 国际贸易 实业 投资 资产 资本 控股 金融 担保 保险 融资租赁 租赁 典当 "
        "物流 运输 货运 客运 仓储 快递 供应链 航空 船舶 海运 汽车 汽配 摩托车 交通 能源 新能源 石油 石化 燃气 热力 "
        "水务 环保 环境 医药 医疗 药业 药房 大药房 生物 健康 保健 养老 美容 美发 理发 化妆品 教育 培训 文化 传媒 "
        "广告 影视 出版 印刷 包装 纸业 设计 咨询 管理 企业管理 服务 人力资源 劳务 旅游 旅行社 体育 健身 娱乐 玩具 "
        "珠宝 眼镜 花卉 宠物 维修 制造 制品 工业 商行 商店 便利店 经营部 加工 门窗 玻璃 陶瓷 照明 灯具 光电 光学 "
        "电缆 阀门 轴承 紧固件 矿业 煤炭 水泥 混凝土 检测 认证 知识产权 法律 会计"
    ).split()
)
"""Words that a statement of trade (行业) begins with (GB/T 4754 in everyday words)."""

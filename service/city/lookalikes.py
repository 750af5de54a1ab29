"""Characters that are taken for one another: of one sound, of nearly one shape, simplified and traditional.

Only for the characters that the names of this city are made of. Sounds are without tones, with surnames read as surnames.
"""

from __future__ import annotations

__all__ = ["PINYIN", "SAME_SHAPE", "SAME_SOUND", "TRADITIONAL"]

_SOUNDS = (
    "a阿 ai爱艾 an安 ao敖 ba巴 bai白柏 ban班 bao宝包鲍 bei蓓贝倍 ben犇 bi毕 bian边卞 bin斌宾彬滨 bing兵冰炳 "
    "bo波博卜 cai才财彩蔡 cao曹 cen岑 chai柴 chang昌昶常 chao超潮朝巢晁 che车 chen晨辰宸琛臣陈谌 cheng成承城琤诚程 "
    "chi池迟 chong翀 chu褚储楚初 chun春纯椿 cong丛 cui翠粹崔 dai戴 dan丹 dang党 de德 deng邓 di娣頔狄 "
    "diao刁 ding定丁 dong东栋冬董 dou窦豆都 du杜 duan段 duo朵 e娥 en恩 er儿 fa法 fan帆凡范繁樊 fang芳方坊房 "
    "fei飞菲妃霏费 fen芬纷分 feng峰锋凤丰枫风冯封 fu福富甫夫扶芙傅付符 gai盖 gan甘 gang刚钢纲岗 gao高郜 ge葛 gen根跟 "
    "geng庚耿 gong龚宫巩 gou苟 gu顾谷古 guan关管官 guang光 gui贵桂 guo国过果郭 hai海亥孩 han涵晗寒韩含函翰阚 "
    "hang航珩 hao浩豪昊皓好郝 he荷禾翯和何贺鹤 heng恒衡 hong红宏洪鸿虹弘 hou侯 hu胡扈 hua华花婳桦骅 huang黄 "
    "hui辉惠慧蕙会晖徽挥卉 huo霍 ji纪季吉姬冀计 jia家嘉佳加贾 jian建剑健鉴简 jiang江姜将绛蒋 jiao娇姣骄焦蛟 jie杰洁捷婕 "
    "jin金进瑾锦谨晋靳 jing景静晶婧璟靖敬境荆井 ju菊鞠 juan娟鹃涓绢 jun军君俊珺峻骏钧均 kai开凯恺楷铠 kang康 ke可柯 kong孔 "
    "kou寇 kuang邝匡 kun堃 lai来 lan兰蓝 lang郎 lao劳 le乐 lei磊蕾雷累 leng冷 li立利丽莉力励历李黎栗厉 "
    "lian莲连怜练廉 liang良亮梁粮 liao廖 lin林霖琳临麟蔺 ling玲灵凌铃零 liu刘柳 long龙隆珑 lou娄楼 lu卢陆鲁路芦 "
    "luan栾 luo罗骆 lv吕 ma马麻 mai麦 man满 mao毛 mei美梅妹媒 men门 meng梦孟蒙 mi米 miao淼苗渺 min民敏旻闽闵 "
    "ming明鸣铭茗名 mo墨沫默茉莫 mou牟缪 mu沐木牧慕穆 na娜 nan南 ni妮倪 nie聂 ning宁 niu牛 nong农 nuo诺 nv女 "
    "ou欧区 pan潘盘 pang庞 pei裴佩培珮 peng鹏芃彭 pi皮 piao朴 ping平萍苹坪 pu蒲普浦 qi启琪齐祁戚漆 qian倩茜蒨钱 "
    "qiang强 qiao乔 qin琴秦覃 qing庆清青晴卿情 qiu秋邱丘球仇 qu曲屈瞿 quan全权 que阙 qun群 ran然冉 rao饶 "
    "ren仁忍任人 rong荣蓉容融戎 ru茹 ruan阮 rui睿瑞锐芮 ruo若弱 sai赛 sang桑 sen森 sha莎沙 shan善单 "
    "shang尚商 shao少邵 she佘 shen沈申 sheng生盛 shi世诗施师士仕式史石时 shu淑书姝澍舒树叔 shuai帅 shui水 "
    "shuo烁 si思斯丝司 song宋 su素苏速粟 sui隋 sun孙 suo索 tan谭谈 tang唐汤 tao涛韬滔桃陶 teng滕 tian天湉田 "
    "ting婷颋 tong彤桐仝童同潼佟 tu涂屠 wan婉万 wang旺望王汪 wei伟卫维薇韡玮炜苇韦纬微魏位 wen文雯纹闻问温 weng翁 "
    "wu吴武伍邬巫 xi熙汐郗曦惜希西溪羲席奚 xia霞夏侠 xian仙冼 xiang祥翔香湘向项相 xiao晓小骁霄筱肖潇 xie谢解 "
    "xin信新鑫欣心馨昕辛 xing兴星杏幸邢 xiong熊 xiu秀 xu旭绪续徐许胥 xuan轩萱煊翾宣璇旋 xue学雪薛 ya亚雅娅 "
    "yan彦艳燕妍岩研雁言闫严颜晏鄢 yang阳洋杨 yao瑶垚遥尧姚 ye叶 yi义毅一奕懿亦逸怡依艺苡伊祎燚翊怿仪宜亿益易 yin银尹殷 "
    "ying英颖莹盈瑛樱应 yong永勇咏泳 you友幼有佑宥游尤 yu宇煜昱玉雨语妤彧堉瑀钰羽裕育郁余禹喻于俞虞 yuan元远媛源园圆缘原袁苑 "
    "yue跃月悦玥越粤岳 yun云昀赟芸耘韵筠匀 zang臧 ze泽则择 zeng曾 zha查 zhai翟 zhan詹 zhang长张章 zhao赵 zhe喆 "
    "zhen振珍真贞桢镇震甄 zheng正郑 zhi志芝芷智致之支知治枝 zhong忠仲中钟衷 zhou周 zhu珠朱祝 zhuang庄 zhuo卓 "
    "zi子梓紫资 zong宗 zou邹 zu祖 zuo左 "
)
_SHAPES = (
    "伟炜玮 晨辰宸 浩皓昊 杰洁 未末 己已巳 申甲由 士土 天夭夫 田由 干千于 王玉 日曰 人入 大太 刚钢 宇字 子孑 "
    "俊峻骏 辉晖 明朋 林枝 梅海 娟涓捐 婷停 颖颕 莹萤 丽俪 芳坊 萍苹 雪雷 霞霄 静净 敏教 慧惠 淑叔 珍珎 兰三 "
    "英瑛 秀季 桂佳 国囯 建健 军车 勇湧 强弲 志忘 文交 华毕 永水 福富 德徳 昌昍 祥样 鹏朋 飞气 龙尤 凤风 "
    "轩斩 涵函 梓辛 睿璿 泽择 铭名 嘉喜 怡贻 欣炘 琪祺 瑶遥 萱宣 妍研 彤丹 馨磬 雯纹 沐休 诺若 汐夕 奕弈 "
    "陈阵 刘刈 吴昊 赵起 周用 徐余 孙孔 朱未 胡湖 郭郊 何河 高亮 罗夕 郑邓 梁粱 谢射 宋宁 许计 韩朝 冯马 曹曾 "
    "彭澎 肖尚 董重 袁衰 潘番 蒋奖 蔡菜 杜社 叶计 程呈 苏办 魏巍 吕侣 丁了 任仁 沈沉 姚桃 卢户 姜美 崔催 钟仲 "
    "谭潭 陆击 汪汗 范苑 石右 廖寥 贾贸 夏复 方万 邹邬 熊能 孟盂 秦泰 邱丘 江汪 尹伊 薛薜 闫闰 段殷 雷霄 侯候 "
    "史吏 陶淘 黎犁 贺加 顾项 毛手 龚共 邵邹 戴载 莫草 汤场 温湿 施旋 樊攀 葛曷 邢刑 安宴 齐斉 易昜 乔侨 伍五 "
    "颜顔 倪睨 庄压 聂取 章童 鲁曹 岳兵 翟瞿 殷段 詹唐 耿耽 关天 焦集 俞愈 柳抑 甘廿 祝况 包句 宁字 符府 阮院 "
    "斌武 波陂 超赵 磊蕾 鑫金 亮亭 凯岂 翔羊 航舫 豪毫 恒桓 毅殻 铎泽 昕听 悦说 倩清 蓉容 琳淋 玲铃 薇微"
)
_TRADITIONAL = (
    "国國强強华華宝寶长長荣榮义義兴興启啓庆慶学學贵貴龙龍财財军軍伟偉卫衛东東爱愛红紅跃躍进進晓曉剑劍开開峰峯涛濤刚剛杰傑飞飛鹏鵬凯凱辉輝云雲泽澤栋棟锋鋒远遠鸣鳴轩軒铭銘阳陽恒恆诺諾彦彥烁爍兰蘭凤鳳"
    "亚亞银銀莲蓮丽麗静靜艳豔赛賽维維儿兒群羣颖穎洁潔莹瑩娇嬌梦夢悦悅诗詩语語瑶瑤宁寧艺藝书書祎禕赟贇婳嫿钰鈺骁驍怿懌颋頲韬韜遥遙尧堯会會玮瑋炜煒苇葦韦韋纬緯骏駿钧鈞鉴鑑樱櫻鸿鴻苹蘋诚誠韩韓岩巖园園"
    "圆圓缘緣纷紛鹃鵑绢絹励勵历歷连連怜憐贞貞桢楨镇鎮侠俠丰豐枫楓风風闽閩临臨灵靈铃鈴潇瀟贝貝师師丝絲资資仪儀亿億则則择擇锐銳锦錦谨謹晋晉贺賀鹤鶴乐樂粤粵韵韻匀勻将將绛絳绪緒续續许許树樹纯純宾賓滨濱"
    "珑瓏钢鋼纲綱岗崗咏詠恺愷铠鎧晖暉挥揮桦樺骅驊范範过過粮糧钟鍾时時纹紋闻聞问問温溫娅婭骄驕郁鬱余餘苏蘇项項张張刘劉陈陳杨楊黄黃赵趙吴吳孙孫马馬罗羅郑鄭谢謝冯馮邓鄧于於蒋蔣叶葉吕呂卢盧谭譚陆陸贾賈"
    "邹鄒闫閆顾顧龚龔万萬钱錢严嚴汤湯齐齊乔喬庞龐颜顏庄莊聂聶鲁魯岳嶽欧歐关關纪紀毕畢单單涂塗骆駱蓝藍游遊鲍鮑饶饒农農缪繆简簡车車芦蘆麦麥娄婁窦竇党黨宫宮费費应應闵閔邬鄔边邊栾欒丛叢巩鞏迟遲邝鄺谈談"
    "荆荊储儲劳勞谌諶蔺藺楼樓盘盤满滿厉厲区區阚闞权權帅帥朴樸盖蓋练練计計门門来來阙闕贸貿机機电電实實业業发發筑築装裝饰飾设設备備务務医醫药藥饮飲运運输輸际際环環专專个個体體厂廠诊診联聯达達顺順"
)

PINYIN: dict[str, str] = {}
"""Character to its sound, in letters without tone."""
SAME_SOUND: dict[str, str] = {}
"""Character to others of its sound; only where there are any."""
SAME_SHAPE: dict[str, str] = {}
"""Character to others that look like it."""
TRADITIONAL: dict[int, str] = {}
"""Simplified to traditional character, for str.translate."""


def _read_tables() -> None:
    for group in "".join(_SOUNDS).split():
        sound = group.rstrip("".join(c for c in group if not c.isascii()))
        characters = group[len(sound) :]
        for character in characters:
            PINYIN[character] = sound
            if len(characters) > 1:
                SAME_SOUND[character] = characters.replace(character, "")
    for group in _SHAPES.split():
        for character in group:
            SAME_SHAPE[character] = SAME_SHAPE.get(character, "") + group.replace(character, "")
    pairs = "".join(_TRADITIONAL)
    TRADITIONAL.update({ord(simple): full for simple, full in zip(pairs[::2], pairs[1::2], strict=True)})


_read_tables()

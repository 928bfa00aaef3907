"""One spelling for what looks or reads the same: width, case, accents, hidden characters, gaps between letters, digits in words.

Phrases are folded by the same function as texts, so neither needs to know how the other was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

# Only the characters that the phrases need; a whole conversion table would be a dictionary, and wrong in other ways.
_TRADITIONAL: Final = (
    "萬與專業東絲兩嚴喪個豐臨為麗舉義樂習鄉書買亂爭虧雲產親僅從倉儀們價眾優會傷倫偽體傭債傾償儲兒內關興養獸寫軍農馮"
    "衝決況凍淨準減幾鳳憑擊劃劉則剛創刪別劑動務勞勢勳勻區醫華協單賣盧衛卻廠廳歷厲壓厭縣參雙發變敘號嘆嚇聽啟員問嗎啞響噴"
    "團園圍國圖圓聖場壞塊堅壇墊墳壘處備複夠頭誇奪奮奧婦媽娛嬰孫學寧寶實寵審憲宮寬賓對尋導壽將爾塵盡層屆屬歲島嶺幣師帳"
    "帶幫幹廣莊慶應廟廢開異棄張彈強歸當錄徹徑後憶懷態憐總戀懇惡惱懸驚懼慘懲慣憤願懶戲戰戶撲執擴掃揚撫拋搶護報擔擬擁攔"
    "撥擇掛擋擠揮損換據擄攤攪攝攜數敵斷無舊時曠晝顯曬曉暫術機殺雜權條來楊極構槍樓標樣樹檔檢歐殘毀氣漢湯溝沒淚潑澤潔淺測"
    "濟渾濃塗漲漸漁滅燈靈災爛煩燒熱爺牽犧狀猶獄獨狹獎獲現環電畫畢瘋療盜監蓋盤瞞確禮禍離種積稱穩窮竊筆籌簽簡糧緊約級紀"
    "純納紙紛線組細終經結給絕統繼績續維綜緩編緣縮繳網羅罰罷職聯聰腦臉臟舉艙艱蘇藥蘭虛蟲補裝見規視覺觀觸計訂認討讓訓議訊記"
    "講許論訟設訪證評識詐訴詞譯試詩誠話詢該詳語誤說請諸諾讀課誰調談謀諒謊謝謹譜貝負貢財責賢敗賬貨質販貪貧購貯貫貴貸貿費賀"
    "賊賄資賭賴賺賠贈贖趙趕趨躍踐車軌軟轉輪輕載較輔輛輝輸辦邊達遷過運還這進遠違連遲適選遞郵鄰鄭釋鈔鐘鋼錢鎖錯鍵鎮長門閉間"
    "聞閱隊陽陰陣階際陸險隨隱難雞霧靜頂項順須顧頓預領頻題額顏風飛飯飲飽館馬駕駛騙騷驗魚鮮鳥麥黃點齊齒龍龜贏姦髒齣臺甦佈託"
    "闆綁鬥鬧鬆齡繫迴裡裏喫煙籤纏贓衆羣綫爲啓敍産説絶衹隻麽麼註欄滯銷稅賦審槍傢僱徵燬墮詆譭誣衊儘賤並豬罵錄"
)
_SIMPLIFIED: Final = (
    "万与专业东丝两严丧个丰临为丽举义乐习乡书买乱争亏云产亲仅从仓仪们价众优会伤伦伪体佣债倾偿储儿内关兴养兽写军农冯"
    "冲决况冻净准减几凤凭击划刘则刚创删别剂动务劳势勋匀区医华协单卖卢卫却厂厅历厉压厌县参双发变叙号叹吓听启员问吗哑响喷"
    "团园围国图圆圣场坏块坚坛垫坟垒处备复够头夸夺奋奥妇妈娱婴孙学宁宝实宠审宪宫宽宾对寻导寿将尔尘尽层届属岁岛岭币师帐"
    "带帮干广庄庆应庙废开异弃张弹强归当录彻径后忆怀态怜总恋恳恶恼悬惊惧惨惩惯愤愿懒戏战户扑执扩扫扬抚抛抢护报担拟拥拦"
    "拨择挂挡挤挥损换据掳摊搅摄携数敌断无旧时旷昼显晒晓暂术机杀杂权条来杨极构枪楼标样树档检欧残毁气汉汤沟没泪泼泽洁浅测"
    "济浑浓涂涨渐渔灭灯灵灾烂烦烧热爷牵牺状犹狱独狭奖获现环电画毕疯疗盗监盖盘瞒确礼祸离种积称稳穷窃笔筹签简粮紧约级纪"
    "纯纳纸纷线组细终经结给绝统继绩续维综缓编缘缩缴网罗罚罢职联聪脑脸脏举舱艰苏药兰虚虫补装见规视觉观触计订认讨让训议讯记"
    "讲许论讼设访证评识诈诉词译试诗诚话询该详语误说请诸诺读课谁调谈谋谅谎谢谨谱贝负贡财责贤败账货质贩贪贫购贮贯贵贷贸费贺"
    "贼贿资赌赖赚赔赠赎赵赶趋跃践车轨软转轮轻载较辅辆辉输办边达迁过运还这进远违连迟适选递邮邻郑释钞钟钢钱锁错键镇长门闭间"
    "闻阅队阳阴阵阶际陆险随隐难鸡雾静顶项顺须顾顿预领频题额颜风飞饭饮饱馆马驾驶骗骚验鱼鲜鸟麦黄点齐齿龙龟赢奸脏出台苏布托"
    "板绑斗闹松龄系回里里吃烟签缠赃众群线为启叙产说绝只只么么注栏滞销税赋审枪家雇征毁堕诋毁诬蔑尽贱并猪骂录"
)
# Marks that are written in several ways; apostrophes go, so that don't and dont are one word.
_MARKS: Final = {"'": "", "’": "", "‘": "", "`": "", "´": "", "“": '"', "”": '"', "—": "-", "–": "-", "•": "*", "·": "*", "‧": "*"}
_SIMPLE: Final = dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True)) | _MARKS
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Me", "Mn", "Sk", "So"})
_GAP: Final = re.compile(r"[ \t.*_~|/\\^+=\-]+")
_SPACED: Final = re.compile(r"(?<![a-z0-9])[a-z]([ .*_\-])[a-z](?:\1[a-z])+(?![a-z0-9])")
_FIGURES: Final = re.compile(
    r"(?<=[a-z])[0134578@$!]++(?=[a-z])|(?<![a-z0-9@$!])[0134578@$]++(?=[a-z][a-z0-9@$])|(?<=[a-z]{2})[013457]++(?![a-z0-9.,])"
)
_LETTERS: Final = str.maketrans("034578@$!", "oeastbasi")


class _Spelling(dict[str, str]):
    """Character -> how it is compared, filled as characters are met, so that a text costs one look-up a character."""

    def __missing__(self, char: str) -> str:
        apart = unicodedata.normalize("NFKD", char.casefold()).casefold()
        shown = "".join(_shown(each) for each in apart)
        if char < "\U00010000":  # what lies beyond is rare, and too much to keep
            self[char] = shown
        return shown


def _shown(char: str) -> str:
    if char.isspace():
        return "\n" if char in "\n\r\u2028\u2029" else " "
    return "" if unicodedata.category(char) in _HIDDEN else _SIMPLE.get(char, char)


_SPELLING: Final = _Spelling()


def fold(text: str) -> str:
    """`text` as it is compared."""
    plain = "".join([_SPELLING[char] for char in text])
    return _FIGURES.sub(_as_letters, "".join([plain[start:end] for start, end in _kept(plain)]))


def places(text: str) -> list[int]:
    """For each character of `fold(text)`, where in `text` it comes from."""
    pieces = [_SPELLING[char] for char in text]
    where = [at for at, piece in enumerate(pieces) for _ in piece]
    return [at for start, end in _kept("".join(pieces)) for at in where[start:end]]


def _kept(plain: str) -> Iterator[tuple[int, int]]:
    """The pieces between what is dropped."""
    last = 0
    for start, end in _drops(plain):
        yield last, start
        last = end
    yield last, len(plain)


def _drops(plain: str) -> list[tuple[int, int]]:
    """What stands between the letters of one word."""
    drops = [(at, at + 1) for found in _SPACED.finditer(plain) for at in range(found.start() + 1, found.end(), 2)]
    if plain.isascii():
        return drops
    for found in _GAP.finditer(plain):
        start, end = found.span()
        before, after = start > 0 and _han(plain[start - 1]), end < len(plain) and _han(plain[end])
        # Beside Chinese a space says nothing, even next to a Latin letter; other marks do, unless Chinese stands on both sides.
        if (before and after) or ((before or after) and found[0].isspace()):
            drops.append((start, end))
    return sorted(drops)


def _as_letters(found: re.Match[str]) -> str:
    """Figures inside a word as the letters they stand for, one for one, so that places stay.

    A 1 is an l after a vowel, unless an l follows; else an i.
    """
    before, after = found.string[found.start() - 1 : found.start()], found.string[found.end() : found.end() + 1]
    return found[0].replace("1", "l" if before and before in "aeiou" and after != "l" else "i").translate(_LETTERS)


def _han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"

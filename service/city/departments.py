"""How each department lays out and writes its records: columns, codes, dates and numbering.

Always true: what is here agrees with configs/sources.toml, where the same is said the other way round, for reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import Enum

__all__ = ["BEIJING", "FORMS", "DateStyle", "Form", "written"]

BEIJING = timezone(timedelta(hours=8))


class DateStyle(Enum):
    """How a date is written."""

    COMPACT = "19900305"
    DASHES = "1990-03-05"
    SLASHES = "1990/3/5"
    CHINESE = "1990年3月5日"


def written(day: date, style: DateStyle) -> str:
    """A date in that style."""
    if style is DateStyle.COMPACT:
        return f"{day.year:04d}{day.month:02d}{day.day:02d}"
    if style is DateStyle.DASHES:
        return f"{day.year:04d}-{day.month:02d}-{day.day:02d}"
    if style is DateStyle.SLASHES:
        return f"{day.year}/{day.month}/{day.day}"
    return f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True, slots=True)
class Form:
    """One department's record of one entity type."""

    source: str
    entity_type: str
    record_id: str
    observed_at: str
    prefix: str
    """What its record ids begin with."""
    dates: DateStyle
    columns: Mapping[str, str]
    """Attribute to the department's column, in the order of its file."""
    with_time: bool = False
    """Its observations have a time of day, in ISO 8601; otherwise a date in its style, which is Beijing midnight."""
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Attribute to Yishu's code to the department's code."""
    required: tuple[str, ...] = ("name",)

    @property
    def key(self) -> tuple[str, str]:
        """(source, entity type)."""
        return self.source, self.entity_type

    def moment(self, day: date, second: int) -> datetime:
        """When a fact was observed, in UTC: that second of that day in Beijing, or its midnight."""
        at = datetime.combine(day, time(), BEIJING) + timedelta(seconds=second if self.with_time else 0)
        return at.astimezone(UTC)

    def moment_written(self, moment: datetime) -> str:
        """The same as the department's file has it."""
        local = moment.astimezone(BEIJING)
        return local.isoformat() if self.with_time else written(local.date(), self.dates)


_LICENCE = ("type_code", "number")

_FORMS = (
    Form(
        "public_security", "person", "RYBH", "GXSJ", "3302P", DateStyle.COMPACT,
        {"name": "XM", "former_name": "CYM", "resident_id": "GMSFHM", "document_number": "QTZJHM", "birth_date": "CSRQ",
         "sex": "XB", "phone": "LXDH", "household_address": "HJDZ", "residence_address": "XZZ", "life_status": "RKZT"},
        codes={"sex": {"1": "男", "2": "女"}, "life_status": {"ALIVE": "正常", "DECEASED": "死亡注销"}},
    ),
    Form(
        "civil_affairs", "person", "业务编号", "办理日期", "MZ", DateStyle.CHINESE,
        {"name": "姓名", "resident_id": "身份证件号码", "sex": "性别", "birth_date": "出生日期",
         "household_address": "户籍地址", "phone": "联系电话", "life_status": "人员状态"},
        codes={"sex": {"1": "男性", "2": "女性"}, "life_status": {"ALIVE": "健在", "DECEASED": "已故"}},
    ),
    Form(
        "human_resources", "person", "personId", "updatedAt", "HRP", DateStyle.DASHES,
        {"name": "fullName", "resident_id": "idNumber", "document_number": "otherDocument", "sex": "gender",
         "birth_date": "birthDate", "phone": "mobile", "residence_address": "homeAddress",
         "life_status": "livingStatus"},
        with_time=True,
        codes={"sex": {"1": "male", "2": "female"}, "life_status": {"ALIVE": "living", "DECEASED": "dead"}},
    ),
    Form(
        "health", "person", "DABH", "JDRQ", "DA", DateStyle.SLASHES,
        {"name": "HZXM", "resident_id": "SFZJHM", "document_number": "QTZJ", "sex": "XBDM", "birth_date": "CSNYR",
         "phone": "SJHM", "residence_address": "JZDZ", "life_status": "SWBZ"},
        codes={"sex": {"1": "M", "2": "F", "0": "U"}, "life_status": {"ALIVE": "0", "DECEASED": "1"}},
    ),
    Form(
        "education", "person", "学籍号", "更新日期", "G", DateStyle.DASHES,
        {"name": "学生姓名", "former_name": "曾用名", "resident_id": "身份证件号", "sex": "性别码",
         "birth_date": "出生年月日", "phone": "家长电话", "household_address": "户口所在地",
         "residence_address": "家庭住址"},
        required=("name", "birth_date"),
    ),
    Form(
        "housing", "person", "备案号", "登记时间", "FC", DateStyle.DASHES,
        {"name": "权利人", "resident_id": "证件号码", "phone": "联系电话", "residence_address": "坐落"},
    ),
    Form(
        "market_regulation", "organisation", "主体编号", "更新时间", "SC", DateStyle.CHINESE,
        {"name": "市场主体名称", "former_name": "曾用名称", "uscc": "统一社会信用代码", "registration_number": "注册号",
         "legal_representative": "法定代表人", "legal_representative_id": "法定代表人证件号", "address": "住所",
         "phone": "联系电话", "established_on": "成立日期", "status": "登记状态"},
        with_time=True,
        codes={"status": {"ACTIVE": "存续", "SUSPENDED": "停业", "REVOKED": "吊销", "CANCELLED": "注销",
                          "DISSOLVED": "解散"}},
        required=("name", "status"),
    ),
    Form(
        "taxation", "organisation", "DJXH", "XGRQ", "1013302", DateStyle.COMPACT,
        {"name": "NSRMC", "uscc": "NSRSBH", "legal_representative": "FDDBRXM",
         "legal_representative_id": "FDDBRSFZJHM", "address": "SCJYDZ", "phone": "SCJYDLXDH",
         "established_on": "KYSLRQ", "status": "NSRZTDM"},
        codes={"status": {"ACTIVE": "03", "SUSPENDED": "05", "REVOKED": "08", "CANCELLED": "07", "DISSOLVED": "06"}},
    ),
    Form(
        "human_resources", "organisation", "employerId", "updatedAt", "HRE", DateStyle.DASHES,
        {"name": "employerName", "uscc": "creditCode", "organisation_code": "orgCode",
         "legal_representative": "legalPerson", "legal_representative_id": "legalPersonIdNumber",
         "address": "businessAddress", "phone": "telephone", "status": "employerStatus"},
        with_time=True,
        codes={"status": {"ACTIVE": "active", "SUSPENDED": "paused", "REVOKED": "revoked", "CANCELLED": "closed",
                          "DISSOLVED": "dissolved"}},
    ),
    Form(
        "statistics", "organisation", "单位序号", "填报日期", "TJ", DateStyle.CHINESE,
        {"name": "单位详细名称", "organisation_code": "组织机构代码", "legal_representative": "单位负责人",
         "address": "单位所在地", "phone": "固定电话", "established_on": "开业时间", "status": "营业状态"},
        codes={"status": {"ACTIVE": "1", "SUSPENDED": "2", "REVOKED": "6", "CANCELLED": "4", "DISSOLVED": "5"}},
    ),
    Form(
        "ecology", "organisation", "WRYBH", "GXSJ", "WRY", DateStyle.DASHES,
        {"name": "WRYMC", "former_name": "CYMC", "uscc": "TYSHXYDM", "legal_representative": "FRDB",
         "address": "SCDZ", "phone": "LXDH"},
    ),
    Form(
        "market_regulation", "licence", "证照编号", "更新时间", "SCZ", DateStyle.CHINESE,
        {"type_code": "证照类型代码", "type_name": "证照名称", "number": "证照号码", "issuer": "发证机关",
         "issuer_code": "发证机关代码", "issued_on": "发证日期", "valid_from": "有效期起", "valid_to": "有效期止",
         "holder_name": "持有人", "holder_code": "持有人代码", "holder_code_type": "持有人代码类型",
         "status": "证照状态"},
        with_time=True,
        codes={"holder_code_type": {"001": "统一社会信用代码", "111": "居民身份证"},
               "status": {"VALID": "有效", "SUSPENDED": "暂扣", "REVOKED": "吊销", "CANCELLED": "注销",
                          "EXPIRED": "过期", "TRANSFERRED": "变更"}},
        required=_LICENCE,
    ),
    Form(
        "health", "licence", "XKBH", "GXSJ", "WS", DateStyle.SLASHES,
        {"type_code": "ZZLXDM", "type_name": "ZZMC", "number": "ZZBH", "issuer": "FZJG", "issuer_code": "FZJGDM",
         "issued_on": "FZRQ", "valid_from": "YXQQ", "valid_to": "YXQZ", "holder_name": "CZRXM",
         "holder_code": "CZRDM", "holder_code_type": "CZRDMLX", "status": "ZZZT"},
        codes={"holder_code_type": {"001": "1", "111": "2"},
               "status": {"VALID": "1", "SUSPENDED": "2", "REVOKED": "3", "CANCELLED": "4", "EXPIRED": "5",
                          "TRANSFERRED": "6"}},
        required=_LICENCE,
    ),
    Form(
        "transport", "licence", "permitId", "updatedAt", "TR-", DateStyle.DASHES,
        {"type_code": "permitTypeCode", "type_name": "permitTypeName", "number": "permitNumber",
         "issuer": "issuedBy", "issuer_code": "issuedByCode", "issued_on": "issueDate", "valid_from": "validFrom",
         "valid_to": "validTo", "holder_name": "holderName", "holder_code": "holderCode",
         "holder_code_type": "holderCodeType", "status": "permitStatus"},
        with_time=True,
        codes={"status": {s: s.lower() for s in ("VALID", "SUSPENDED", "REVOKED", "CANCELLED", "EXPIRED",
                                                 "TRANSFERRED")}},
        required=_LICENCE,
    ),
    Form(
        "data_bureau", "licence", "RECID", "GJSJ", "ZZ", DateStyle.COMPACT,
        {"type_code": "ZZLXDM", "type_name": "ZZLXMC", "number": "ZZBH", "identifier": "ZZBS", "issuer": "ZZBFJG",
         "issuer_code": "ZZBFJGDM", "issued_on": "ZZBFRQ", "valid_from": "ZZYXQQSRQ", "valid_to": "ZZYXQJZRQ",
         "holder_name": "CZZT", "holder_code": "CZZTDM", "holder_code_type": "CZZTDMLX", "status": "ZZZT"},
        codes={"status": {"VALID": "有效", "SUSPENDED": "暂停", "REVOKED": "吊销", "CANCELLED": "注销",
                          "EXPIRED": "失效", "TRANSFERRED": "转移"}},
        required=_LICENCE,
    ),
)  # fmt: skip

FORMS: Mapping[tuple[str, str], Form] = {form.key: form for form in _FORMS}
"""(source, entity type) to its form, in a fixed order."""

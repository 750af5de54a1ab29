"""The organisations of the city: companies, sole traders, branches and non-profits.

Always true: no two share a USCC or an organisation code; a USCC has its holder's organisation code inside; whoever
represents one is in the city and was grown up when it was established; a branch's parent is there and is older.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from service.city import identifiers
from service.city.drawing import Weighted, day_between, digits, pick, stream
from service.city.names import surname_of
from service.city.places import DISTRICTS, city_address, region_code
from service.city.things import TODAY, Address, Organisation, OrganisationKind, Person, PersonKind
from service.city.trades import BRAND_ENDINGS, BRANDS, COMPANY_TRADES, NON_PROFITS, SHOP_TRADES, Trade

__all__ = ["ORGANISATION_SHARES", "PEOPLE_FOR_EACH", "OrganisationShares", "found", "trade_of"]

PEOPLE_FOR_EACH = 12
"""People for each organisation."""


@dataclass(frozen=True, slots=True)
class OrganisationShares:
    """How often what is hard to link comes up, as shares of what the comment names."""

    same_brand: float = 0.05
    """companies that have another's brand and trade, in another district or with another legal form"""
    owner_named: float = 0.18
    """sole traders called as their owner, or as 个体工商户 and the owner"""
    surname_named: float = 0.30
    """sole traders called after the owner's surname or name, such as 老王"""
    renamed: float = 0.06
    """all"""
    moved: float = 0.10
    """all"""
    representative_changed: float = 0.08
    """all but sole traders"""
    reissued: float = 0.008
    """all: the USCC was issued anew on re-registration"""
    represents_several: float = 0.12
    """representatives who represent another one already"""
    ended: float = 0.08
    """all: cancelled, revoked or dissolved"""
    suspended: float = 0.02
    """all"""
    bracketed: float = 0.12
    """companies with the place in brackets after the brand"""


ORGANISATION_SHARES = OrganisationShares()

_KINDS = Weighted(
    [
        (OrganisationKind.COMPANY, 0.54),
        (OrganisationKind.SOLE_TRADER, 0.34),
        (OrganisationKind.BRANCH, 0.07),
        (OrganisationKind.NON_PROFIT, 0.05),
    ]
)
_FORMS = Weighted([("有限公司", 0.76), ("股份有限公司", 0.05), ("有限责任公司", 0.06), ("厂", 0.13)])
_FORMS_OF_SERVICES = Weighted([("有限公司", 0.9), ("股份有限公司", 0.04), ("有限责任公司", 0.06)])
_ENDS = Weighted([("CANCELLED", 0.6), ("REVOKED", 0.25), ("DISSOLVED", 0.15)])
_COMPANY_TRADES = Weighted([(t, t.share) for t in COMPANY_TRADES])
_SHOP_TRADES = Weighted([(t, t.share) for t in SHOP_TRADES])
_BY_WORDS = {t.words: t for t in (*COMPANY_TRADES, *SHOP_TRADES)}
_CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORDINALS = "一二三四五六七八九"


def trade_of(organisation: Organisation) -> Trade | None:
    """The trade by its words; none for non-profits."""
    return _BY_WORDS.get(organisation.trade)


def found(people: Sequence[Person], seed: int) -> tuple[Organisation, ...]:
    """One organisation for every 12 people, at least one."""
    register = _Register(people, stream(seed, "organisations"))
    for _ in range(max(1, len(people) // PEOPLE_FOR_EACH)):
        register.enter()
    return tuple(register.entries)


@dataclass(slots=True)
class _Naming:
    """A name and what it was made of."""

    name: str
    short: str
    brand: str
    trade: str


def _brand(rng: Random) -> str:
    """A brand of two or three characters, or a well-known one."""
    brand = pick(rng, BRANDS)
    return brand + pick(rng, BRAND_ENDINGS) if len(brand) == 2 and rng.random() < 0.5 else brand


class _Register:
    """The organisations so far, and what must not be given twice."""

    def __init__(self, people: Sequence[Person], rng: Random) -> None:
        self.rng = rng
        self.people = people
        self.grown_up = [p for p in people if p.kind is PersonKind.CITIZEN and p.age_on(TODAY) >= 22] or list(people)
        self.entries: list[Organisation] = []
        self.companies: list[Organisation] = []
        self.names: set[str] = set()
        self.codes: set[str] = set()

    def enter(self) -> None:
        """Register one more."""
        rng = self.rng
        kind = _KINDS.draw(rng)
        if kind is OrganisationKind.BRANCH and not self.companies:
            kind = OrganisationKind.COMPANY
        parent = pick(rng, self.companies) if kind is OrganisationKind.BRANCH else None
        address = city_address(rng)
        representative = self._representative()
        established = self._established(kind, representative, parent)
        authority, entity_class = {"SOLE_TRADER": ("9", "2"), "NON_PROFIT": ("5", "2")}.get(kind, ("9", "1"))
        naming = self._unused_name(kind, address, representative, parent)
        if kind is OrganisationKind.NON_PROFIT:
            authority, entity_class = next((a, c) for a, c, n in NON_PROFITS if n[-2:] == naming.name[-2:])
        code = self._code(established)
        region = region_code(address.code, max(established.year, 2015))
        uscc = identifiers.uscc(authority, entity_class, region, code)
        status, ended_on = self._status(established)
        former, renamed_on = self._former_name(kind, naming, address, representative, established, parent)
        previous_uscc, reissued_on = "", None
        if rng.random() < ORGANISATION_SHARES.reissued:
            previous_uscc = identifiers.uscc(authority, entity_class, region, self._code(date(2010, 1, 1)))
            reissued_on = self._since(established)
        moved = rng.random() < ORGANISATION_SHARES.moved
        changed = kind is not OrganisationKind.SOLE_TRADER and rng.random() < ORGANISATION_SHARES.representative_changed
        sole = kind is OrganisationKind.SOLE_TRADER
        entry = Organisation(
            id=f"O{len(self.entries) + 1:07d}",
            kind=kind,
            name=naming.name,
            short_name=naming.short,
            former_name=former,
            renamed_on=renamed_on,
            brand=naming.brand,
            uscc=uscc,
            previous_uscc=previous_uscc,
            reissued_on=reissued_on,
            organisation_code=code,
            registration_number=self._registration(region, established, kind),
            representative_id=representative.id,
            previous_representative_id=self._representative().id if changed else "",
            representative_changed_on=self._since(established) if changed else None,
            address=address,
            previous_address=city_address(rng, address.code) if moved else None,
            moved_on=self._since(established) if moved else None,
            phone=representative.phone if sole and rng.random() < 0.8 else f"0574-{pick(rng, '568')}{digits(rng, 7)}",
            established_on=established,
            status=status,
            ended_on=ended_on,
            trade=naming.trade,
            parent_id=parent.id if parent else "",
        )
        self.entries.append(entry)
        if kind is OrganisationKind.COMPANY:
            self.companies.append(entry)

    # ------------------------------------------------------------ names

    def _unused_name(
        self, kind: OrganisationKind, address: Address, owner: Person, parent: Organisation | None
    ) -> _Naming:
        """A name that the register would let pass: nobody else's, with or without the city.

        Sole traders named as their owner may share it, as they do.
        """
        while True:
            naming = self._name(kind, address, owner, parent)
            key = naming.name.replace("宁波市", "").replace("宁波", "").replace("浙江", "").replace("（）", "")
            if key not in self.names or owner.name in naming.name:
                self.names.add(key)
                return naming

    def _name(self, kind: OrganisationKind, address: Address, owner: Person, parent: Organisation | None) -> _Naming:
        rng = self.rng
        place = DISTRICTS[address.code][0][:-1]
        if kind is OrganisationKind.SOLE_TRADER:
            return self._shop_name(place, address, owner)
        if kind is OrganisationKind.BRANCH and parent:
            town = address.town.removesuffix("街道").removesuffix("镇")
            suffix = pick(
                rng, (f"{place}分公司", f"{town}分公司", f"第{pick(rng, _ORDINALS)}分公司", f"{town}分店", f"{town}店")
            )
            return _Naming(parent.name + suffix, parent.short_name + suffix, parent.brand, parent.trade)
        if kind is OrganisationKind.NON_PROFIT:
            brand = pick(rng, BRANDS)
            _, _, pattern = pick(rng, NON_PROFITS)
            name = pattern.format(district=address.district, town=address.town, brand=brand)
            if name in self.names:
                name = name[:-2] + pick(rng, BRANDS) + name[-2:]
            return _Naming(name, name.replace(address.district, ""), brand, "")
        trade = _COMPANY_TRADES.draw(rng)
        brand = _brand(rng)
        if self.companies and rng.random() < ORGANISATION_SHARES.same_brand:
            other = pick(rng, self.companies)
            brand, trade = other.brand, _BY_WORDS[other.trade]
        form = _FORMS.draw(rng) if trade.works else _FORMS_OF_SERVICES.draw(rng)
        if rng.random() < ORGANISATION_SHARES.bracketed:
            name = f"{brand}（{pick(rng, ('宁波', '浙江', place))}）{trade.words}{form}"
        else:
            lead = pick(rng, ("宁波", "宁波", "宁波市", f"宁波市{place}", f"宁波{place}", "浙江"))
            name = f"{lead}{brand}{trade.words}{form}"
        return _Naming(name, brand + trade.plain, brand, trade.words)

    def _shop_name(self, place: str, address: Address, owner: Person) -> _Naming:
        rng = self.rng
        trade = _SHOP_TRADES.draw(rng)
        draw = rng.random()
        shares = ORGANISATION_SHARES
        if draw < shares.owner_named:
            name = owner.name if draw < shares.owner_named * 0.7 else f"个体工商户{owner.name}"
            return _Naming(name, owner.name, "", trade.words)
        if draw < shares.owner_named + shares.surname_named:
            family = surname_of(owner.name)
            brand = pick(rng, (f"老{family}", f"{family}记", f"小{family}", owner.name, owner.name))
        else:
            brand = _brand(rng)
        town = address.town.removesuffix("街道").removesuffix("镇")
        lead = pick(
            rng,
            (f"宁波市{address.district}", f"{place}", f"{place}{town}", f"宁波{place}", f"{address.district}{town}"),
        )
        return _Naming(f"{lead}{brand}{trade.words}", brand + trade.plain, brand, trade.words)

    def _former_name(
        self, kind: OrganisationKind, now: _Naming, address: Address, owner: Person, established: date,
        parent: Organisation | None,
    ) -> tuple[str, date | None]:  # fmt: skip
        rng = self.rng
        if rng.random() >= ORGANISATION_SHARES.renamed:
            return "", None
        if kind is OrganisationKind.COMPANY and now.brand and rng.random() < 0.4:
            # The brand stays and the trade changes, as when a factory turns to technology.
            former = now.name.replace(now.trade, _COMPANY_TRADES.draw(rng).words)
        else:
            former = self._unused_name(kind, address, owner, parent).name
        return (former, self._since(established)) if former != now.name else ("", None)

    # ------------------------------------------------------------ codes, dates, persons

    def _representative(self) -> Person:
        rng = self.rng
        if self.entries and rng.random() < ORGANISATION_SHARES.represents_several:
            return self.people[int(pick(rng, self.entries).representative_id[1:]) - 1]
        return pick(rng, self.grown_up)

    def _established(self, kind: OrganisationKind, representative: Person, parent: Organisation | None) -> date:
        years = 8 if kind is OrganisationKind.SOLE_TRADER else 16
        earliest = representative.birth_date + timedelta(days=20 * 366)
        if parent:
            earliest = max(earliest, parent.established_on)
        latest = (representative.died_on or TODAY) - timedelta(days=30)
        day = TODAY - timedelta(days=int(60 + self.rng.random() ** 1.3 * years * 2 * 365))
        return min(max(earliest, min(day, latest)), TODAY - timedelta(days=1))

    def _code(self, established: date) -> str:
        rng = self.rng
        while True:
            if established.year >= 2016:
                code = identifiers.organisation_code("MA2" + "".join(pick(rng, _CODE_LETTERS) for _ in range(5)))
            else:
                code = identifiers.organisation_code(pick(rng, "1457") + digits(rng, 7))
            if code not in self.codes:
                self.codes.add(code)
                return code

    def _registration(self, region: str, established: date, kind: OrganisationKind) -> str:
        if established >= date(2015, 10, 1) or kind is OrganisationKind.NON_PROFIT:
            return ""
        lead = 60_000_000 if kind is OrganisationKind.SOLE_TRADER else 10_000_000
        return identifiers.registration_number(region, lead + len(self.entries) * 7 + int(self.rng.random() * 7))

    def _status(self, established: date) -> tuple[str, date | None]:
        draw = self.rng.random()
        if draw < ORGANISATION_SHARES.ended:
            return _ENDS.draw(self.rng), self._since(established)
        if draw < ORGANISATION_SHARES.ended + ORGANISATION_SHARES.suspended:
            return "SUSPENDED", self._since(established)
        return "ACTIVE", None

    def _since(self, established: date) -> date:
        """A day in the last five years on which something may have changed."""
        return day_between(
            self.rng, max(established + timedelta(days=20), TODAY - timedelta(days=1825)), TODAY - timedelta(days=5)
        )

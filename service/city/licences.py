"""The licences of the city: which there are, who issues them, and their numbers.

Always true: no two licences of a type share a number; a licence was issued while its holder was there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from service.city import identifiers
from service.city.drawing import Weighted, day_between, pick, stream
from service.city.organisations import trade_of
from service.city.places import DISTRICTS, region_code
from service.city.things import TODAY, Licence, Organisation, OrganisationKind, Person, PersonKind

__all__ = ["TYPES", "LicenceType", "issue"]


@dataclass(frozen=True, slots=True)
class LicenceType:
    """A kind of licence. Its code has the shape of GB/T 36903: the defining body's USCC and 3 digits."""

    code: str
    name: str
    source: str
    """Who issues it."""
    issuer: str
    """The issuer's name, with the district."""
    years: int
    """How long it is valid; 0 for ever."""


def _code(first_8: str, serial: str) -> str:
    return identifiers.uscc("1", "1", "100000", identifiers.organisation_code(first_8)) + serial


_MARKET = "宁波市{district}市场监督管理局"

TYPES: dict[str, LicenceType] = {
    "business": LicenceType(_code("MB014302", "032"), "营业执照", "market_regulation", _MARKET, 0),
    "food": LicenceType(_code("MB014302", "101"), "食品经营许可证", "market_regulation", _MARKET, 5),
    "hygiene": LicenceType(_code("MB184666", "012"), "公共场所卫生许可证", "health", "宁波市{district}卫生健康局", 4),
    "health_certificate": LicenceType(
        _code("MB184666", "027"), "从业人员健康证明", "health", "宁波市{district}疾病预防控制中心", 1
    ),
    "physician": LicenceType(_code("MB184666", "005"), "医师执业证书", "health", "宁波市卫生健康委员会", 0),
    "road_transport": LicenceType(
        _code("00001385", "041"), "道路运输经营许可证", "transport", "宁波市{district}交通运输局", 4
    ),
    "driver": LicenceType(_code("00001385", "047"), "道路运输从业人员从业资格证", "transport", "宁波市交通运输局", 6),
}
"""By a short name of ours."""

FOOD_SHARE, HYGIENE_SHARE, TRANSPORT_SHARE = 0.85, 0.8, 0.85
"""Of the organisations whose trade needs one."""
HEALTH_CERTIFICATE_SHARE, PHYSICIAN_SHARE, DRIVER_SHARE = 0.035, 0.012, 0.015
"""Of the people between 20 and 60."""
RENEWED = 0.3
"""Of the licences that would have expired: renewed for another term."""

_TROUBLES = Weighted(
    [("VALID", 0.93), ("SUSPENDED", 0.015), ("REVOKED", 0.015), ("CANCELLED", 0.025), ("TRANSFERRED", 0.015)]
)
_STATUS_OF_BUSINESS = {"ACTIVE": "VALID", "SUSPENDED": "VALID", "REVOKED": "REVOKED"}


def issue(people: Sequence[Person], organisations: Sequence[Organisation], seed: int) -> tuple[Licence, ...]:
    """All licences, the organisations' first."""
    office = _Office(stream(seed, "licences"))
    for organisation in organisations:
        office.license_organisation(organisation)
    for person in people:
        office.license_person(person)
    return tuple(office.issued)


class _Condition(NamedTuple):
    """A status and since when, where it is not VALID."""

    status: str
    since: date | None


class _Office:
    """The licences so far."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.issued: list[Licence] = []
        self.issuer_codes: dict[str, str] = {}

    def license_organisation(self, holder: Organisation) -> None:
        """Every licence that an organisation of its trade has."""
        rng = self.rng
        code, since = holder.address.code, holder.established_on
        if holder.kind is not OrganisationKind.NON_PROFIT:
            status = _STATUS_OF_BUSINESS.get(holder.status, "CANCELLED")
            condition = _Condition(status, holder.ended_on if status != "VALID" else None)
            self._issue("business", holder, since, holder.uscc, condition)
        trade = trade_of(holder)
        if trade is None:
            return
        serial = len(self.issued) + 1
        day = day_between(rng, max(since, TODAY - timedelta(days=2500)), TODAY - timedelta(days=3))
        if trade.food and rng.random() < FOOD_SHARE:
            kind = "2" if trade.hygiene else "1"
            self._issue("food", holder, day, identifiers.food_permit_number(kind, code, serial))
        if trade.hygiene and rng.random() < HYGIENE_SHARE:
            self._issue("hygiene", holder, day, f"浙卫公证字〔{day.year}〕第{code}{serial:06d}号")
        if trade.transport and rng.random() < TRANSPORT_SHARE:
            self._issue("road_transport", holder, day, f"浙交运管许可甬字{code}{serial:06d}号")

    def license_person(self, holder: Person) -> None:
        """Every licence that a person has."""
        if holder.kind is not PersonKind.CITIZEN or not 20 <= holder.age_on(TODAY) < 60:
            return
        rng = self.rng
        draw = rng.random()
        code = holder.residence_address.code
        latest = (holder.died_on or TODAY) - timedelta(days=3)
        if latest < TODAY - timedelta(days=600):
            return
        day = day_between(rng, TODAY - timedelta(days=2500), latest)
        serial = len(self.issued) + 1
        if draw < HEALTH_CERTIFICATE_SHARE:
            day = day_between(rng, TODAY - timedelta(days=600), latest)
            self._issue("health_certificate", holder, day, f"33{code[2:]}{day.year}{serial:06d}")
        elif draw < HEALTH_CERTIFICATE_SHARE + PHYSICIAN_SHARE:
            self._issue("physician", holder, day, f"{pick(rng, '123')}{pick(rng, '14')}0{code}{serial:06d}")
        elif draw < HEALTH_CERTIFICATE_SHARE + PHYSICIAN_SHARE + DRIVER_SHARE:
            # The number of a driver's qualification is the driver's resident ID.
            self._issue("driver", holder, day, holder.resident_id)

    def _issue(
        self, kind: str, holder: Person | Organisation, day: date, number: str, condition: _Condition | None = None
    ) -> None:
        """One more. The condition is drawn where it does not follow from the holder's."""
        of_type = TYPES[kind]
        valid_to: date | None = None
        if of_type.years:
            valid_to = day + timedelta(days=365 * of_type.years - 1)
            if valid_to < TODAY and self.rng.random() < RENEWED:
                valid_to += timedelta(days=365 * of_type.years)
        condition = condition or self._condition(day, valid_to)
        address = holder.residence_address if isinstance(holder, Person) else holder.address
        district = address.code
        issuer = of_type.issuer.format(district=DISTRICTS[district][0])
        issuer_code = self._issuer_code(issuer, district)
        identifier = identifiers.licence_identifier(of_type.code, issuer_code, f"{len(self.issued) + 1:09d}", 1)
        self.issued.append(
            Licence(
                id=f"L{len(self.issued) + 1:07d}",
                type_code=of_type.code,
                type_name=of_type.name,
                number=number,
                identifier=identifier,
                issuer=issuer,
                issuer_code=issuer_code,
                issuing_source=of_type.source,
                issued_on=day,
                valid_from=day,
                valid_to=valid_to,
                holder_id=holder.id,
                status=condition.status,
                status_since=condition.since,
            )
        )

    def _condition(self, issued_on: date, valid_to: date | None) -> _Condition:
        status = _TROUBLES.draw(self.rng)
        if status != "VALID":
            return _Condition(status, day_between(self.rng, issued_on, TODAY - timedelta(days=1)))
        if valid_to and valid_to < TODAY:
            return _Condition("EXPIRED", valid_to + timedelta(days=1))
        return _Condition("VALID", None)

    def _issuer_code(self, issuer: str, district: str) -> str:
        """The USCC of a public body, one for each."""
        if issuer not in self.issuer_codes:
            region = (
                "330200" if "市卫生健康委" in issuer or issuer == "宁波市交通运输局" else region_code(district, 2020)
            )
            code = identifiers.organisation_code(f"0029{len(self.issuer_codes) * 71 + 3:04d}")
            self.issuer_codes[issuer] = identifiers.uscc("1", "1", region, code)
        return self.issuer_codes[issuer]

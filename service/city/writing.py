"""How the same address and the same phone are written by different hands. None of these is a mistake."""

from __future__ import annotations

from random import Random

from service.city.drawing import Weighted
from service.city.things import Address

__all__ = ["AddressHabit", "address_written", "phone_written"]


class AddressHabit:
    """How much of an address a department writes: shares from the full form to the mere house."""

    def __init__(self, *, full: float, city: float, district: float, house: float) -> None:
        self.levels = Weighted([(0, full), (1, city), (2, district), (3, house)])


_OLD_NAMES = {"奉化区": "奉化市", "鄞州区": "鄞县"}
_FLAT = Weighted(
    [("{b}幢{u}单元{r}室", 0.55), ("{b}号楼{u}单元{r}室", 0.15), ("{b}栋{u}单元{r}", 0.12), ("{b}-{u}-{r}", 0.18)]
)


def address_written(rng: Random, address: Address, habit: AddressHabit) -> str:
    """One line of Chinese, from the largest to the smallest."""
    level = habit.levels.draw(rng)
    draw = rng.random()
    district = address.district
    if level and draw < 0.02:
        district = _OLD_NAMES.get(district, district)
    elif level and draw < 0.06 and len(district) > 2:
        district = district[:-1]
    place = ""
    if level == 0:
        place = f"{address.province}{address.city}{district}{address.town}"
    elif level == 1:
        place = f"{address.city}{district}{address.town if draw < 0.7 else ''}"
    elif level == 2:
        place = f"{district}{address.town if draw < 0.6 else ''}"
    if address.community:
        road = f"{address.road}{address.number}号" if level == 0 or (level < 3 and draw < 0.3) else ""
        flat = _FLAT.draw(rng).format(b=address.building, u=address.unit, r=address.room)
        return f"{place}{road}{address.community}{flat}"
    return f"{place}{address.road}{address.number}号"


def phone_written(rng: Random, phone: str, grouped: float, international: float) -> str:
    """A phone as one number, or for those shares in groups or with +86."""
    draw = rng.random()
    if not phone or draw >= grouped + international:
        return phone
    if draw < international:
        return f"+86 {phone}" if phone[0] == "1" else f"+86-{phone.lstrip('0')}"
    if phone[0] == "1" and len(phone) == 11:
        return (
            f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"
            if draw < international + grouped / 2
            else f"{phone[:3]} {phone[3:7]} {phone[7:]}"
        )
    return phone.replace("-", "")

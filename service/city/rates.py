"""How often each department's records are wrong, old or empty.

Every rate is a share of the records that the department would otherwise have filled in rightly: `id_empty` of those of
people who have an ID, `id_fifteen` of those of people born early enough to have had one of 15 digits, and so on.
Mistakes are drawn independently unless said otherwise. The figures are judgement, not measurement: the police and the
market regulator see the documents and have them checked; social security checks against the police; a hospital's
reception, a school's form and an old housing register do not.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "BROKEN",
    "LICENCE_RATES",
    "ORGANISATION_RATES",
    "PERSON_RATES",
    "LicenceRates",
    "OrganisationRates",
    "PersonRates",
]

BROKEN = 0.001
"""Records of any department and type that lack a required value."""


@dataclass(frozen=True, slots=True)
class PersonRates:
    """One department's rates for people."""

    years: int
    """How far back its observations reach; the recent ones are more."""
    duplicate: float
    """People who have a second record here, written down at another time with mistakes of its own."""
    alone: float
    """Records with a name and nothing else: nobody can link them."""
    stale: float
    """Records of people who moved, got a new phone or a new name before the observation, and that still say the old."""

    name_homophone: float
    name_shape: float
    name_traditional: float
    name_rare_lost: float
    """Of the names that have a rare character."""
    name_spaced: float
    name_noted: float
    name_pinyin: float
    name_separator: float
    """Of the names that have a separator."""

    id_empty: float
    id_filler: float
    id_digit: float
    """One digit wrong: the check fails."""
    id_transposed: float
    """Two neighbours swapped: the check fails."""
    id_recomputed: float
    """Wrong and valid: the system made the check character fit."""
    id_relative: float
    """The valid ID of a parent, a spouse or a child, of those who live with one."""
    id_fifteen: float
    """15 digits, of those born before 1982."""
    id_lower_x: float
    """Of the IDs that end in X."""
    id_spaced: float
    """In groups, or in full width."""

    birth_empty: float
    birth_wrong: float
    """Off by a key."""
    birth_swapped: float
    """Day and month, of those whose day is at most 12."""
    sex_empty: float
    sex_wrong: float
    phone_empty: float
    phone_filler: float
    phone_digit: float
    phone_family: float
    """Another adult's of the household."""
    address_empty: float
    status_late: float
    """Records of the dead, seen after the death, that say alive."""
    birth_partial: float = 0.0
    """The year alone."""


PERSON_RATES: dict[str, PersonRates] = {
    "public_security": PersonRates(
        years=8, duplicate=0.002, alone=0.0, stale=0.05,
        name_homophone=0.0003, name_shape=0.0003, name_traditional=0.0, name_rare_lost=0.04, name_spaced=0.0005,
        name_noted=0.0, name_pinyin=0.0, name_separator=0.05,
        id_empty=0.002, id_filler=0.0, id_digit=0.0002, id_transposed=0.0001, id_recomputed=0.0, id_relative=0.0,
        id_fifteen=0.002, id_lower_x=0.02, id_spaced=0.0,
        birth_empty=0.0005, birth_wrong=0.0005, birth_swapped=0.0002, sex_empty=0.0005, sex_wrong=0.0003,
        phone_empty=0.12, phone_filler=0.01, phone_digit=0.002, phone_family=0.04, address_empty=0.01, status_late=0.03,
    ),
    "civil_affairs": PersonRates(
        years=15, duplicate=0.006, alone=0.0006, stale=0.15,
        name_homophone=0.003, name_shape=0.003, name_traditional=0.004, name_rare_lost=0.25, name_spaced=0.004,
        name_noted=0.003, name_pinyin=0.0, name_separator=0.3,
        id_empty=0.02, id_filler=0.004, id_digit=0.004, id_transposed=0.002, id_recomputed=0.0003, id_relative=0.0005,
        id_fifteen=0.06, id_lower_x=0.10, id_spaced=0.003,
        birth_empty=0.02, birth_wrong=0.005, birth_swapped=0.004, sex_empty=0.01, sex_wrong=0.002,
        phone_empty=0.10, phone_filler=0.02, phone_digit=0.005, phone_family=0.10, address_empty=0.04, status_late=0.05,
    ),
    "human_resources": PersonRates(
        years=6, duplicate=0.004, alone=0.0, stale=0.10,
        name_homophone=0.001, name_shape=0.001, name_traditional=0.0005, name_rare_lost=0.15, name_spaced=0.001,
        name_noted=0.0003, name_pinyin=0.0005, name_separator=0.3,
        id_empty=0.003, id_filler=0.0005, id_digit=0.001, id_transposed=0.0005, id_recomputed=0.0001,
        id_relative=0.0001, id_fifteen=0.03, id_lower_x=0.05, id_spaced=0.001,
        birth_empty=0.01, birth_wrong=0.002, birth_swapped=0.001, sex_empty=0.005, sex_wrong=0.001,
        phone_empty=0.06, phone_filler=0.01, phone_digit=0.003, phone_family=0.02, address_empty=0.10, status_late=0.30,
    ),
    "health": PersonRates(
        years=6, duplicate=0.015, alone=0.0008, stale=0.10,
        name_homophone=0.006, name_shape=0.003, name_traditional=0.002, name_rare_lost=0.30, name_spaced=0.004,
        name_noted=0.002, name_pinyin=0.0005, name_separator=0.5,
        id_empty=0.05, id_filler=0.01, id_digit=0.004, id_transposed=0.002, id_recomputed=0.0002, id_relative=0.001,
        id_fifteen=0.01, id_lower_x=0.20, id_spaced=0.004,
        birth_empty=0.02, birth_wrong=0.006, birth_swapped=0.006, sex_empty=0.01, sex_wrong=0.003,
        phone_empty=0.04, phone_filler=0.02, phone_digit=0.005, phone_family=0.12, address_empty=0.15, status_late=0.40,
    ),
    "education": PersonRates(
        years=8, duplicate=0.008, alone=0.0, stale=0.10,
        name_homophone=0.002, name_shape=0.002, name_traditional=0.0005, name_rare_lost=0.10, name_spaced=0.004,
        name_noted=0.001, name_pinyin=0.0, name_separator=0.3,
        id_empty=0.02, id_filler=0.003, id_digit=0.004, id_transposed=0.002, id_recomputed=0.0002, id_relative=0.001,
        id_fifteen=0.0, id_lower_x=0.10, id_spaced=0.003,
        birth_empty=0.0, birth_wrong=0.004, birth_swapped=0.004, sex_empty=0.005, sex_wrong=0.002,
        phone_empty=0.03, phone_filler=0.01, phone_digit=0.004, phone_family=0.05, address_empty=0.03, status_late=1.0,
    ),
    "housing": PersonRates(
        years=18, duplicate=0.01, alone=0.0010, stale=0.20,
        name_homophone=0.004, name_shape=0.004, name_traditional=0.003, name_rare_lost=0.35, name_spaced=0.006,
        name_noted=0.003, name_pinyin=0.0, name_separator=0.5,
        id_empty=0.04, id_filler=0.005, id_digit=0.005, id_transposed=0.002, id_recomputed=0.0003, id_relative=0.0008,
        id_fifteen=0.08, id_lower_x=0.20, id_spaced=0.004,
        birth_empty=0.0, birth_wrong=0.0, birth_swapped=0.0, sex_empty=0.0, sex_wrong=0.0,
        phone_empty=0.06, phone_filler=0.02, phone_digit=0.006, phone_family=0.08, address_empty=0.01, status_late=0.0,
    ),
}  # fmt: skip
"""By source."""


@dataclass(frozen=True, slots=True)
class OrganisationRates:
    """One department's rates for organisations."""

    years: int
    """How far back its observations reach."""
    duplicate: float
    alone: float
    """Records with a name and nothing else."""
    stale: float
    """Records of organisations that changed name, place, representative or code and that still say the old."""

    name_no_form: float
    """The legal form is left off: 有限公司, 店."""
    name_short: float
    """The brand and the trade, without the place and the legal form."""
    name_brackets: float
    """Brackets of another kind, or the place without them; of the names that have brackets."""
    name_no_place: float
    """Without the city at the front."""
    name_character: float
    """A homophone or a character that looks like it."""
    name_traditional: float
    name_spaced: float
    """A space or full width."""

    code_empty: float
    code_old: float
    """The registration number or the old tax number in the place of the code; of those registered before 2015."""
    code_wrong: float
    """One character wrong: the check fails."""
    code_owner: float
    """The owner's resident ID; of sole traders."""
    code_parent: float
    """The parent's code; of branches."""
    representative_empty: float
    representative_wrong: float
    """A homophone or a character that looks like it."""
    representative_id_empty: float
    representative_id_wrong: float
    address_empty: float
    phone_empty: float
    phone_representative: float
    """The representative's mobile phone in the place of the office's."""
    established_empty: float
    established_partial: float
    """The year alone."""
    status_late: float
    """Records of those that ended, seen after the end, that say active."""


ORGANISATION_RATES: dict[str, OrganisationRates] = {
    "market_regulation": OrganisationRates(
        years=6, duplicate=0.002, alone=0.0, stale=0.02,
        name_no_form=0.0, name_short=0.0, name_brackets=0.02, name_no_place=0.0, name_character=0.0005,
        name_traditional=0.0, name_spaced=0.001,
        code_empty=0.003, code_old=0.004, code_wrong=0.0003, code_owner=0.0, code_parent=0.0,
        representative_empty=0.002, representative_wrong=0.001, representative_id_empty=0.02,
        representative_id_wrong=0.001, address_empty=0.002, phone_empty=0.10, phone_representative=0.30,
        established_empty=0.002, established_partial=0.0, status_late=0.03,
    ),
    "taxation": OrganisationRates(
        years=5, duplicate=0.006, alone=0.0, stale=0.10,
        name_no_form=0.004, name_short=0.001, name_brackets=0.25, name_no_place=0.005, name_character=0.002,
        name_traditional=0.001, name_spaced=0.004,
        code_empty=0.004, code_old=0.05, code_wrong=0.002, code_owner=0.04, code_parent=0.004,
        representative_empty=0.01, representative_wrong=0.004, representative_id_empty=0.05,
        representative_id_wrong=0.003, address_empty=0.02, phone_empty=0.08, phone_representative=0.40,
        established_empty=0.02, established_partial=0.0, status_late=0.15,
    ),
    "human_resources": OrganisationRates(
        years=5, duplicate=0.008, alone=0.0005, stale=0.12,
        name_no_form=0.008, name_short=0.003, name_brackets=0.25, name_no_place=0.02, name_character=0.003,
        name_traditional=0.001, name_spaced=0.004,
        code_empty=0.05, code_old=0.0, code_wrong=0.003, code_owner=0.01, code_parent=0.02,
        representative_empty=0.06, representative_wrong=0.005, representative_id_empty=0.30,
        representative_id_wrong=0.003, address_empty=0.05, phone_empty=0.05, phone_representative=0.20,
        established_empty=1.0, established_partial=0.0, status_late=0.30,
    ),
    "statistics": OrganisationRates(
        years=3, duplicate=0.004, alone=0.0005, stale=0.15,
        name_no_form=0.008, name_short=0.004, name_brackets=0.30, name_no_place=0.02, name_character=0.004,
        name_traditional=0.001, name_spaced=0.005,
        code_empty=0.03, code_old=0.0, code_wrong=0.004, code_owner=0.0, code_parent=0.004,
        representative_empty=0.08, representative_wrong=0.005, representative_id_empty=1.0,
        representative_id_wrong=0.0, address_empty=0.03, phone_empty=0.06, phone_representative=0.10,
        established_empty=0.05, established_partial=0.20, status_late=0.20,
    ),
    "ecology": OrganisationRates(
        years=6, duplicate=0.008, alone=0.0010, stale=0.15,
        name_no_form=0.015, name_short=0.006, name_brackets=0.30, name_no_place=0.03, name_character=0.005,
        name_traditional=0.001, name_spaced=0.005,
        code_empty=0.06, code_old=0.02, code_wrong=0.005, code_owner=0.0, code_parent=0.01,
        representative_empty=0.08, representative_wrong=0.006, representative_id_empty=1.0,
        representative_id_wrong=0.0, address_empty=0.02, phone_empty=0.10, phone_representative=0.30,
        established_empty=1.0, established_partial=0.0, status_late=0.0,
    ),
}  # fmt: skip
"""By source."""


@dataclass(frozen=True, slots=True)
class LicenceRates:
    """One department's rates for licences."""

    years: int
    copies: float
    """Licences of other departments that it has a record of too."""
    duplicate: float
    number_style: float
    """The number in full width or with brackets of another kind."""
    holder_empty: float
    holder_code_empty: float
    holder_code_old: float
    """15 digits: an old ID or a registration number, of the holders that have one."""
    holder_code_wrong: float
    """One character wrong: the check fails."""
    holder_name_wrong: float
    """A homophone or a character that looks like it."""
    holder_former_name: float
    """Of the holders who were called otherwise before."""
    identifier_empty: float
    status_late: float
    """Records of licences whose status changed before the observation that still say valid."""
    date_empty: float


LICENCE_RATES: dict[str, LicenceRates] = {
    "market_regulation": LicenceRates(
        years=5, copies=0.15, duplicate=0.002, number_style=0.005, holder_empty=0.0, holder_code_empty=0.02,
        holder_code_old=0.01, holder_code_wrong=0.001, holder_name_wrong=0.001, holder_former_name=0.05,
        identifier_empty=1.0, status_late=0.03, date_empty=0.002,
    ),
    "health": LicenceRates(
        years=5, copies=0.0, duplicate=0.004, number_style=0.01, holder_empty=0.001, holder_code_empty=0.06,
        holder_code_old=0.02, holder_code_wrong=0.004, holder_name_wrong=0.005, holder_former_name=0.30,
        identifier_empty=1.0, status_late=0.05, date_empty=0.01,
    ),
    "transport": LicenceRates(
        years=5, copies=0.0, duplicate=0.004, number_style=0.01, holder_empty=0.001, holder_code_empty=0.05,
        holder_code_old=0.03, holder_code_wrong=0.003, holder_name_wrong=0.004, holder_former_name=0.30,
        identifier_empty=1.0, status_late=0.05, date_empty=0.01,
    ),
    "data_bureau": LicenceRates(
        years=4, copies=0.80, duplicate=0.006, number_style=0.02, holder_empty=0.002, holder_code_empty=0.08,
        holder_code_old=0.01, holder_code_wrong=0.001, holder_name_wrong=0.001, holder_former_name=0.15,
        identifier_empty=0.15, status_late=0.30, date_empty=0.01,
    ),
}  # fmt: skip
"""By source."""

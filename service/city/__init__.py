"""A seeded Chinese city to try Yishu on: its people, organisations and licences, and what the departments say of them.

Nothing in it is about anybody: names, numbers and addresses are drawn at random from tables in the code. The numbers
pass their checks, as real ones do, so that nothing in the service has to be told that they are invented.
"""

from service.city.sheets import Submission
from service.city.things import TODAY, Address, Licence, Organisation, OrganisationKind, Person, PersonKind, Things
from service.city.truth import City, Key, generate

__all__ = [
    "TODAY",
    "Address",
    "City",
    "Key",
    "Licence",
    "Organisation",
    "OrganisationKind",
    "Person",
    "PersonKind",
    "Submission",
    "Things",
    "generate",
]

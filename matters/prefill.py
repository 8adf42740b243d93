"""What the hall knows already about the applicant, by the names that form definitions use (``prefilled_from``)."""

from identity.models import Enterprise, Person


def known_facts(person: Person | None, enterprise: Enterprise | None = None) -> dict[str, str]:
    """Facts to fill in beforehand; asked once, never typed again."""
    facts: dict[str, str] = {}
    if person is not None:
        facts |= {
            "person.name": person.name,
            "person.id_number": person.id_number,
            "person.phone": person.phone,
        }
    if enterprise is not None:
        facts |= {
            "enterprise.name": enterprise.name,
            "enterprise.uscc": enterprise.uscc,
            "enterprise.legal_representative": enterprise.legal_representative,
            "enterprise.address": enterprise.address,
        }
    return facts

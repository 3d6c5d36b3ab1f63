"""Who is on a line: somebody known by phone, then by e-mail, else somebody new."""

from dataclasses import dataclass, field

from odoo import api, models

from ...lib.table_value import phone_variants


@dataclass(eq=False, slots=True)
class Person:
    """A contact, known or about to be created.

    ``blocked`` says why he is no customer, as a reason of ``care.import.line``;
    ``root`` is the company that he and others are of; ``has_phone`` and ``has_email``
    say that he keeps the ones he has, whatever a line says.
    """

    id: int | None = None
    root: int | None = None
    blocked: str = ""
    is_customer: bool = False
    phone: str = ""
    email: str = ""
    has_phone: bool = False
    has_email: bool = False
    values: dict = field(default_factory=dict)


class People:
    """Contacts by the keys of their phone numbers and e-mails."""

    def __init__(self):
        self.by_id, self.by_phone, self.by_email = {}, {}, {}

    def add(self, person: Person) -> None:
        """File a person under his keys."""
        if person.id:
            self.by_id[person.id] = person
        for found, key in (
            (self.by_phone, person.phone),
            (self.by_email, person.email),
        ):
            if key and person not in found.setdefault(key, []):
                found[key].append(person)

    def find(self, phone: str, email: str) -> tuple[Person | None, bool]:
        """Return who has this phone, else this e-mail, and whether others have too.

        Of several the one who is a customer, the oldest of them. Somebody who is no
        customer is returned when there is nobody else.
        """
        called = self.by_phone.get(phone, []) if phone else []
        written = self.by_email.get(email, []) if email else []
        for found in (called, written):
            free = [person for person in found if not person.blocked]
            if free:
                best = min(free, key=_age)
                others = [
                    person
                    for person in called + written
                    if not person.blocked
                    and person is not best
                    and person.root != (best.root or best)
                ]
                return best, bool(others)
        blocked = called + written
        return (blocked[0] if blocked else None), False


def _age(person: Person) -> tuple[bool, float]:
    """Customers before others, old before new, known before about to be created."""
    return not person.is_customer, person.id or float("inf")


#: Who is known under phone numbers and e-mail addresses, and why he is no customer.
#: By the index of the finder of duplicates, which holds the ends of numbers alone.
PEOPLE = """
    WITH hit AS (
        SELECT CASE WHEN type <> 'contact' AND parent_id IS NOT NULL
                    THEN parent_id ELSE id END AS id,
               care_phone_digits AS phone, email_normalized AS email
          FROM res_partner
         WHERE id IN (SELECT id FROM res_partner
                       WHERE RIGHT(LTRIM(care_phone_digits, '0'), 9) = ANY(%(ends)s)
                         AND LENGTH(LTRIM(care_phone_digits, '0')) >= 8
                       UNION ALL
                      SELECT id FROM res_partner
                       WHERE email_normalized = ANY(%(emails)s))
    )
    SELECT contact.id, root.id, hit.phone, hit.email,
           EXISTS (SELECT 1 FROM care_profile known
                    WHERE known.partner_id = root.id
                      AND known.company_id = %(company)s),
           COALESCE(contact.phone, '') <> '', COALESCE(contact.email, '') <> '',
           CASE
           WHEN EXISTS (SELECT 1 FROM res_users colleague
                         WHERE colleague.partner_id IN (contact.id, root.id)
                           AND NOT COALESCE(colleague.share, FALSE))
           THEN 'internal'
           WHEN EXISTS (SELECT 1 FROM res_company company
                         WHERE company.partner_id IN (contact.id, root.id))
           THEN 'own_company'
           WHEN NOT contact.active OR NOT root.active THEN 'archived'
           WHEN root.care_customer_mark = 'no' THEN 'never'
           WHEN COALESCE(root.supplier_rank, 0) > 0
                AND COALESCE(root.customer_rank, 0) = 0
                AND NOT EXISTS (SELECT 1 FROM care_profile known
                                 WHERE known.partner_id = root.id)
                AND root.care_customer_mark IS DISTINCT FROM 'yes'
                AND NOT EXISTS (SELECT 1 FROM sale_order sold
                                 WHERE sold.partner_id = root.id
                                   AND sold.state = 'sale')
           THEN 'supplier' ELSE '' END
      FROM hit
      JOIN res_partner contact ON contact.id = hit.id
      JOIN res_partner root ON root.id = contact.commercial_partner_id
     WHERE contact.company_id IS NULL OR contact.company_id = %(company)s
     ORDER BY contact.id
    """


class CareImport(models.Model):
    _inherit = "care.import"

    def _find_people(self, phones, emails):
        """Return who is known under these keys, in this company or in all.

        :param phones: keys of phone numbers (see lib/table_value.py)
        :param emails: e-mail addresses in small letters
        :rtype: People
        """
        code = self._country_code()
        keys = {variant: key for key in phones for variant in phone_variants(key, code)}
        self.env.flush_all()
        names = {
            "ends": list({key[-9:] for key in phones}),
            "emails": list(emails),
            "company": self.company_id.id,
        }
        self.env.cr.execute(PEOPLE, names)
        people = People()
        for row in self.env.cr.fetchall():
            contact, root, phone, email, is_customer, has_phone, has_email, why = row
            person = people.by_id.get(contact) or Person(
                id=contact,
                root=root,
                blocked=why,
                is_customer=is_customer,
                has_phone=has_phone,
                has_email=has_email,
            )
            person.phone = keys.get(phone, "")
            person.email = email if email in emails else ""
            people.add(person)
        return people

    @api.model
    def _suppressed(self, values):
        """Return which of these asked never to be brought back: a hook.

        :param values: set of phone keys and e-mail addresses
        :rtype: set
        """
        return set()

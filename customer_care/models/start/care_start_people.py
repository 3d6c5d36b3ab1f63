"""Step 2: who takes part, and what each of them may do, in a sentence each."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize

#: Roles from the least to the most; each holds the ones before it.
ROLES = (
    "group_agent_own",
    "group_agent_team",
    "group_lead",
    "group_manager",
    "group_admin",
)
#: No role at all.
NONE = "none"
PEOPLE_LIMIT = 200


class CareStart(models.Model):
    _inherit = "care.start"

    @api.model
    def _say_people(self, company):
        people = self.env["res.users"].sudo()
        count = people.search_count(
            [
                ("company_ids", "in", company.ids),
                ("share", "=", False),
                ("all_group_ids", "in", self._role_group(ROLES[0]).ids),
            ]
        )
        if count == 1:
            return self.env._("One person has a role.")
        return self.env._("%(count)s people have a role.", count=count)

    @api.model
    def _role_group(self, role):
        return self.env.ref(f"customer_care.{role}").sudo()

    @api.model
    def _may_assign(self):
        """Whether the user may change what people may do: Odoo's own right, no other."""
        return self.env["res.users"].has_access("write")

    @api.model
    def get_people(self):
        """Return the colleagues of the company with their roles.

        :return: dict with ``roles`` (code, name, sentence), ``people`` (id, name, login,
            role, is_me), ``may_assign``, and ``helpers`` (names of those who may)
        :raises AccessError: the user is no care manager
        """
        self._check_manager()
        company = self.env.company
        people = self.env["res.users"].search(
            [("company_ids", "in", company.ids), ("share", "=", False)],
            order="name, id",
            limit=PEOPLE_LIMIT,
        )
        may_assign = self._may_assign()
        helpers = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", self.env.ref("base.group_erp_manager").ids),
                    ("share", "=", False),
                    ("company_ids", "in", company.ids),
                ],
                limit=3,
            )
        )
        return {
            "roles": self._prepare_roles(),
            "people": [
                {
                    "id": user.id,
                    "name": user.name,
                    "login": user.login,
                    "role": self._get_role(user),
                    "is_me": user == self.env.user,
                }
                for user in people
            ],
            "may_assign": may_assign,
            "helpers": [] if may_assign else helpers.mapped("name"),
        }

    @api.model
    def _prepare_roles(self):
        roles = [
            {
                "code": role,
                "name": self._role_group(role).name,
                "sentence": self._role_group(role).comment or "",
            }
            for role in ROLES
        ]
        none = {
            "code": NONE,
            "name": self.env._("No role"),
            "sentence": self.env._("Sees nothing of customer care."),
        }
        return [none, *roles]

    @api.model
    def _get_role(self, user):
        """Return the strongest role of a user."""
        groups = user.sudo().all_group_ids
        return next(
            (role for role in reversed(ROLES) if self._role_group(role) in groups), NONE
        )

    @api.model
    def _check_assigner(self, role):
        """Raise unless the user may give this role to somebody."""
        self._check_manager()
        if role not in (NONE, *ROLES):
            raise UserError(
                self.env._(
                    "There is no role “%(role)s”. Reload the page and try again.",
                    role=role,
                )
            )
        if not self._may_assign() or (
            role == "group_admin"
            and not self.env.user.has_group("customer_care.group_admin")
        ):
            raise AccessError(
                self.env._(
                    "You may not give this role. Ask an administrator of your Odoo: he "
                    "finds the roles under Settings › Users."
                )
            )

    @api.model
    def action_give_role(self, user_id, role):
        """Give a colleague a role, and take away the others.

        :param int user_id: a colleague of the current company
        :param str role: of :meth:`get_people`
        :return: the people, as :meth:`get_people`
        :raises AccessError: the user may not give roles, or not this one
        :raises UserError: there is no such role or colleague, or it is the user himself
        """
        self._check_assigner(role)
        user = self.env["res.users"].search(
            [
                ("id", "=", user_id),
                ("company_ids", "in", self.env.company.ids),
                ("share", "=", False),
            ]
        )
        if not user:
            raise UserError(
                self.env._("There is no such colleague. Reload the page and try again.")
            )
        if user == self.env.user:
            raise UserError(
                self.env._(
                    "You cannot change your own role: you might lock yourself out. Ask "
                    "a colleague to do it."
                )
            )
        if self._get_role(user) == "group_admin":
            self._check_assigner("group_admin")
        commands = [(3, self._role_group(name).id) for name in ROLES]
        if role != NONE:
            commands.append((4, self._role_group(role).id))
        user.write({"group_ids": commands})
        return self.get_people()

    @api.model
    def action_invite(self, name, email, role):
        """Create a login for a colleague; Odoo sends him the way in by e-mail.

        :param str name: his name
        :param str email: his address, also the login
        :param str role: of :meth:`get_people`
        :return: the people, as :meth:`get_people`
        :raises AccessError: the user may not create users, or not give this role
        :raises UserError: the name or address lacks, or somebody has that login
        """
        self._check_assigner(role)
        self.env["res.users"].check_access("create")
        address = email_normalize(email or "")
        name = (name or "").strip()
        if not name or not address:
            raise UserError(
                self.env._("Give the colleague's name and an e-mail address.")
            )
        users = self.env["res.users"].with_context(active_test=False)
        if users.sudo().search_count([("login", "=", address)], limit=1):
            raise UserError(
                self.env._(
                    "Somebody has the login %(login)s already. Look for it under "
                    "Settings › Users, also among the archived ones.",
                    login=address,
                )
            )
        group = "base.group_user" if role == NONE else f"customer_care.{role}"
        users.create(
            {
                "name": name,
                "login": address,
                "email": address,
                "company_id": self.env.company.id,
                "company_ids": [(6, 0, self.env.company.ids)],
                "group_ids": [(6, 0, self.env.ref(group).ids)],
            }
        )
        return self.get_people()

"""Rows: tasks that a rule gives, beside the same activities created in batches, and
beside an automation of Odoo that creates them.

All sides work on the same customers, committed before, in batches of 200 with a commit
each.
"""

import time

BATCH = 200
#: Customers N and 10 N; Odoo's automation takes minutes for ten times as many.
SIZES = (400, 4_000)


class World:
    """One company with N customers who came into a segment, again for every round."""

    def __init__(self, env, size):
        self.env, self.size = env, size
        self.company = env["res.company"].create({"name": f"Rules {size}"})
        env.user.company_ids = [(4, self.company.id)]
        self.people = env["res.partner"].create(
            [
                {
                    "name": f"Khách {number}",
                    "care_customer_mark": "yes",
                    "company_id": self.company.id,
                }
                for number in range(size)
            ]
        )
        env["care.profile"]._refresh_all(self.company)
        self.segment = env["care.segment"].create(
            {
                "name": "Rules",
                "company_id": self.company.id,
                "domain": "[('city', '=', 'Huế')]",
            }
        )
        self.segment._refresh_and_note()
        self.rule = env["care.rule"].create(
            {
                "name": "Rules",
                "company_id": self.company.id,
                "user_id": env.uid,
                "segment_id": self.segment.id,
                "subject": "Gọi {{salutation}}",
                "text": "{{customer_name}}, {{phone}}",
            }
        )
        self.rule.action_start()
        self.automation = self._automation()
        env.cr.commit()

    def _automation(self):
        """Odoo's own rule: whoever is given this reference gets an activity."""
        model = self.env["ir.model"]._get("res.partner")
        kind = self.env.ref("mail.mail_activity_data_call")
        return self.env["base.automation"].create(
            {
                "name": "Rules",
                "active": False,
                "model_id": model.id,
                "trigger": "on_create_or_write",
                "filter_domain": "[('ref', '=', 'bench')]",
                "action_server_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Rules",
                            "model_id": model.id,
                            "usage": "base_automation",
                            "state": "next_activity",
                            "activity_type_id": kind.id,
                            "activity_summary": "Gọi",
                            "activity_user_type": "specific",
                            "activity_user_id": self.env.uid,
                        },
                    )
                ],
            }
        )

    def reset(self):
        """Take the tasks away and let everybody come in anew; not measured."""
        cr = self.env.cr
        cr.execute(
            "DELETE FROM mail_activity WHERE res_model = 'res.partner'"
            " AND res_id = ANY(%s)",
            [self.people.ids],
        )
        cr.execute("DELETE FROM care_rule_run WHERE rule_id = %s", [self.rule.id])
        for city in (None, "Huế"):
            cr.execute(
                "UPDATE res_partner SET city = %s, ref = NULL WHERE id = ANY(%s)",
                [city, self.people.ids],
            )
            self.env.invalidate_all(flush=False)
            self.segment._refresh()
        cr.execute("DELETE FROM care_rule_run WHERE rule_id <> %s", [self.rule.id])
        cr.commit()
        cr.execute("ANALYZE care_rule_run")
        cr.commit()
        self.env.invalidate_all()

    # ------------------------------------------------------------------- subjects
    def rules(self):
        """The job of the rules."""
        runs = self.env["care.rule.run"]
        while runs._work_batch():
            self.env.cr.commit()
            self.env.invalidate_all()

    def activities(self):
        """The same activities, created in batches by whoever knows what to write."""
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        model = self.env["ir.model"]._get_id("res.partner")
        kind = self.env.ref("mail.mail_activity_data_call").id
        today = self.env["care.profile"]._today(self.company)
        for first in range(0, self.size, BATCH):
            some = self.people[first : first + BATCH]
            activities.create(
                [
                    {
                        "res_model_id": model,
                        "res_id": partner.id,
                        "activity_type_id": kind,
                        "summary": f"Gọi {partner.name}",
                        "note": f"<p>{partner.name}, {partner.phone}</p>",
                        "user_id": self.env.uid,
                        "date_deadline": today,
                        "automated": True,
                    }
                    for partner in some
                ]
            )
            self.env.cr.commit()
            self.env.invalidate_all()

    def base_automation(self):
        """Odoo's automation, woken by a write on a batch."""
        self.automation.active = True
        people = self.people.with_context(mail_activity_quick_update=True)
        for first in range(0, self.size, BATCH):
            people[first : first + BATCH].write({"ref": "bench"})
            self.env.cr.commit()
            self.env.invalidate_all()
        self.automation.active = False
        self.env.cr.commit()

    def given(self):
        """How many tasks there are; each subject must have given one to everybody."""
        return self.env["mail.activity"].search_count(
            [("res_model", "=", "res.partner"), ("res_id", "in", self.people.ids)]
        )


def run(env, sizes, rounds):
    """Measure and return rows; see rows_ticket.run."""
    env = env(su=True)
    rows = []
    for size in sizes:
        world = World(env, size)
        subjects = {
            "rule": world.rules,
            "activities": world.activities,
            "base_automation": world.base_automation,
        }
        rates = {name: [] for name in subjects}
        for turn in range(rounds + 1):
            for name, act in subjects.items():
                world.reset()
                start = time.perf_counter()
                act()
                seconds = time.perf_counter() - start
                if world.given() != size:
                    raise AssertionError(f"{name} gave {world.given()} of {size} tasks")
                if turn:
                    rates[name].append(size / seconds)
        rows.append(
            {
                "name": "tasks by a rule",
                "size": size,
                "unit": "tasks/s",
                "rates": rates,
                "subject": "rule",
                "bars": {"activities": 0.8, "base_automation": 3},
            }
        )
        world.rule.action_pause()
        env.cr.commit()
    return rows

"""Plays the conversations of the demo company as if they happened."""

from datetime import timedelta

from markupsafe import Markup, escape

from ..lib.salutation import given_name, guess_title, salutation
from . import plan
from .timeline import UTC_OFFSET, next_time
from .vietnamese import VIETNAMESE

#: Who answers in each team, and how often.
STAFF = {
    "sales": {"sales_1": 4, "sales_2": 4, "sales_3": 3, "lead_sales": 1},
    "warranty": {
        "warranty_1": 5,
        "warranty_2": 4,
        "warranty_3": 3,
        "lead_warranty": 2,
    },
    "claims": {"claims_1": 5, "claims_2": 4, "lead_claims": 2},
}
#: How long people take to answer, compared with the average.
PACE = {
    "sales_1": 0.8,
    "sales_3": 1.6,
    "warranty_1": 0.7,
    "warranty_3": 1.5,
    "claims_2": 1.3,
    "lead_warranty": 0.6,
    "lead_claims": 0.6,
}
#: Channels on which the customer writes himself; on the others somebody takes it down.
WRITTEN = ("email", "portal", "form", "chat", "zalo", "facebook", "sms")
#: A solved ticket is closed after so long a silence, most of the time.
CLOSE_AFTER = timedelta(days=3)
CLOSED_SHARE = 0.92


class Storyteller:
    """Tells conversations about customers of the demo company.

    :param env: environment of the demo company, superuser, without tracking
    :param rng: ``random.Random``
    :param now: naive UTC; nothing happens after it
    :param conversations: by id
    :param orders: ``sale.order`` records that conversations can be about
    :param at: context manager that sets the clock of the transaction
    """

    def __init__(self, env, rng, now, conversations, orders, at):
        self.env = env
        self.rng = rng
        self.now = now
        self.conversations = conversations
        self.orders = orders
        self.at = at
        self.told_about = dict.fromkeys(orders.ids, 0)
        self.subtypes = {
            name: env.ref(f"mail.{name}").id for name in ("mt_comment", "mt_note")
        }
        self.goods = env["product.template"].search(
            [("company_id", "=", env.company.id), ("type", "=", "consu")]
        )
        self.names = {
            record: name.removeprefix("customer_care.demo_product_")
            for record, name in self.goods.get_external_id().items()
        }
        self.foreigners = plan.foreigners(env)
        self.natives = env["res.partner"].search(
            [
                ("company_id", "=", env.company.id),
                ("parent_id", "=", False),
                ("is_company", "=", False),
                ("user_ids", "=", False),
                ("id", "not in", self.foreigners.ids),
            ]
        )
        self.contacts = env["res.partner"].union(
            *(plan.customer(env, name) for name in plan.CONTACTS)
        )

    # ------------------------------------------------------------------ telling

    def tell(self, telling):
        """Open the ticket of ``telling`` and play what happened up to now."""
        conversation = telling.conversation
        channel = telling.channel or self._choose_channel(telling)
        partner, order, product = self._choose_matter(telling)
        category = self._ref("category", conversation.category)
        team = category.team_id or self.env.company.care_form_team_id
        handler = telling.handler
        if handler is None:
            handler = self._choose_person(team)
        person = self._user(handler) if handler else self.env["res.users"]
        story = _Story(
            rng=self.rng,
            conversation=conversation,
            partner=partner,
            order=order,
            product=product,
            opened=telling.opened,
        )
        schedule = self._schedule(telling, category, PACE.get(handler, 1.0))
        with self.at(telling.opened):
            ticket = self._open(story, channel, category, person)
            if channel in WRITTEN:
                self._play(ticket, story, channel, *schedule[0])
        if person:
            self._assign(ticket, person, schedule, telling)
        for moment, step in schedule[1:]:
            with self.at(moment):
                self._play(ticket, story, channel, moment, step)
        self._close_after_silence(ticket, schedule[-1][0])
        return ticket

    def _schedule(self, telling, category, pace):
        """Return (moment, step) of the steps that are told, in order."""
        conversation = telling.conversation
        priority = conversation.priority or category.priority or "normal"
        steps = conversation.steps[: telling.steps]
        moments, customer_spoke = [telling.opened], True
        for step in steps[1:]:
            moments.append(
                next_time(self.rng, step, moments[-1], priority, pace, customer_spoke)
            )
            if step.who in "CBA":
                customer_spoke = step.who == "C"
        if telling.last and moments[-1] > telling.opened:
            share = (telling.last - telling.opened) / (moments[-1] - telling.opened)
            moments = [
                (telling.opened + (moment - telling.opened) * share).replace(
                    microsecond=0
                )
                for moment in moments
            ]
        return [
            (moment, step)
            for moment, step in zip(moments, steps, strict=True)
            if moment <= self.now
        ]

    def _open(self, story, channel, category, person):
        """Create the ticket: the customer writes, or somebody takes it down."""
        conversation = story.conversation
        tickets = self._as_customer("care.ticket", channel)
        if channel not in WRITTEN:
            clerk = person or self._user(self._choose_person(category.team_id))
            tickets = self._as_person("care.ticket", clerk)
        values = {
            "name": story.subject(),
            "partner_id": story.partner.id,
            "sale_order_id": story.order.id,
            "team_id": (category.team_id or self.env.company.care_form_team_id).id,
            "category_id": category.id,
            "channel_id": self.env.ref(f"customer_care.channel_{channel}").id,
            "tag_ids": [
                (6, 0, [self._ref("tag", tag).id for tag in conversation.tags])
            ],
        }
        for name in ("kind", "priority"):
            if getattr(conversation, name):
                values[name] = getattr(conversation, name)
        if channel not in WRITTEN:
            values["description"] = story.body(conversation.steps[0])
        if not story.partner:
            values |= self._unknown_sender(conversation, channel)
        return tickets.create(values).with_env(self.env)

    def _assign(self, ticket, person, schedule, telling):
        """Let ``person`` take the ticket shortly before the first thing done with it."""
        taken = telling.opened + timedelta(minutes=self.rng.randint(2, 9))
        if len(schedule) > 1:
            before = schedule[1][0] - timedelta(minutes=self.rng.randint(1, 12))
            taken = max(before, telling.opened + timedelta(seconds=40))
            taken = min(taken, schedule[1][0])
        elif telling.handler is None:
            return
        if taken <= self.now:
            with self.at(taken):
                self._as_person(ticket, person).action_assign_to_me()

    def _play(self, ticket, story, channel, moment, step):
        """Let one step happen; the clock stands at ``moment``."""
        person = ticket.user_id or self._user(self._choose_person(ticket.team_id))
        mine = self._as_person(ticket, person)
        if step.who == "*":
            self._act(mine, story, step.text)
        elif step.who in "CB":
            kind = "out_of_office" if step.who == "B" else "comment"
            if channel == "email" and step.who == "C":
                kind = "email"
            self._post(
                self._as_customer(ticket, channel),
                story.partner,
                story.body(step),
                moment,
                kind,
            )
        else:
            if step.who == "A" and ticket.stage_category == "hold":
                mine.action_reopen()
            body = story.body(step, agent=given_name(person.name))
            note = step.who == "N"
            self._post(mine, person.partner_id, body, moment, "comment", note=note)

    def _act(self, mine, story, action):
        """Do what a line with a star says, as the person in charge."""
        verb, _space, argument = action.partition(" ")
        if verb == "solve":
            self._log_effort(mine)
            mine.action_solve()
        elif verb == "wait":
            mine._move_to_category(["pending"])
        elif verb == "hold":
            mine._move_to_category(["hold"])
        elif verb == "spam":
            mine.action_mark_spam()
        elif verb == "priority":
            mine.priority = argument
        elif verb == "handoff":
            mine.user_id = self._user(self._choose_person(mine.team_id, mine.user_id))
        elif verb == "transfer":
            team = self.env.ref(f"customer_care.demo_team_{argument}")
            mine.team_id = team
            mine.user_id = self._user(self._choose_person(team))
        else:
            raise ValueError(f"{story.conversation.id}: no such action {action!r}")

    def _log_effort(self, mine):
        """Log how long it took, on two tickets of three."""
        if mine.id % 3:
            minutes = 4 + mine.id * 7 % 31
            mine.env["care.effort"].create(
                {"ticket_id": mine.id, "seconds": minutes * 60}
            )

    def _post(self, ticket, author, body, moment, kind, note=False):
        """Add a message to the conversation without sending it to anybody."""
        values = {
            "model": "care.ticket",
            "res_id": ticket.id,
            "body": body,
            "author_id": author.id,
            "email_from": author.email_formatted or ticket.email_from,
            "date": moment,
            "message_type": kind,
            "subtype_id": self.subtypes["mt_note" if note else "mt_comment"],
            "is_internal": note,
            "reply_to": self.env.company.email_formatted,
        }
        message = self.env["mail.message"].with_user(ticket.env.user).sudo()
        ticket._message_post_after_hook(message.create(values), values)

    def _close_after_silence(self, ticket, last):
        closed = last + CLOSE_AFTER
        if (
            ticket.stage_category == "solved"
            and closed <= self.now
            and self.rng.random() < CLOSED_SHARE
        ):
            with self.at(closed):
                ticket.with_context(care_actor="system").action_close()

    # ------------------------------------------------------------------ reminders

    def schedule_reminders(self):
        """Give some open tickets an activity: late, today and in the next days."""
        tickets = self.env["care.ticket"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("user_id", "!=", False),
                ("stage_category", "in", ["open", "hold", "pending"]),
            ],
            order="id desc",
            limit=8,
        )
        today = (self.now + UTC_OFFSET).date()
        call = self.env.ref("mail.mail_activity_data_call")
        for index, ticket in enumerate(tickets):
            ticket.activity_schedule(
                activity_type_id=call.id,
                date_deadline=today + timedelta(days=index - 2),
                summary="Gọi lại cho khách",
                user_id=ticket.user_id.id,
            )

    # ------------------------------------------------------------------ choosing

    def _choose_matter(self, telling):
        """Return whom it is about: customer, order (may be empty), product."""
        conversation = telling.conversation
        if conversation.special in ("spam", "unknown"):
            return self.env["res.partner"], self.env["sale.order"], self.goods[:1]
        partners = self._choose_partners(telling)
        owned = [
            order
            for order in self.orders
            if order.partner_id in partners
            and order.date_order < telling.opened - timedelta(hours=3)
            and self._goods_of(order, conversation)
        ]
        wants_order = conversation.products or any(
            map(conversation.mentions, ("order", "ordered_on", "amount"))
        )
        if not owned and conversation.mentions("order"):
            raise ValueError(f"{conversation.id}: nobody has a suitable order")
        if wants_order and owned:
            settled = conversation.category in ("fault", "maintenance", "instructions")
            order = min(owned, key=lambda one: self._distance(one, telling, settled))
            self.told_about[order.id] += 1
            return order.partner_id, order, self._goods_of(order, conversation)[:1]
        goods = self.goods.filtered(lambda one: self._is_a(one, conversation.products))
        weights = [1 / (4 + index) for index in range(len(partners))]
        partner = self.rng.choices(partners, weights)[0]
        return partner, self.env["sale.order"], self.rng.choice(goods)

    def _choose_channel(self, telling):
        """Return the channel; those who are waiting today have written themselves."""
        channels = telling.conversation.channels
        if telling.handler is not None:
            channels = [code for code in channels if code in WRITTEN] or channels
        return self.rng.choice(channels)

    def _choose_partners(self, telling):
        """Return the customers who can have this conversation."""
        conversation = telling.conversation
        if telling.customer:
            return plan.customer(self.env, telling.customer)
        if conversation.lang == "en":
            return self.foreigners
        if "business" in conversation.tags and self.rng.random() < 0.7:
            return self.contacts
        return self.natives

    def _distance(self, order, telling, settled):
        """Return how badly ``order`` suits: the smallest is told about.

        Deliveries and invoices are about an order of these days, faults about one that
        has been in use for weeks; orders that were told about often come later.
        """
        age = (telling.opened - order.date_order).days
        fits = age >= 14 if settled else age <= 14
        used = self.told_about[order.id]
        return (not fits, used, self.rng.random() if settled else age)

    def _goods_of(self, order, conversation):
        goods = order.order_line.product_id.product_tmpl_id & self.goods
        return goods.filtered(lambda one: self._is_a(one, conversation.products))

    def _is_a(self, product, kinds):
        """Whether ``product`` is of one of ``kinds``, all when there are none."""
        return not kinds or self.names[product.id].startswith(tuple(kinds))

    def _choose_person(self, team, but=None):
        """Return a person of ``team`` (end of a XML id), another than the user ``but``."""
        staff = STAFF[self._name_of(team).removeprefix("demo_team_")]
        names = [name for name in staff if self._user(name) != but]
        return self.rng.choices(names, [staff[name] for name in names])[0]

    def _unknown_sender(self, conversation, channel):
        number = self.rng.randint(100, 999)
        name = "Khách mới" if conversation.special == "unknown" else f"Promo {number}"
        address = f"{'khach' if conversation.special == 'unknown' else 'promo'}{number}"
        if channel in ("email", "form"):
            return {"partner_name": name, "email_from": f"{address}@example.net"}
        return {"partner_name": name, "phone": f"0900 009 {number}"}

    # ------------------------------------------------------------------ people

    def _as_customer(self, target, channel):
        records = self.env[target] if isinstance(target, str) else target
        return records.with_context(care_actor="customer", care_channel=channel)

    def _as_person(self, target, user):
        records = self.env[target] if isinstance(target, str) else target
        return records.with_user(user).sudo()

    def _user(self, name):
        return self.env.ref(f"customer_care.demo_user_{name}")

    def _ref(self, model, name):
        if not name:
            return self.env["care.ticket.category"]
        return self.env.ref(f"customer_care.demo_{model}_{name}")

    def _name_of(self, record):
        return record.get_external_id()[record.id].partition(".")[2]


class _Story:
    """A conversation about somebody, with the words filled in."""

    def __init__(self, rng, conversation, partner, order, product, opened):
        self.conversation = conversation
        self.partner = partner
        self.order = order
        self.opened = opened
        english = conversation.lang == "en"
        name = _product_name(product, english)
        customer = _addressed(partner, english)
        ordered = order.date_order or opened - timedelta(days=rng.randint(2, 5))
        self.words = {
            "customer": customer,
            "Customer": _capital(customer),
            "product": name,
            "Product": _capital(name),
            "order": order.name or "",
            "ordered_on": _day(ordered, english),
            "amount": _money(order.amount_total, english),
            "appointment": _day(opened + timedelta(days=2), english),
            "phone": partner.phone or "",
            "address": partner.street or "",
            "agent": "",
        }

    def subject(self):
        """Return the subject of the ticket."""
        return _capital(self._fill(self.conversation.subject))

    def body(self, step, agent=""):
        """Return the text of ``step`` as HTML, said by ``agent`` if a person says it."""
        text = self._fill(step.text, agent=agent)
        return Markup("").join(
            Markup("<p>%s</p>") % escape(line) for line in text.splitlines()
        )

    def _fill(self, text, **words):
        return text.format_map(self.words | words)


def _product_name(product, english):
    name = product.with_context(lang="en_US").name or ""
    if not english and product:
        external = next(iter(product.get_external_id().values()))
        names = VIETNAMESE["product.template"]["name"]
        name = names[external.removeprefix("customer_care.demo_")]
    if name[1:2].islower():
        name = name[0].lower() + name[1:]
    return name


def _addressed(partner, english):
    if english:
        return (partner.name or "").partition(" ")[0]
    title = partner.care_title or guess_title(partner.name)
    return salutation(partner.name, title, "vi_VN")


def _capital(text):
    return text[:1].upper() + text[1:]


def _day(moment, english):
    local = moment + UTC_OFFSET
    return f"{local:%-d %B}" if english else f"{local:%d/%m}"


def _money(amount, english):
    number = f"{amount:,.0f}"
    return f"{number} VND" if english else f"{number.replace(',', '.')} đ"

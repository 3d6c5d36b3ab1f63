"""Who looks after whom, moves of this month, leads at three distances, and the set-up."""

from datetime import timedelta

from . import plan

#: Person → customers in his charge.
CHARGES = {
    "lead_sales": "lan hotel school office",
    "warranty_1": "mai hung thao ngoc kien huong linh anna",
}
#: Customer, care stage, days that the move holds, and why.
MOVES = (
    ("hai", "vip", 90, "Giới thiệu ba khách mới"),
    ("nga", "vip", 180, "Chủ chuỗi ba cửa hàng"),
    ("khoa", "at_risk", 30, "Phàn nàn hai lần trong tháng"),
)
#: Customer, lead, probability, expected revenue, days until the next step.
LEADS = (
    ("suong", "Máy lạnh cho nhà mới", 80, 42_000_000, 1),
    ("loc", "Máy giặt cửa ngang", 45, 11_500_000, 3),
    ("oanh", "Hỏi giá tủ đông", 10, 8_900_000, None),
)


def tell(env, company, now, at):
    """Play it.

    :param env: environment of the demo company
    :param company: ``res.company`` of one
    :param now: naive UTC
    :param at: context manager that sets the clock of the transaction
    """
    people = {name: env.ref(f"customer_care.demo_user_{name}") for name in CHARGES}
    for name, customers in CHARGES.items():
        for customer in customers.split():
            plan.customer(env, customer).care_manager_id = people[name]
    _tell_moves(env, company, now, at)
    _tell_leads(env, now, people)
    _tell_set_up(env, company)


def _tell_moves(env, company, now, at):
    """Move a few customers by hand, this month."""
    first = env["care.stage"]._get_start_of_month()
    mover = env.ref("customer_care.demo_user_manager")
    for place, (name, code, days, note) in enumerate(MOVES):
        stage = env.ref(f"customer_care.care_stage_{code}")
        day = env["care.profile"]._today(company) + timedelta(days=days)
        with at(max(now - timedelta(days=place, hours=3), first)):
            customer = plan.customer(env, name).with_user(mover)
            customer.with_company(company)._care_move(stage, day, note)


def _tell_leads(env, now, people):
    """Create leads that are ready, compared and explored."""
    today = now.date()
    for name, title, probability, revenue, days in LEADS:
        lead = env["crm.lead"].create(
            {
                "name": title,
                "type": "opportunity",
                "partner_id": plan.customer(env, name).id,
                "expected_revenue": revenue,
                "user_id": people["lead_sales"].id,
            }
        )
        lead.probability = probability
        if days is not None:
            lead.activity_schedule(
                "mail.mail_activity_data_call",
                today + timedelta(days=days),
                user_id=lead.user_id.id,
            )


def _tell_set_up(env, company):
    """The shop has been set up: its own hours, the holidays to come, four steps done."""
    start = env["care.start"].with_company(company)
    company.care_calendar_id = env.ref("customer_care.demo_calendar")
    choices = start._check_choices(start._default_choices())
    start._write_holidays(company, choices, set())
    for code in start._codes():
        start._note(code, "done", choices if code == "hours" else None)

"""What customers of the demo company said: after requests, and of the shop as a whole."""

import random
from datetime import timedelta

#: Team → survey that asks after its tickets.
SURVEYS = {"warranty": "survey_csat", "claims": "survey_csat", "sales": "survey_ces"}
#: How far back tickets were asked about, and how many of them.
DAYS, TICKETS = 60, 70
#: Of a hundred customers so many answer.
ANSWER_SHARE = 0.62
#: Kind → scores and how often.
SCORES = {
    "csat": ((5, 4, 3, 2, 1), (46, 30, 11, 7, 6)),
    "ces": ((7, 6, 5, 4, 3, 2), (34, 30, 16, 9, 6, 5)),
    "nps": ((10, 9, 8, 7, 6, 4), (26, 24, 20, 12, 10, 8)),
}
#: What customers write, in good and in bad times; many write nothing.
GOOD = (
    "Kỹ thuật đến đúng giờ, làm sạch sẽ, rất nhiệt tình.",
    "Nhân viên tư vấn dễ thương, nói rõ ràng.",
    "Xử lý nhanh hơn mình nghĩ. Cảm ơn shop!",
    "Bảo hành tận nhà, không phải chờ lâu. Rất hài lòng.",
    "Trả lời Zalo nhanh, hẹn giờ nào đúng giờ đó.",
)
MIDDLE = (
    "Tạm được, nhưng phải gọi hai lần mới có người trả lời.",
    "Máy chạy rồi, chỉ là chờ linh kiện hơi lâu.",
)
BAD = (
    "Hẹn thợ sáng mà chiều mới tới, không gọi báo trước.",
    "Sửa xong hai hôm lại hỏng, phải gọi lại từ đầu.",
    "Chuyển qua ba người, ai cũng hỏi lại từ đầu.",
)
#: What was done about a low score.
OUTCOMES = (
    ("solved", "Đã gọi xin lỗi và đổi lịch hẹn, khách đồng ý."),
    ("explained", "Giải thích lý do chờ linh kiện, khách thông cảm."),
    ("unreachable", "Gọi ba lần không nghe máy, đã nhắn tin Zalo."),
)
#: Login of the agent who is praised, and how many fresh low scores there are.
AGENT, LOW = "care_agent", 3
#: Low scores older than this were followed up.
FOLLOWED_UP = timedelta(days=2)


def tell(env, company, now, at):
    """Ask about past tickets, answer many of them, and let the teams ask from now on.

    :param env: environment of the demo company, superuser, without tracking
    :param now: naive UTC
    :param at: context manager that sets the clock of the transaction
    """
    rng = random.Random("y-kien")
    for team, survey in SURVEYS.items():
        env.ref(f"customer_care.demo_team_{team}").survey_id = env.ref(
            f"customer_care.{survey}"
        )
    tickets = _choose_tickets(env, company, now, rng)
    fixed = _choose_fixed(tickets, now)
    for ticket in tickets:
        row = _ask(env, ticket, ticket.solved_on + timedelta(hours=1), now, at)
        if row:
            _respond(row, row.sent_on, now, rng, at, fixed.get(ticket.id))
    for ticket in _choose_of_portal(env, company):
        _ask(env, ticket, now - timedelta(hours=3), now, at)
    _ask_for_recommendation(env, company, now, rng, at)


def _choose_tickets(env, company, now, rng):
    """Return tickets that were solved once, the oldest first, one per customer."""
    found = env["care.ticket"].search(
        [
            ("company_id", "=", company.id),
            ("solved_on", ">=", now - timedelta(days=DAYS)),
            ("reopen_count", "=", 0),
            ("void_reason", "=", False),
            ("partner_id", "!=", False),
            ("partner_id.user_ids", "=", False),
            ("user_id", "!=", False),
            ("team_id.survey_id", "!=", False),
        ],
        order="solved_on, id",
    )
    one_each = {ticket.partner_id.id: ticket.id for ticket in found}
    chosen = sorted(one_each.values())
    rng.shuffle(chosen)
    return env["care.ticket"].browse(chosen[:TICKETS]).sorted("solved_on")


def _choose_fixed(tickets, now):
    """Return ticket id → place in the scores: what there must be, whatever the day.

    Praise for the agent whom visitors of the demo log in as, and fresh low scores.
    """
    recent = tickets.filtered(lambda t: t.solved_on < now - timedelta(hours=2))
    mine = recent.filtered(lambda t: t.user_id.login == AGENT)[-1:]
    low = (recent - mine)[-LOW:]
    return {**dict.fromkeys(low.ids, -2), **dict.fromkeys(mine.ids, 0)}


def _choose_of_portal(env, company):
    """Return the last solved ticket of each customer with a login: he may answer now."""
    found = env["care.ticket"].search(
        [
            ("company_id", "=", company.id),
            ("stage_category", "in", ("solved", "closed")),
            ("void_reason", "=", False),
            ("partner_id.user_ids", "!=", False),
            ("team_id.survey_id", "!=", False),
        ],
        order="solved_on, id",
    )
    return env["care.ticket"].browse({t.partner_id: t.id for t in found}.values())


def _ask(env, ticket, asked, now, at):
    """Ask about ``ticket`` in the past, without a mail.

    :return: the row of ``care.feedback``, none when ``asked`` is not past yet
    """
    feedback = env["care.feedback"]
    if asked >= now:
        return feedback
    with at(asked):
        row = feedback.create(
            {
                **feedback._prepare_about_ticket(ticket),
                "state": "sent",
                "channel": "email",
                "due_on": asked,
            }
        )
        row.write(row._prepare_sent_values(asked))
        row._record_survey_sent({})
    return row


def _respond(row, asked, now, rng, at, place=None):
    """Let the customer of ``row`` answer, be reminded, or stay silent.

    :param int place: of his answer among the scores; None: chance decides
    """
    moment = asked + timedelta(minutes=rng.choice((7, 25, 90, 400, 1500, 4400)))
    is_silent = rng.random() > ANSWER_SHARE
    if place is not None:
        moment, is_silent = asked + timedelta(minutes=20), False
    if is_silent or moment >= now:
        if row.expires_on <= now:
            row.write({"state": "expired", "remind_on": False})
        elif row.remind_on and row.remind_on <= now:
            row.write({"reminded_on": row.remind_on, "remind_on": False})
        return
    scores, weights = SCORES[row.kind]
    score = rng.choices(scores, weights)[0] if place is None else scores[place]
    low = row.survey_id.low_score
    words = BAD if score <= low else GOOD if score >= scores[1] else MIDDLE
    comment = (
        rng.choice(words) if rng.random() < 0.55 or score <= low or place == 0 else ""
    )
    choice = row.survey_id.choice_ids[: 1 + rng.randrange(4)][-1:]
    with at(moment):
        row._answer({"score": score, "comment": comment, "choice": choice}, "email")
    if row.follow_up_state == "todo" and now - moment > FOLLOWED_UP:
        outcome, note = rng.choice(OUTCOMES)
        owner = row.follow_up_user_id or row.user_id
        with at(moment + timedelta(hours=rng.randint(2, 20))):
            row.with_user(owner).sudo()._finish_follow_up(
                outcome, note, with_activity=False
            )
        row.activity_id.unlink()


def _ask_for_recommendation(env, company, now, rng, at):
    """Ask buyers of the shop once whether they would recommend it."""
    feedback = env["care.feedback"]
    asked = set(feedback.search([("company_id", "=", company.id)]).partner_id.ids)
    orders = env["sale.order"].search(
        [("company_id", "=", company.id), ("state", "=", "sale")], order="id"
    )
    buyers = [ref for ref in orders.partner_id.ids if ref not in asked][:30]
    moment = now - timedelta(days=20)
    survey = env.ref("customer_care.survey_nps")
    for partner in env["res.partner"].browse(buyers):
        with at(moment):
            row = feedback.create(
                {
                    "survey_id": survey.id,
                    "kind": survey.kind,
                    "purpose": "promotion",
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "user_id": feedback._get_care_manager(partner, company).id,
                    "state": "sent",
                    "channel": "email",
                    "due_on": moment,
                }
            )
            row.write(row._prepare_sent_values(moment))
        _respond(row, moment, now, rng, at)

"""Runs inside an Odoo shell: a company with an e-mail domain, two teams and an agent."""

#: Address of the agent, who leads both teams.
AGENT = "agent@shop.example"


def main(env, smtp_port=None, password="agent-password"):
    """Set the world of a scenario up and commit it.

    :param smtp_port: port of the outgoing mail server, None for none
    :return: ``agent``: id of the agent
    """
    domain = env["mail.alias.domain"].create(
        {
            "name": "care.example",
            "bounce_alias": "bounce",
            "catchall_alias": "catchall",
            "default_from": "notifications",
        }
    )
    env["res.company"].search([]).alias_domain_id = domain
    env.company.write({"name": "Shop", "email": "shop@care.example"})
    agent = env["res.users"].create(
        {
            "name": "Agent",
            "login": "agent",
            "password": password,
            "email": AGENT,
            "group_ids": [(4, env.ref("customer_care.group_lead").id)],
        }
    )
    env["care.team"].create(
        [
            {
                "name": alias.title(),
                "alias_name": alias,
                "alias_domain_id": domain.id,
                "leader_id": agent.id,
                "is_acknowledging": True,
            }
            for alias in ("support", "warranty")
        ]
    )
    # many mails of few senders are the point of these runs, not a loop
    env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 10_000)
    if smtp_port:
        env["ir.mail_server"].create(
            {"name": "Test", "smtp_host": "127.0.0.1", "smtp_port": smtp_port}
        )
    env.cr.commit()
    return {"agent": agent.id}

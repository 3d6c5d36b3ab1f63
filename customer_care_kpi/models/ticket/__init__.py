from . import (
    care_ticket,
    care_ticket_fact,
    care_ticket_fact_identity,
    care_ticket_fact_store,
)

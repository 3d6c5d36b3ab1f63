from . import (
    care_script,
    care_script_use,
    care_script_variant,
    care_ticket,
    mail_compose_message,
    mail_scheduled_message,
)

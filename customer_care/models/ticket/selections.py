"""Words that several ticket models share."""

KINDS = [
    ("question", "Question"),
    ("request", "Request"),
    ("incident", "Incident"),
    ("complaint", "Complaint"),
    ("praise", "Praise"),
]

PRIORITIES = [
    ("low", "Low"),
    ("normal", "Normal"),
    ("high", "High"),
    ("urgent", "Urgent"),
]
#: Words do not sort; the rank does.
PRIORITY_RANK = {word: rank for rank, (word, _label) in enumerate(PRIORITIES)}

STAGE_CATEGORIES = [
    ("new", "New"),
    ("open", "In progress"),
    ("pending", "Waiting for customer"),
    ("hold", "On hold"),
    ("solved", "Solved"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]

ACTORS = [
    ("customer", "Customer"),
    ("agent", "Agent"),
    ("bot", "Bot"),
    ("system", "System"),
]

EVENT_KINDS = [
    ("created", "Created"),
    ("customer_message", "Customer message"),
    ("thanked", "Customer said thanks"),
    ("not_thanks", "More than thanks"),
    ("only_thanks", "It was only thanks"),
    ("reminded", "Customer reminded"),
    ("agent_message", "Agent message"),
    ("note", "Internal note"),
    ("automatic_message", "Automatic message"),
    ("bot_message", "Bot message"),
    ("bot_handover", "Handed over by the bot"),
    ("assigned", "Assigned"),
    ("team_changed", "Team changed"),
    ("stage_changed", "Stage changed"),
    ("priority_changed", "Priority changed"),
    ("category_changed", "Category changed"),
    ("kind_changed", "Kind changed"),
    ("customer_changed", "Customer changed"),
    ("policy_changed", "Promise changed"),
    ("calendar_changed", "Working hours changed"),
    ("snoozed", "Snoozed"),
    ("merged", "Merged"),
    ("unmerged", "Un-merged"),
    ("spam", "Marked as spam"),
    ("not_spam", "Not spam"),
    ("voided", "Left out of figures"),
    ("restored", "Counts in figures again"),
    ("survey_sent", "Survey sent"),
    ("rated", "Rated"),
    ("call", "Call"),
    ("effort", "Effort logged"),
]

VOID_REASONS = [
    ("spam", "Spam"),
    ("mistake", "Opened by mistake"),
    ("test", "Test"),
]

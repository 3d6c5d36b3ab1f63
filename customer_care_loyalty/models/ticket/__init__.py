from . import care_ticket

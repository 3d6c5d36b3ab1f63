from . import loyalty_program, loyalty_tier

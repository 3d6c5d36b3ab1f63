# ruff: noqa: I001 – areas extend models of the areas above them
from . import settings
from . import customer
from . import ticket
from . import mail
from . import portal
from . import work
from . import segment
from . import consent
from . import message
from . import intake
from . import board
from . import rule
from . import start
from . import identity
from . import panorama
from . import flow
from . import effort

from . import settings
from . import customer
from . import ticket
from . import mail
from . import work

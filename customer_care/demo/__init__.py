from . import care_demo  # isort: skip
from . import contacts

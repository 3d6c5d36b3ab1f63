from . import settings, ticket

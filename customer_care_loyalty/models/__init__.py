from . import customer, loyalty, settings, ticket

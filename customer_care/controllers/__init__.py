from . import choices, counter, export, forms, help_pages, portal, privacy

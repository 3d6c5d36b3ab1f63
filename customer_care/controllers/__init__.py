from . import choices, counter, export, feedback, forms, help_pages, portal, privacy

from . import export, forms, help_pages, portal

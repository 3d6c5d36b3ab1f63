"""From an empty directory to a running Odoo 19 with the customer care addons.

Only the standard library is used: these modules run before anything is installed.
Each module owns one thing that has to exist (a prefix, Odoo's sources, a Python
environment, a database cluster, a browser, a database) and makes it exist in one
call that may be interrupted and repeated.
"""

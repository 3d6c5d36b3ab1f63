"""Write ``<addon>/i18n/<addon>.pot`` and bring ``vi.po`` up to date with it.

Run it after a string changed, in a shell prepared by ``eval "$(setup/env)"``::

    "$CARE_PYTHON" -m tests.i18n.export

Prints for each addon how many terms there are and how many wait for a translation.
"""

from tests.i18n import catalogue
from tests.support import odoo


def main():
    """Export from the database with the three addons and write the files."""
    for addon, template in catalogue.export(odoo.suite()).items():
        catalogue.template_path(addon).parent.mkdir(exist_ok=True)
        translation = catalogue.merge(
            template, catalogue.read(catalogue.translation_path(addon))
        )
        template.save(str(catalogue.template_path(addon)))
        translation.save(str(catalogue.translation_path(addon)))
        waiting = len(translation.untranslated_entries())
        print(f"{addon}: {len(template)} terms, {waiting} without a translation")


if __name__ == "__main__":
    main()

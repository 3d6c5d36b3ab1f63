"""Pictures of the import of customers."""

from pathlib import Path

from shot import PHONE, WIDE, Shot

TEMPLATES = Path(__file__).parents[2] / "customer_care/static/import"
FILES = {"en_US": "customers-and-purchases.csv", "vi_VN": "khach-hang-va-don-mua.csv"}


def _drop(page, lang):
    """Drop the template of the language and look at its columns."""
    page.locator(".o_list_button_add").click()
    page.wait_for_selector(".o_field_widget[name=file]")
    page.locator(".o_field_widget[name=file] input[type=file]").set_input_files(
        TEMPLATES / FILES[lang]
    )
    page.wait_for_timeout(500)
    page.locator(".o_form_button_save").click()
    page.wait_for_selector(".o_field_widget[name=column_ids] .o_data_row")
    page.wait_for_timeout(500)


SHOTS = [
    Shot(
        "import",
        "care_manager",
        "/odoo/care-imports",
        ".o_list_button_add",
        (WIDE, PHONE),
        _drop,
    ),
]

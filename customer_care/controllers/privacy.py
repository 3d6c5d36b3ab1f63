from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

#: Bytes of the bundle that are sent at once.
CHUNK = 1 << 16


class CarePrivacy(http.Controller):
    @http.route(
        "/care/export/<int:partner_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def care_export(self, partner_id):
        """Send everything that is known of a customer as one ZIP file; nothing is kept.

        Whoever may not export gets the answer of a page that does not exist.

        :param partner_id: ``res.partner``
        """
        partner = request.env["res.partner"].browse(partner_id)
        try:
            partner.check_access("read")
            partner._care_check_privacy()
            partner._care_family()._care_check_person()
        except UserError:  # no access, no such contact, or a colleague
            raise request.not_found() from None
        bundle = partner._care_export_bundle()
        size = bundle.seek(0, 2)
        bundle.seek(0)
        headers = [
            ("Content-Type", "application/zip"),
            ("Content-Length", size),
            ("Content-Disposition", f"attachment; filename=customer-{partner.id}.zip"),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return request.make_response(iter(lambda: bundle.read(CHUNK), b""), headers)

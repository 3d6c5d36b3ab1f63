from odoo.tests import tagged

from ..hoot import HootCase


@tagged("post_install", "-at_install")
class TestHoot(HootCase):
    def test_components(self):
        self._run_components("customer_care")

from odoo import api, models


class IrModel(models.Model):
    """Takes away what an uninstallation would leave behind."""

    _inherit = "ir.model"

    @api.model
    def _care_forget(self, module):
        """Delete what people and programs attached to the models that ``module`` made.

        For the uninstall hooks of the suite. Odoo deletes messages, followers and
        activities together with a model; it stops at an attachment that is a link, and
        keeps saved filters, export lists, the settings of the addon, the external ids
        that other addons gave to parts of its models, and the register of foreign keys
        from shared tables (the keys go with their columns).

        :param str module: the addon that is about to go
        """
        names = sorted(
            name
            for name, model in self.env.registry.items()
            if model._original_module == module and not model._abstract
        )
        kept_files = ["|", ("res_field", "=", False), ("res_field", "!=", False)]
        self.env["ir.attachment"].search(
            [("res_model", "in", names), *kept_files]
        ).unlink()
        self.env["ir.filters"].with_context(active_test=False).search(
            [("model_id", "in", names)]
        ).unlink()
        self.env["ir.exports"].search([("resource", "in", names)]).unlink()
        self.env["ir.config_parameter"].search(
            [("key", "=like", f"{module}.%")]
        ).unlink()
        self.env["ir.model.data"].flush_model()
        self.env.cr.execute(
            """
            DELETE FROM ir_model_data data
             USING ir_model model
             WHERE model.model = ANY(%(names)s)
               AND ((data.model = 'ir.model.inherit' AND data.res_id IN (
                        SELECT id FROM ir_model_inherit WHERE model_id = model.id))
                 OR (data.model = 'ir.model.fields.selection' AND data.res_id IN (
                        SELECT selection.id
                          FROM ir_model_fields_selection selection
                          JOIN ir_model_fields field ON field.id = selection.field_id
                         WHERE field.model_id = model.id)))
               AND data.module <> %(module)s
            """,
            {"names": names, "module": module},
        )
        self.env.cr.execute(
            """
            DELETE FROM ir_model_constraint registered
             USING ir_model model, ir_module_module module
             WHERE model.id = registered.model AND NOT model.model = ANY(%(names)s)
               AND module.id = registered.module AND module.name = %(module)s
               AND registered.type = 'f'
            """,
            {"names": names, "module": module},
        )
        self.env["ir.model.data"].invalidate_model()
        self.env["ir.model.constraint"].invalidate_model()

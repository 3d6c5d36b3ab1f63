/**
 * Open a record on a page of its own.
 *
 * @param {Object} action the action service
 * @param {string} model
 * @param {number} id
 * @returns {Promise}
 */
export function openRecord(action, model, id) {
    return action.doAction({
        type: "ir.actions.act_window",
        res_model: model,
        res_id: id,
        views: [[false, "form"]],
    });
}

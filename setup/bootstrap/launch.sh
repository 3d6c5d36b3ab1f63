# Sourced by the commands beside this directory: finds a Python that can run the
# set-up and hands over to it. Usage: launch <command> <arguments of the caller>
# shellcheck shell=bash

launch() {
    local here command candidate
    here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd) || exit 2
    command=$1
    shift
    for candidate in ${CARE_BASE_PYTHON:-python3 python3.13 python3.12 python3.11 python3.10}; do
        if "$candidate" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            exec "$candidate" -B "$here/bootstrap/main.py" "$command" "$@"
        fi
    done
    {
        echo "There is no Python that runs Odoo 19."
        echo "  Why: none of these is Python 3.10 to 3.13: ${CARE_BASE_PYTHON:-python3, python3.13, python3.12, python3.11, python3.10}."
        echo "  Way out: install the package python3, or set CARE_BASE_PYTHON to one, for example"
        echo "    CARE_BASE_PYTHON=/usr/bin/python3.12 setup/$command"
    } >&2
    exit 2
}

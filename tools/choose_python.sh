#!/bin/sh
# Print the first python of the PATH that is 3.11 or newer, or the one that PYTHON names.
for python in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14}; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            echo "$python"
            exit 0
        fi
        without_venv=$python
    fi
done
if [ -n "${without_venv:-}" ]; then
    echo "$without_venv cannot make a virtual environment. On Debian: apt install python3-venv" >&2
else
    echo "quetsach needs Python 3.11 or newer; ${PYTHON:-what is found here} is not. Install it, or" >&2
    echo "name it: make setup PYTHON=/path/to/python3" >&2
fi
exit 1

#!/bin/sh
# Makes .venv/ hold exactly what a lock file says. Does nothing when it already does.
# Usage: install_venv.sh base|test   (an environment made for the tests is never cut back to base)
set -eu
PYTHON="${PYTHON:-python3.11}"
stamp=.venv/.locked
lock="$1"
[ -f "$stamp" ] && grep -q '^test ' "$stamp" && lock=test
state="$lock $(cat requirements/uv.txt "requirements/$lock.txt" | sha256sum | cut -c1-64)"

if [ -x .venv/bin/python ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$state" ]; then exit 0; fi

if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
    echo "建立 Python 环境 .venv/"
    rm -rf .venv
    "$PYTHON" -m venv .venv
fi
rm -f "$stamp"
echo "安装 Python 软件包（requirements/$lock.txt，按锁定的校验值）"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
.venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes "requirements/$lock.txt"
echo "$state" >"$stamp"
echo "Python 环境已就绪。"

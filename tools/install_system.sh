#!/bin/sh
# Finds which system packages are missing and installs them with apt where this user may; otherwise prints the line to run.
# Usage: install_system.sh base [test]
set -eu
PATH="$PATH:/usr/sbin:/sbin"
PYTHON="${PYTHON:-python3.11}"
missing=""
wanted=""

need() { missing="$missing $1"; }
want() { wanted="$wanted $1"; }
has_library() { ldconfig -p 2>/dev/null | grep -q "$1"; }
has_command() { command -v "$1" >/dev/null 2>&1; }
has_chinese_font() { find /usr/share/fonts /usr/local/share/fonts "$HOME/.fonts" -iname '*CJK*' 2>/dev/null | grep -q .; }

look_for_base() {
    if ! has_command "$PYTHON"; then
        echo "需要 Python 3.11（命令 $PYTHON）。Debian 12：apt-get install python3.11 python3.11-venv" >&2
        exit 1
    fi
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || need python3.11-venv
    has_library libpango-1.0.so.0 || need libpango-1.0-0
    has_library libpangoft2-1.0.so.0 || need libpangoft2-1.0-0
    # Without it every Chinese PDF takes 13 to 31 times longer: the whole font is embedded and subset in Python.
    has_library libharfbuzz-subset.so.0 || need libharfbuzz-subset0
    # The Python package of fonts has regular weights only; bold and rare characters come from these.
    has_chinese_font || want fonts-noto-cjk
}

look_for_test() {
    has_command chromium || need chromium
    # The driver of playwright is linked against it; minimal systems have none.
    has_library libatomic.so.1 || need libatomic1
    has_command pdftoppm || need poppler-utils
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need postgresql-15
    has_chinese_font || need fonts-noto-cjk
}

for group in "$@"; do "look_for_$group"; done
packages="$(echo $missing $wanted | tr ' ' '\n' | sort -u | tr '\n' ' ')"
[ -n "$(echo $packages)" ] || exit 0

if [ "$(id -u)" = 0 ]; then become=""
elif has_command sudo && sudo -n true 2>/dev/null; then become="sudo -n"
else become="no"; fi

if [ "$become" = no ] || ! has_command apt-get; then
    echo "缺少系统软件包：$packages" >&2
    echo "请以管理员身份运行：apt-get update && apt-get install -y --no-install-recommends $packages" >&2
    [ -z "$(echo $missing)" ] && exit 0
    exit 1
fi

echo "安装系统软件包：$packages（几分钟内完成）"
export DEBIAN_FRONTEND=noninteractive
$become apt-get update -qq
$become apt-get install -y -qq --no-install-recommends $packages >/dev/null
echo "系统软件包已就绪。"

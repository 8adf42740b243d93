"""The passphrase of the root key: from the environment, or asked of the person at the terminal."""

import getpass
import os
import sys

from sync import root_key


def ask(*, twice: bool) -> str:
    """The passphrase; NoRoot when nobody can be asked, or when the two answers differ."""
    given = root_key.passphrase_from(os.environ)
    if given:
        return given
    if not sys.stdin.isatty():
        raise root_key.NoRoot(f"没有终端可以询问根密钥的口令。请设置环境变量 {root_key.PASSPHRASE} 后重试。")
    first = getpass.getpass("根密钥的口令：")
    if twice and getpass.getpass("请再输入一遍：") != first:
        raise root_key.NoRoot("两次输入的口令不同，没有生成。")
    return first

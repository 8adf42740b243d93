"""Empty the demo: remove both sites under HALL_DATA_DIR. Nothing else in that folder is touched."""

import shutil
import sys

from tools import demo_lock
from tools.sites import demo_root


def main() -> int:
    """0 when both are gone; 1 while the demo is running."""
    root = demo_root()
    try:
        with demo_lock.hold(root):
            for name in ("outer", "inner", ".building"):
                shutil.rmtree(root / name, ignore_errors=True)
    except demo_lock.DemoBusy as busy:
        print(busy, file=sys.stderr)
        return 1
    print(f"已清空 {root} 下的演示数据。")
    return 0


if __name__ == "__main__":
    sys.exit(main())

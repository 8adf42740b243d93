"""A removable disk (拷盘): what goes on which, written and verified, and read at the other side without a trace."""

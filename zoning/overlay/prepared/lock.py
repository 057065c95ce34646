"""Locks between processes that end with the process that holds them, however it ends."""

import sys

if sys.platform == "win32":
    import msvcrt

    def lock(handle: int, *, wait: bool) -> bool:
        """Lock an open file; see below."""
        while True:
            try:
                msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError:
                # It gives up after ten seconds.
                if not wait:
                    return False
            else:
                return True

else:
    import fcntl

    def lock(handle: int, *, wait: bool) -> bool:
        """Lock an open file; return whether that was done, which it is not where another one holds it.

        Parameters
        ----------
        wait
            Whether to wait until the other one lets go.

        Raises
        ------
        OSError
            When the file system has no locks.
        """
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

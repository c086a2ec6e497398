"""What a disk answers when it does not obey, in words of ours; systems say it in English alone."""

import errno
import os
from collections.abc import Mapping

from quetsach.problems.entry import N_

_BY_NUMBER = {
    errno.ENOENT: N_("there is no such file or folder"),
    errno.EISDIR: N_("it is a folder, not a file"),
    errno.ENOTDIR: N_("a part of its path is a file, not a folder"),
    errno.EACCES: N_("the system gives no right to it"),
    errno.EPERM: N_("the system gives no right to it"),
    errno.EEXIST: N_("it is there already"),
    errno.ENOTEMPTY: N_("the folder is not empty"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("your share of the disk is used up"),
    errno.EROFS: N_("the disk can only be read"),
    errno.EIO: N_("the disk fails at reading or writing"),
    errno.ENAMETOOLONG: N_("its name is too long"),
    errno.ELOOP: N_("its links lead in a circle"),
    errno.EMFILE: N_("too many files are open"),
}

DISK: Mapping[str, str] = {os.strerror(number): said for number, said in _BY_NUMBER.items()}
"""By what the system says: files keep that, so that they are the same in each language."""

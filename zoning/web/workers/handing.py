"""Files on their way to a task: a copy in its folder, under the name that it was handed in with."""

import shutil
from pathlib import Path


def hand_over(file: Path, folder: Path, name: str) -> Path:
    """Copy a kept file into a folder under its own name, which readers, verdicts and results use; return the copy.

    It is a copy, not a link: some readers write into the file that they read, and what people handed in must stay.

    Parameters
    ----------
    folder
        Made where it is missing.
    name
        Only its last part counts; "" for the name that the file is kept under.
    """
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / (Path(name).name or file.name)
    shutil.copyfile(file, copy)
    return copy

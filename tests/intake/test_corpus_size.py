"""The corpus holds at least 150 files, and every case of it has its own name."""

import ast
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

HERE = Path(__file__).parent
ENOUGH = 150


def _cases(path: Path) -> list[str]:
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return [case.name for case in getattr(module, "CASES", [])]


def test_the_corpus_is_large_and_every_list_is_run() -> None:
    total = 0
    for path in sorted(HERE.glob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not any(isinstance(node, ast.Assign) and "CASES" in ast.dump(node) for node in tree.body):
            continue
        assert "@cases(CASES)" in path.read_text(encoding="utf-8"), f"{path.name} does not run its cases"
        total += len(_cases(path))
    assert total >= ENOUGH

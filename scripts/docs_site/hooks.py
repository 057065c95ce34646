"""What MkDocs calls while it builds: the search learns Chinese words."""

from typing import Any

import rjieba
from material.plugins.search import plugin
from mkdocs.config.defaults import MkDocsConfig


class Cutter:
    """Stands where the plugin of the search looks for jieba, which has no wheel and is not kept up."""

    @staticmethod
    def cut(text: bytes) -> list[str]:
        """Return the words of a Chinese text: those of the dictionary, so that a word is cut alike everywhere."""
        words: list[str] = rjieba.cut(text.decode("utf-8"), hmm=False)
        return words


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Let the search cut Chinese sentences into words."""
    module: Any = plugin
    module.jieba = Cutter
    return config

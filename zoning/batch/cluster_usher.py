"""Makes the workers of a cluster ready, those that are there and those that join later, while the others work."""

import pickle
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from zoning.batch.cluster_content import CHUNK, File, pieces
from zoning.batch.cluster_environment import environment
from zoning.batch.cluster_worker import Greeting, Run, greet, receive
from zoning.errors import LayerError, ZoningError, how_to_install
from zoning.texts import Text

_ROUND_S = 1.0
_PATIENT = 5  # rounds without a worker before it is said
_ANSWER_S = 20.0
_LOST_AFTER = 3  # rounds without an answer of the scheduler

Say = Callable[[Text], None]


class Usher(threading.Thread):
    """Greets workers once a second.

    Attributes
    ----------
    ready
        Addresses of the workers that can be given tasks now. Replaced as a whole, never changed.

    Parameters
    ----------
    paths
        Name -> file of everything in the content of the run.
    tell
        Called with nothing when `ready` changed, with an error when the run cannot go on.
    patience_s
        How long there may be no worker at all, seconds.
    """

    def __init__(
        self,
        client: Any,
        address: str,
        run: Run,
        paths: Mapping[str, Path],
        *,
        say: Say,
        tell: Callable[[ZoningError | None], None],
        patience_s: float,
    ) -> None:
        super().__init__(name="zoning-usher", daemon=True)
        self.ready: frozenset[str] = frozenset()
        self._client = client
        self._address = address
        self._run = run
        self._entries = environment().entries
        self._packed = pickle.dumps(run)
        self._paths = paths
        self._say = say
        self._tell = tell
        self._patience = max(round(patience_s / _ROUND_S), 1)
        self._ended = threading.Event()
        self._forgotten = threading.Event()
        self._lonely = 0
        self._sent: set[str] = set()

    def greet_again(self) -> None:
        """Greet all workers in the next round: one of them has forgotten the run."""
        self._forgotten.set()

    def end(self) -> None:
        """Stop greeting; what is being sent is sent to its end."""
        self._ended.set()

    def run(self) -> None:
        """Greet until the end."""
        silent = 0
        while not self._ended.is_set():
            try:
                if self.round():
                    continue
                silent = 0
            except ZoningError as error:
                self._tell(error)
                return
            except Exception as error:  # noqa: BLE001 - Dask raises many kinds when the other side has gone
                silent += 1
                if silent >= _LOST_AFTER:
                    self._tell(scheduler_lost(self._address, error))
                    return
            self._ended.wait(_ROUND_S)

    def round(self) -> bool:
        """Greet the workers that are not ready, send what is missing to one of them, and look who has gone.

        Returns
        -------
        bool
            Whether something was sent: then the next round shall follow at once.

        Raises
        ------
        LayerError
            When a worker cannot take part, or no worker has been there for long.
        """
        present = set(self._client.nthreads(callback_timeout=_ANSWER_S))
        lacking: dict[str, tuple[File, ...]] = {}
        ready = set() if self._forgotten.is_set() else set(self.ready & present)
        self._forgotten.clear()
        for worker, greeting in self._greetings(sorted(present - ready)).items():
            if greeting.missing:
                lacking[worker] = greeting.missing
            else:
                ready.add(worker)
                self._remark(worker, greeting)
        self._settle(frozenset(ready))
        if lacking:
            # One copy at a time: the workers that share the folder of the first need none of their own.
            self._send(*next(iter(lacking.items())))
            return True
        self._lonely = 0 if ready else self._lonely + 1
        if self._lonely == _PATIENT:
            self._say(_waiting(self._address))
        if self._lonely > self._patience:
            raise _no_worker(self._address)
        return False

    def _settle(self, ready: frozenset[str]) -> None:
        if ready != self.ready:
            self.ready = ready
            self._tell(None)

    def _greetings(self, workers: list[str]) -> dict[str, Greeting]:
        if not workers:
            return {}
        answers: dict[str, Any] = self._client.run(
            greet, self._entries, self._packed, workers=workers, on_error="return"
        )
        found: dict[str, Greeting] = {}
        for worker, answer in sorted(answers.items()):
            if isinstance(answer, Greeting):
                if answer.differences or answer.fault:
                    raise _unfit(worker, answer)
                found[worker] = answer
            elif not isinstance(answer, OSError):
                raise _without_zoning(worker, answer)
            # Else it has gone in between: the next round no longer finds it.
        return found

    def _send(self, worker: str, missing: tuple[File, ...]) -> None:
        if worker in self._sent:
            raise _copy_lost(worker)
        self._sent.add(worker)
        size = sum(file.size for file in missing)
        self._say(
            Text(
                f"正在向 {worker} 复制 {len(missing)} 个文件（{size / 1e6:.0f} MB）",
                f"copying {len(missing)} files ({size / 1e6:.0f} MB) to {worker}",
            )
        )
        for file in missing:
            with self._paths[file.name].open("rb") as stream:
                for start in pieces(file.size):
                    if self._ended.is_set():
                        return
                    data = stream.read(CHUNK)
                    answer = self._client.run(
                        receive, file, start, data, self._run.name, workers=[worker], on_error="return"
                    ).get(worker)
                    if isinstance(answer, ZoningError):
                        raise _at(worker, answer)
                    if answer is not None:
                        return  # it has gone

    def _remark(self, worker: str, greeting: Greeting) -> None:
        if greeting.threads > 1:
            self._say(
                Text(
                    f"{worker} 有 {greeting.threads} 个线程，只用其中一个；请用 --nthreads 1 --nworkers "
                    f"{greeting.threads} 启动",
                    f"{worker} has {greeting.threads} threads, of which one is used; start it with --nthreads 1 "
                    f"--nworkers {greeting.threads}",
                )
            )


def scheduler_lost(address: str, error: BaseException | None = None) -> LayerError:
    """Return the sentence for a scheduler that no longer answers."""
    kind = f"（{type(error).__name__}）" if error else ""
    kind_en = f" ({type(error).__name__})" if error else ""
    return LayerError(
        f"{address}：与调度器的连接中断{kind}；已完成的部分已保存，调度器恢复后用 --resume 继续",
        f"{address}: the connection to the scheduler was lost{kind_en}; what is finished is kept: go on with --resume "
        "when it is back",
    )


def _at(worker: str, error: ZoningError) -> LayerError:
    return LayerError(f"工作进程 {worker}：{error.text.zh}", f"worker {worker}: {error.text.en}")


def _copy_lost(worker: str) -> LayerError:
    return LayerError(
        f"工作进程 {worker}：复制到它的文件又不见了或被改动；请检查它的磁盘和 --local-directory，再用 --resume 继续",
        f"worker {worker}: the files that were copied to it are gone again, or changed; look at its disk and its "
        "--local-directory, and go on with --resume",
    )


def _unfit(worker: str, greeting: Greeting) -> LayerError:
    from zoning.version import __version__

    if greeting.fault is not None:
        return _at(worker, greeting.fault)
    return LayerError(
        f"工作进程 {worker} 与本机不同：{'；'.join(text.zh for text in greeting.differences)}。"
        f"结果可能不逐字节相同，未使用此集群；请在所有机器上安装相同的 {__version__} 版和相同的库，再用 --resume 继续",
        f"worker {worker} is not like this computer: {'; '.join(text.en for text in greeting.differences)}. "
        f"Its results might differ, so the cluster is not used; install the same version {__version__} and the same "
        "libraries on all computers, and go on with --resume",
    )


def _without_zoning(worker: str, error: BaseException) -> LayerError:
    from zoning.version import __version__

    kind = f"{type(error).__name__}: {error}"[:200]
    how = how_to_install("cluster")
    return LayerError(
        f"工作进程 {worker} 不能运行 zoning（{kind}）；请在它的环境中安装 {__version__} 版（{how.zh}）后重新启动它，"
        "再用 --resume 继续",
        f"worker {worker} cannot run zoning ({kind}); install version {__version__} in its environment ({how.en}), "
        "start it again, and go on with --resume",
    )


def _waiting(address: str) -> Text:
    return Text(
        f"{address}：调度器还没有工作进程；等待中。启动：dask worker {address} --nthreads 1 --nworkers -1",
        f"{address}: the scheduler has no workers yet; waiting. Start some: dask worker {address} --nthreads 1 "
        "--nworkers -1",
    )


def _no_worker(address: str) -> LayerError:
    return LayerError(
        f"{address}：调度器长时间没有工作进程；已完成的部分已保存。请用 dask worker {address} --nthreads 1 "
        "--nworkers -1 启动工作进程，再用 --resume 继续",
        f"{address}: the scheduler has been without workers for long; what is finished is kept. Start some with "
        f"dask worker {address} --nthreads 1 --nworkers -1, and go on with --resume",
    )

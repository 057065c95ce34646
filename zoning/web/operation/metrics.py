"""Figures for a Prometheus server, each app with its own registry."""

from weakref import WeakKeyDictionary

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from zoning.registers.schema import Chain
from zoning.registers.schema_server import StoredJob
from zoning.version import __version__
from zoning.web.server import Server

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 1.5, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """Counts of one server."""

    def __init__(self, server: Server) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "zoning_requests_total",
            "Requests by method, route and status.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "zoning_request_seconds",
            "Time to the end of the answer by route.",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        info = Gauge("zoning_info", "Version of the program.", ("version",), registry=self.registry)
        info.labels(__version__).set(1)
        self.registry.register(_State(server))

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        # Any word can stand where the method stands: only known ones become a label.
        known = method if method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "other"
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Return the figures in the text format of Prometheus."""
        return generate_latest(self.registry)


class _State(Collector):
    """Figures that are looked up when they are asked for."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def collect(self) -> list[GaugeMetricFamily]:
        """Return the gauges."""
        running, waiting = self._server.pool.load
        with self._server.store.database.reading() as connection:
            events = connection.execute(select(Chain.events)).scalar_one()
            jobs = connection.execute(select(StoredJob.state, func.count()).group_by(StoredJob.state)).all()
        by_state = GaugeMetricFamily("zoning_jobs", "Jobs by state.", labels=["state"])
        for state, count in jobs:
            by_state.add_metric([state], count)
        return [
            GaugeMetricFamily("zoning_tasks_running", "Tasks that workers do now.", value=running),
            GaugeMetricFamily("zoning_tasks_waiting", "Tasks that wait for a worker.", value=waiting),
            GaugeMetricFamily("zoning_log_rows", "Rows of the audit log.", value=events),
            by_state,
        ]

    def describe(self) -> list[GaugeMetricFamily]:
        """Return nothing: the database is not asked before somebody wants figures."""
        return []


_ALL: "WeakKeyDictionary[Server, Metrics]" = WeakKeyDictionary()


def metrics_of(server: Server) -> Metrics:
    """Return the figures of a server."""
    if server not in _ALL:
        _ALL[server] = Metrics(server)
    return _ALL[server]

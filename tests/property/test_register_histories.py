"""Random histories: the register is at every moment what a plain dictionary says. The long form: make soak-register."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from long_runs import times
from register_model import RegisterModel

QUICK = settings(
    max_examples=times(8, 12),
    stateful_step_count=20,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_no_history_leads_where_the_type_does_not_allow() -> None:
    run_state_machine_as_test(RegisterModel, settings=QUICK)

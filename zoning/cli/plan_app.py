"""`zoning plan`: what planners do with the layers that reviewers use."""

import typer

from zoning.cli.options import t
from zoning.cli.plan_audit_app import add_audit
from zoning.cli.plan_grid_app import add_grid
from zoning.cli.plan_indicators_app import add_indicators
from zoning.cli.plan_statistics_app import add_statistics
from zoning.cli.plan_units_app import add_units, add_zones

plan_app = typer.Typer(
    help=t(
        "规划工作台：划定管控单元和分区、审核图层、指标、网格",
        "planner's bench: build units and zones, audit layers, indicators, grids",
    ),
    no_args_is_help=True,
)
add_indicators(plan_app)
add_statistics(plan_app)

add_units(plan_app)
add_zones(plan_app)
add_grid(plan_app)
add_audit(plan_app)

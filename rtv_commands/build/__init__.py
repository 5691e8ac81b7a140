"""The verb build: dbt stage by stage into a candidate, tested there, then published as a whole."""

from rtv_commands.build.stages import STAGES, BuildResult, StageResult, build_warehouse, run_stage

__all__ = ["STAGES", "BuildResult", "StageResult", "build_warehouse", "run_stage"]

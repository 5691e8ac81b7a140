{# A table or view that takes the place of its forerunner in one transaction. dbt's own way renames twice and
   drops twice for each, which is most of the time of a small build; nobody reads these while they are built. #}
{% materialization table, adapter='postgres' %}

    {%- set target = this.incorporate(type='table') -%}

    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        {{ drop_forerunner(target) }}
        {{ get_create_table_as_sql(False, target, sql) }}
    {%- endcall %}
    {% do persist_docs(target, model) %}
    {% call statement('statistics') -%}
        {#- Without fresh statistics the planner takes a new table for nearly empty. -#}
        analyze {{ target }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}

{% endmaterialization %}


{% materialization view, adapter='postgres' %}

    {%- set target = this.incorporate(type='view') -%}

    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        {{ drop_forerunner(target) }}
        {{ get_create_view_as_sql(target, sql) }}
    {%- endcall %}
    {% do persist_docs(target, model) %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}

{% endmaterialization %}


{# What stands in the place of a relation, be it a table or a view, with the views on it. #}
{% macro drop_forerunner(target) -%}
    {%- set forerunner = load_cached_relation(target) -%}
    drop {{ forerunner.type if forerunner is not none else target.type }} if exists {{ target }} cascade;
{%- endmacro %}

{# Models of schema bi are called bi_<relation>, since model names are unique in a project. #}
{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {%- if custom_alias_name -%}
        {{ custom_alias_name | trim }}
    {%- elif node.name.startswith('bi_') -%}
        {{ node.name[3:] }}
    {%- else -%}
        {{ node.name }}
    {%- endif -%}
{%- endmacro %}

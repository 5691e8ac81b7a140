{# Why the film of a capture has no answer yet. #}
{% macro why_not_judged(captures) -%}
    case
        when {{ blank_to_null(captures ~ '.video_sha256') }} is null then 'the capture names no film'
        else 'its film is not in the store, or not judged yet'
    end
{%- endmacro %}

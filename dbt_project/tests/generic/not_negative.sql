{# No value of the columns is below zero, in one pass; where null is not allowed, none is missing either. #}
{% test not_negative(model, columns, is_null_allowed=true) %}

select {{ columns | join(', ') }}
from {{ model }}
where
    {{ columns | join(' < 0 or ') }} < 0
    {% if not is_null_allowed %} or {{ columns | join(' is null or ') }} is null {% endif %}

{% endtest %}

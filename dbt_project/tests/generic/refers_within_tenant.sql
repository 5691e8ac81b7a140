{# Every value that is not null is found in the other model, in the same tenant. #}
{% test refers_within_tenant(model, column_name, to, field) %}

select child.{{ column_name }}
from {{ model }} as child
left join {{ to }} as parent
    on
        child.tenant_code = parent.tenant_code
        and child.{{ column_name }} = parent.{{ field }}
where
    child.{{ column_name }} is not null
    and parent.{{ field }} is null

{% endtest %}

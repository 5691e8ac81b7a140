{# Every row has a value in the column, and no two rows the same: one pass where two tests would take two. #}
{% test primary_key(model, column_name) %}

select {{ column_name }}
from {{ model }}
group by {{ column_name }}
having count(*) > 1 or {{ column_name }} is null

{% endtest %}

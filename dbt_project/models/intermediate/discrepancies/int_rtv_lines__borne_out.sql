-- Whether anyone but the platform bears out that a return was made, and where its units can be looked at
-- (ruling 62). One row per RTV line.
with

lines as (

    select * from {{ ref('int_rtv_lines__reconciled') }}

),

captured as (

    select * from {{ ref('int_rtvs__captured') }}

),

final as (

    select
        lines.rtv_line_key as line_key,
        lines.transporter_code,
        lines.awb_no,
        captured.node_code,
        captured.bay_code,
        captured.window_start_at,
        captured.window_end_at,
        -- A pickup, a gate receipt or a capture; one that was matched by inference bears out nothing.
        lines.reached_stage <> 'declared' and coalesce(lines.match_confidence <> 'low', true) as is_borne_out
    from lines
    left join captured
        on lines.rtv_key = captured.rtv_key

)

select * from final

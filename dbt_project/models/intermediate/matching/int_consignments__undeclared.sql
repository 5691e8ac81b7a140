-- Consignments seen on the way, at the gate or at the bay that no manifest names. One row per transporter
-- and AWB.
with

observed as (

    select * from {{ ref('int_awbs__observed') }}

),

matched as (

    select * from {{ ref('int_awbs__matched') }}

),

unmatched as (

    select observed.*
    from observed
    left join matched
        on observed.observed_key = matched.observed_key
    where
        matched.observed_key is null
        and observed.is_on_return_leg

),

named as (

    select
        tenant_code,
        awb_no,
        min(transporter_code) as transporter_code
    from unmatched
    group by tenant_code, awb_no

),

final as (

    select distinct
        {{ surrogate_key([
            'unmatched.tenant_code',
            'coalesce(unmatched.transporter_code, named.transporter_code)',
            'unmatched.awb_no',
        ]) }}
            as consignment_key,
        unmatched.tenant_code,
        coalesce(unmatched.transporter_code, named.transporter_code) as transporter_code,
        unmatched.awb_no
    from unmatched
    inner join named
        on
            unmatched.tenant_code = named.tenant_code
            and unmatched.awb_no = named.awb_no

)

select * from final

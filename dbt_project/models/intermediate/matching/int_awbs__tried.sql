-- Observed AWBs beside each declared consignment that they may mean, by the attempt that finds it: the very
-- same number, its normal form, one trailing character less, a reference (ruling 17). One row per observed
-- AWB, consignment and attempt.
with

observed as (

    select * from {{ ref('int_awbs__observed') }}

),

consignment_rtvs as (

    select * from {{ ref('int_consignment_rtvs__declared') }}

),

events as (

    select * from {{ ref('stg_rtv__transporter_events') }}

),

declared as (

    select distinct
        consignment_key,
        tenant_code,
        transporter_code,
        awb_no,
        {{ normal_form('awb_no') }} as awb_normal
    from consignment_rtvs
    where awb_no is not null

),

referenced as (

    select distinct
        tenant_code,
        transporter_code,
        {{ normal_form('awb_no') }} as awb_normal,
        {{ normal_form('reference_no') }} as reference_normal
    from events
    where reference_no is not null

),

final as (

    select
        observed.observed_key,
        declared.consignment_key,
        1 as attempt
    from observed
    inner join declared
        on
            observed.tenant_code = declared.tenant_code
            and observed.awb_no = declared.awb_no
    where coalesce(observed.transporter_code = declared.transporter_code, true)
    union
    select
        observed.observed_key,
        declared.consignment_key,
        2 as attempt
    from observed
    inner join declared
        on
            observed.tenant_code = declared.tenant_code
            and observed.awb_normal = declared.awb_normal
    where coalesce(observed.transporter_code = declared.transporter_code, true)
    union
    select
        observed.observed_key,
        declared.consignment_key,
        3 as attempt
    from observed
    inner join declared
        on
            observed.tenant_code = declared.tenant_code
            and left(observed.awb_normal, -1) = declared.awb_normal
    where
        coalesce(observed.transporter_code = declared.transporter_code, true)
        and length(observed.awb_normal) >= 9
    union
    select
        observed.observed_key,
        declared.consignment_key,
        3 as attempt
    from observed
    inner join declared
        on
            observed.tenant_code = declared.tenant_code
            and observed.awb_normal = left(declared.awb_normal, -1)
    where
        coalesce(observed.transporter_code = declared.transporter_code, true)
        and length(declared.awb_normal) >= 9
    union
    select
        observed.observed_key,
        declared.consignment_key,
        4 as attempt
    from observed
    inner join referenced
        on
            observed.tenant_code = referenced.tenant_code
            and observed.awb_normal in (referenced.reference_normal, referenced.awb_normal)
    inner join declared
        on
            observed.tenant_code = declared.tenant_code
            and declared.awb_normal in (referenced.reference_normal, referenced.awb_normal)
    where
        coalesce(observed.transporter_code = declared.transporter_code, true)
        and coalesce(referenced.transporter_code = declared.transporter_code, true)

)

select * from final

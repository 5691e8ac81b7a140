-- Consignments seen on the way, at the gate or at the bay that no manifest names, under every number they
-- were seen by: spellings of one number, and one with a character behind it, are one (ruling 17). One row
-- per transporter and AWB as observed.
with

observed as (

    select * from {{ ref('int_awbs__observed') }}

),

matched as (

    select * from {{ ref('int_awbs__matched') }}

),

unmatched as (

    select
        observed.observed_key,
        observed.tenant_code,
        observed.transporter_code,
        observed.awb_no,
        coalesce(nullif(observed.awb_normal, ''), observed.awb_no) as awb_normal
    from observed
    left join matched
        on observed.observed_key = matched.observed_key
    where
        matched.observed_key is null
        and observed.is_on_return_leg

),

normals as (

    select distinct
        tenant_code,
        awb_normal
    from unmatched

),

rooted as (

    select
        unmatched.*,
        coalesce(shorter.awb_normal, unmatched.awb_normal) as awb_root
    from unmatched
    left join normals as shorter
        on
            unmatched.tenant_code = shorter.tenant_code
            and left(unmatched.awb_normal, -1) = shorter.awb_normal
            and length(unmatched.awb_normal) >= 9

),

-- A receipt or capture names no transporter: that of its own spelling, else of the number, counts.
carried as (

    select
        observed_key,
        tenant_code,
        awb_no,
        awb_normal,
        awb_root,
        transporter_code as observed_transporter_code,
        coalesce(
            transporter_code,
            min(transporter_code) over (partition by tenant_code, awb_no),
            min(transporter_code) over (partition by tenant_code, awb_normal),
            min(transporter_code) over (partition by tenant_code, awb_root)
        ) as transporter_code
    from rooted

),

-- The number as a transporter writes it, else the plainest spelling.
named as (

    select
        *,
        first_value(awb_no) over (
            partition by tenant_code, transporter_code, awb_root
            order by
                (observed_transporter_code is null) asc,
                length(awb_normal) asc,
                (awb_no = awb_normal) desc,
                length(awb_no) asc,
                awb_no asc
        ) as consignment_awb_no
    from carried

),

final as (

    select
        {{ surrogate_key(['tenant_code', 'transporter_code', 'consignment_awb_no']) }} as consignment_key,
        observed_key,
        tenant_code,
        transporter_code,
        consignment_awb_no as awb_no,
        observed_transporter_code,
        awb_no as observed_awb_no
    from named

)

select * from final

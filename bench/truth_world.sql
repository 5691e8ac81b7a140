-- The world of the benchmark, written straight into the raw tables. Every choice is a hash of a number and the seed,
-- so that a size and a seed give the same rows. Read with the settings bench.lines, bench.seed and bench.as_of.

create schema if not exists bench;

create or replace function bench.dice(number bigint, salt integer, sides bigint) returns bigint
immutable parallel safe language sql
return (hashint8extended(number, salt + 1000 * current_setting('bench.seed')::bigint) & 9223372036854775807) % sides;

-- An RTV holds 20 to 200 lines; one in twenty travels with the RTV before it.
create unlogged table bench.rtvs as
with sized as (
    select rtv_id, 20 + bench.dice(rtv_id, 1, 181) as wanted_count
    from generate_series(1, current_setting('bench.lines')::bigint / 60 + 20) as numbers (rtv_id)
), placed as (
    select
        rtv_id, wanted_count, sum(wanted_count) over (order by rtv_id)::bigint - wanted_count as first_line,
        rtv_id - (bench.dice(rtv_id, 2, 20) = 0 and rtv_id > 1)::integer as consignment_id
    from sized
), chosen as (
    select
        rtv_id, consignment_id, first_line,
        least(wanted_count, current_setting('bench.lines')::bigint - first_line) as line_count,
        1 + bench.dice(consignment_id, 3, 6) as platform_no,
        1 + bench.dice(consignment_id, 4, 4) as node_no,
        1 + bench.dice(consignment_id, 5, 4) as transporter_no,
        bench.dice(consignment_id, 6, 1000) as fate,
        current_setting('bench.as_of')::timestamptz
        - bench.dice(consignment_id, 7, 360 * 1440) * interval '1 minute' as created_at
    from placed
    where first_line < current_setting('bench.lines')::bigint
)
select
    chosen.*,
    'R' || lpad(rtv_id::text, 8, '0') as rtv_no,
    'AWB' || lpad(consignment_id::text, 9, '0') as awb_no,
    'PLATFORM-' || platform_no as platform_code,
    'CFA-' || node_no as node_code,
    'CARRIER-' || transporter_no as transporter_code,
    (line_count + 9) / 10 as carton_count,
    -- What a return too young has not reached yet: 1 picked up, 2 delivered, 3 at the gate, 4 opened.
    case
        when fate < 2 then 0
        when fate < 4 then 1
        else width_bucket(
            extract(epoch from current_setting('bench.as_of')::timestamptz - created_at) / 86400,
            array[3, 6, 7, 9]
        )
    end as reached,
    case when fate between 4 and 9 and line_count > 10 then 1 else 0 end as short_at_pickup,
    case when fate between 10 and 16 and line_count > 10 then 1 else 0 end as lost_in_transit,
    case when fate between 17 and 21 and line_count > 10 then 1 else 0 end as short_at_gate
from chosen;

-- The catalogue grows with the trade: so many lines a SKU, platform and year at every size.
create unlogged table bench.sizes as
select
    sku_count, dispatch_count, greatest(least(12, dispatch_count / (sku_count * 6)), 1) as batch_count
from (
    select
        wanted + (wanted % 7 = 0)::integer as sku_count,
        greatest(current_setting('bench.lines')::bigint / 4, wanted * 12) as dispatch_count
    from (select greatest(500, current_setting('bench.lines')::bigint / 500) as wanted) as wished
) as counted;

create unlogged table bench.lines as
select
    rtvs.first_line + place as line_id,
    rtvs.rtv_id,
    place,
    place / 10 as carton_index,
    'SKU-' || lpad(sku.id::text, 6, '0') as sku_code,
    (8000000000000 + sku.id)::text as gtin,
    (8000000000000 + (sku.id + 3) % sizes.sku_count)::text as other_gtin,
    100 + 5 * bench.dice(sku.id, 11, 180) as mrp,
    case when bench.dice(rtvs.first_line + place, 12, 6) > 0 then 'B' || (batch.id + 1) end as batch_no,
    1 + bench.dice(rtvs.first_line + place, 14, 6) as qty,
    case
        when place / 10 < rtvs.carton_count - rtvs.short_at_pickup - rtvs.lost_in_transit - rtvs.short_at_gate
            then bench.dice(rtvs.first_line + place, 15, 1000)
        else -1
    end as fate
from bench.rtvs
cross join bench.sizes
cross join lateral generate_series(0, rtvs.line_count - 1) as places (place)
cross join lateral (select (bench.dice(rtvs.rtv_id, 10, sizes.sku_count) + place * 7) % sizes.sku_count) as sku (id)
cross join lateral (select bench.dice(rtvs.first_line + place, 13, sizes.batch_count)) as batch (id);

analyze bench.rtvs, bench.lines;

insert into raw.parties (tenant_code, _file_id, _row_no, _key_hash, party_code, party_name, party_role)
select 'default', 1, row_number() over (order by code), md5(code)::uuid, code, code, role
from (
    select 'PLATFORM-' || n, 'platform' from generate_series(1, 6) as n
    union all select 'CARRIER-' || n, 'transporter' from generate_series(1, 4) as n
    union all values ('CFAS', 'cfa'), ('BRAND', 'brand')
) as parties (code, role);

insert into raw.nodes (
    tenant_code, _file_id, _row_no, _key_hash, node_code, node_name, node_role, party_code, timezone
)
select 'default', 1, row_number() over (order by code), md5(code)::uuid, code, code, role, party, 'Asia/Kolkata'
from (
    select 'FC-' || n, 'platform_fc', 'PLATFORM-' || n from generate_series(1, 6) as n
    union all select 'CFA-' || n, 'cfa', 'CFAS' from generate_series(1, 4) as n
) as nodes (code, role, party);

insert into raw.cameras (tenant_code, _file_id, _row_no, _key_hash, camera_code, node_code, bay_code)
select 'default', 1, n, md5('CAM-' || n)::uuid, 'CAM-' || n, 'CFA-' || n, 'BAY-1' from generate_series(1, 4) as n;

insert into raw.contracts_in_force (
    tenant_code, _file_id, _row_no, _key_hash, platform_code, effective_from, return_period_days, min_shelf_life_pct,
    lost_after_days, pickup_due_days, manifest_grace_days, weight_tolerance_pct, delivery_due_days, contract_ref
)
select 'default', 1, n, md5('contract' || n)::uuid, 'PLATFORM-' || n, '2020-01-01', 900, 30, 15, 12, 3, 2, 9, 'C-' || n
from generate_series(1, 6) as n;

insert into raw.claim_playbooks (
    tenant_code, _file_id, _row_no, _key_hash, party_code, claim_reason, clock_start_event, latest_days, reply_days,
    appeal_days, basis, rate_pct, tax_included, effective_from
)
select
    'default', 1, row_number() over (), md5(party || reason)::uuid, party, reason, 'delivered', 30, 10, 15,
    'invoice_price', 100, true, '2020-01-01'
from (
    select 'PLATFORM-' || n, r from generate_series(1, 6) as n,
        unnest(array['carton_short_at_pickup', 'unit_short', 'wrong_sku', 'damaged', 'debit_without_goods']) as r
    union all
    select 'CARRIER-' || n, r from generate_series(1, 4) as n,
        unnest(array['consignment_lost', 'carton_lost_in_transit', 'damaged', 'unit_short']) as r
) as terms (party, reason);

insert into raw.skus (
    tenant_code, _file_id, _row_no, _key_hash, sku_code, gtin, title, brand_code, category, mrp, unit_cost, gst_rate,
    shelf_life_days, case_pack_qty, is_kit
)
select
    'default', 1, id, md5('sku' || id)::uuid, 'SKU-' || lpad(id::text, 6, '0'), (8000000000000 + id)::text,
    'Article ' || id, 'BRAND', 'category ' || id % 12, 100 + 5 * bench.dice(id, 11, 180),
    (100 + 5 * bench.dice(id, 11, 180)) * 0.35, 18, 720, 12, false
from bench.sizes cross join lateral generate_series(0, sku_count - 1) as ids (id);

insert into raw.listings (tenant_code, _file_id, _row_no, _key_hash, platform_code, platform_sku, sku_code)
select
    'default', 1, row_number() over (), md5('listing' || n || sku_code)::uuid, 'PLATFORM-' || n,
    'P' || n || '-' || sku_code, sku_code
from raw.skus cross join generate_series(1, 6) as n;

-- Each SKU was sold to each platform batch by batch, all before the first return.
insert into raw.dispatches (
    tenant_code, _file_id, _row_no, _key_hash, invoice_no, invoice_line_no, invoice_on, po_no, platform_code,
    ship_from_node, ship_to_node, dispatched_at, sku_code, batch_no, expiry_on, qty, unit_price, gst_rate, mrp
)
select
    'default', 1, id, md5('dispatch' || id)::uuid, 'INV' || id / 20, (id % 20 + 1)::text, day, 'PO' || id / 100,
    'PLATFORM-' || platform_no, 'CFA-1', 'FC-' || platform_no, day || 'T10:00:00+05:30',
    'SKU-' || lpad((id % sku_count)::text, 6, '0'), 'B' || (batch + 1),
    current_setting('bench.as_of')::date + 400 + 20 * batch::integer,
    50 + bench.dice(id, 21, 150), mrp * 0.6, 18, mrp
from bench.sizes
cross join lateral generate_series(0, dispatch_count - 1) as ids (id)
cross join lateral (
    select
        1 + id / sku_count % 6 as platform_no,
        id / (sku_count * 6) % batch_count as batch,
        100 + 5 * bench.dice(id % sku_count, 11, 180) as mrp,
        current_setting('bench.as_of')::date - 365 - bench.dice(id / 20, 20, 355)::integer as day
) as chosen;

insert into raw.rtv_manifests (
    tenant_code, _file_id, _row_no, _key_hash, platform_code, rtv_no, revision_no, ownership_model, created_at,
    origin_node, destination_node, transporter_code, awb_no, declared_cartons, declared_weight_kg, line_no, carton_no,
    platform_sku, gtin, qty, unit_value, batch_no, reason_code
)
select
    'default', 1, line_id, md5('manifest' || line_id)::uuid, platform_code, rtv_no, 1,
    case when platform_no < 5 then 'outright' when platform_no = 5 then 'consignment' else 'own_stock' end,
    to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'FC-' || platform_no, node_code,
    transporter_code, awb_no, carton_count, carton_count * 8, (place + 1)::text,
    -- Two platforms of six name no cartons on their lines.
    case when platform_no < 5 then rtv_no || '-' || carton_index + 1 end,
    'P' || platform_no || '-' || sku_code, gtin, qty, mrp * 0.6, batch_no, 'unsold'
from bench.lines
inner join bench.rtvs using (rtv_id);

insert into raw.transporter_events (
    tenant_code, _file_id, _row_no, _key_hash, transporter_code, awb_no, event_at, leg, status, place, cartons,
    weight_kg, remark
)
select
    'default', 1, consignment_id * 4 + step, md5('event' || consignment_id || '-' || step)::uuid, transporter_code,
    awb_no, to_char((created_at + wait) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'rtv', status,
    case when step = 1 then 'FC-' || platform_no end, cartons, cartons * 8, remark
from (
    select
        consignment_id, min(transporter_code) as transporter_code, min(awb_no) as awb_no,
        min(created_at) as created_at, min(platform_no) as platform_no, min(reached) as reached, min(fate) as fate,
        sum(carton_count - short_at_pickup) as picked_up,
        sum(carton_count - short_at_pickup - lost_in_transit) as delivered
    from bench.rtvs
    group by consignment_id
) as consignments
cross join lateral (values
    (1, 'picked_up', interval '2 days', picked_up, null),
    (2, 'in_transit', interval '3 days', null, null),
    (3, 'delivered', interval '5 days', delivered, case when fate between 17 and 19 then 'box torn' end)
) as steps (step, status, wait, cartons, remark)
where step - (step = 3)::integer <= reached and (step <> 2 or reached > 1) and reached > 0;

insert into raw.gate_receipts (
    tenant_code, _file_id, _row_no, _key_hash, receipt_id, node_code, bay_code, camera_code, awb_no, handover_at,
    cartons_received, weight_kg, seal_state, operator_code
)
select
    'default', 1, consignment_id, md5('receipt' || consignment_id)::uuid, 'G' || consignment_id, min(node_code),
    'BAY-1', 'CAM-' || min(node_no), min(awb_no),
    to_char((min(created_at) + interval '5 days 1 hour') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    sum(carton_count - short_at_pickup - lost_in_transit - short_at_gate)
    + (min(fate) between 32 and 34)::integer,
    sum(carton_count - short_at_pickup - lost_in_transit - short_at_gate) * 8,
    case when min(fate) between 22 and 31 then 'broken' else 'intact' end, 'OP-1'
from bench.rtvs
where reached >= 3
group by consignment_id;

-- One capture a carton; two in three name the RTV, the others only the AWB.
insert into raw.qc_captures (
    tenant_code, _file_id, _row_no, _key_hash, capture_id, node_code, bay_code, station_code, operator_code, awb_no,
    rtv_no, carton_no, started_at, ended_at, is_last_carton, video_uri, video_sha256, video_started_at,
    video_duration_seconds
)
select
    'default', 1, rtv_id * 32 + carton, md5('capture' || rtv_id || '-' || carton)::uuid, 'C' || rtv_id || '-' || carton,
    node_code, 'BAY-1', 'STATION-1', 'OP-1', awb_no, case when bench.dice(rtv_id, 30, 3) > 0 then rtv_no end,
    rtv_no || '-' || carton + 1, started_at, ended_at,
    carton = carton_count - short_at_pickup - lost_in_transit - short_at_gate - 1
    and rtv_id = max(rtv_id) over (partition by consignment_id),
    'film/' || rtv_id || '.mp4', repeat('0', 64), started_at, 600
from bench.rtvs
cross join lateral generate_series(0, carton_count - short_at_pickup - lost_in_transit - short_at_gate - 1)
    as cartons (carton)
cross join lateral (
    select
        to_char(opened at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as started_at,
        to_char((opened + interval '10 minutes') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as ended_at
    from (select created_at + interval '6 days' + carton * interval '12 minutes') as times (opened)
) as written
where reached >= 4;

-- A line's sound units are one item; what is wrong with one of them is an item of its own.
insert into raw.qc_capture_items (
    tenant_code, _file_id, _row_no, _position, capture_id, item_no, scanned_code, qty, grade, defects, damage_cause,
    batch_no, expiry_on, mrp, seal_state, seen_at
)
select
    'default', 1, rtv_id * 32 + carton_index, place % 10 * 2 + part, 'C' || rtv_id || '-' || carton_index,
    place % 10 * 2 + part,
    case
        when lines.fate between 35 and 39 then other_gtin
        when lines.fate between 40 and 42 and part = 2 then '4009999' || lpad((line_id % 1000000)::text, 6, '0')
        when line_id % 10 = 0 then '(01)0' || gtin || '(10)' || coalesce(batch_no, 'B1')
        else gtin
    end,
    items.qty,
    case when lines.fate between 20 and 34 and part = 2 then 'C' else 'A' end,
    case when lines.fate between 20 and 34 and part = 2 then 'damaged' when lines.fate between 48 and 50 and part = 2 then 'used' end,
    case
        when lines.fate between 20 and 27 and part = 2 then 'carton' when lines.fate between 28 and 34 and part = 2 then 'storage'
    end,
    case when lines.fate between 51 and 53 and part = 2 then 'NEVER-SENT' else batch_no end,
    case when lines.fate between 43 and 47 and part = 2 then created_at::date + 100 end,
    case when lines.fate between 54 and 56 and part = 2 then mrp + 7 else mrp end,
    'intact', to_char((created_at + interval '6 days') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
from bench.lines
inner join bench.rtvs using (rtv_id)
cross join lateral (values
    (1, lines.qty - (lines.fate < 15 or lines.fate between 20 and 34 or lines.fate between 43 and 56)::integer),
    (2, (lines.fate between 15 and 34 or lines.fate between 40 and 56)::integer)
) as items (part, qty)
where reached >= 4 and lines.fate >= 0 and lines.fate not between 57 and 64 and items.qty > 0;

-- Four platforms debit what they declare; one debit line in two hundred is dearer, one in two hundred wrongly taxed.
insert into raw.debit_notes (
    tenant_code, _file_id, _row_no, _key_hash, platform_code, debit_note_no, debited_on, rtv_no, line_no, platform_sku,
    qty, unit_value, tax_amount, total_amount
)
select
    'default', 1, line_id, md5('debit' || line_id)::uuid, platform_code, 'DN-' || rtv_no,
    (created_at + interval '8 days')::date, rtv_no, (place + 1)::text, 'P' || platform_no || '-' || sku_code, qty,
    unit_value, tax_amount, qty * unit_value + tax_amount
from bench.lines
inner join bench.rtvs using (rtv_id)
cross join lateral (select mrp * 0.6 + (bench.dice(line_id, 40, 200) = 0)::integer) as prices (unit_value)
cross join lateral (
    select round(qty * unit_value * case when bench.dice(line_id, 41, 200) = 0 then 0.28 else 0.18 end, 2)
) as taxes (tax_amount)
where platform_no < 5 and created_at < current_setting('bench.as_of')::timestamptz - interval '8 days';

-- History is closed: what is older than two months has been credited.
insert into raw.credit_notes (
    tenant_code, _file_id, _row_no, _key_hash, credit_note_no, credited_on, party_code, line_no, debit_note_no, rtv_no,
    sku_code, qty, value_amount, tax_amount
)
select
    'default', 1, line_id, md5('credit' || line_id)::uuid, 'CN-' || rtv_no, (created_at + interval '40 days')::date,
    platform_code, (place + 1)::text, 'DN-' || rtv_no, rtv_no, sku_code, qty, qty * mrp * 0.6,
    round(qty * mrp * 0.6 * 0.18, 2)
from bench.lines
inner join bench.rtvs using (rtv_id)
where platform_no < 5 and created_at < current_setting('bench.as_of')::timestamptz - interval '60 days';

-- What a collector took over at a dock is seen at once too.
alter table ops.bay_activity drop constraint bay_activity_activity_kind_check;
alter table ops.bay_activity add constraint bay_activity_activity_kind_check
    check (activity_kind in ('capture', 'gate_receipt', 'pickup'));

-- What an item looks like, one picture an item: docs/adr/0072. The bytes stand in the object store.
create table ops.item_pictures (
    tenant_code text not null,
    sku_code text not null,
    picture_sha256 text not null check (picture_sha256 ~ '^[0-9a-f]{64}$'),   -- of the small picture that is served
    object_key text not null,
    added_at timestamptz not null,
    primary key (tenant_code, sku_code)
);
create index item_pictures_by_hash on ops.item_pictures (tenant_code, picture_sha256);

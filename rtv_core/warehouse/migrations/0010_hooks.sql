-- Pushed messages by the id that their sender signs; kept for ever, since a sender may replay after months.
create table ops.hook_messages (
    hook_name text not null,
    message_id text not null,
    file_id bigint not null references ops.files (file_id),
    received_at timestamptz not null,
    primary key (hook_name, message_id)
);

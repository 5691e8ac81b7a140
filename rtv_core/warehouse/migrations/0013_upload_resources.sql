-- What tus asks of an upload's address: its metadata as it was sent, and that it may be given up when complete.
alter table ops.uploads
add column upload_metadata text,                -- Upload-Metadata as the client wrote it
add column terminated_at timestamptz;           -- the address is gone; the bytes, and what names them, stay

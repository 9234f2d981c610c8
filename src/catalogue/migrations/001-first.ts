import { type Kysely, type Migration, sql } from 'kysely';

/**
 * Tenants, keys, videos, generations, uploads and the outbox. Frozen: what comes later is a new migration.
 *
 * Ids compare by bytes (collate "C"), so that paging has the same order on every server. Times have milliseconds, as the
 * ISO texts that clients send back as cursors have.
 *
 * Tenancy is in the keys: an upload or an event names (video, tenant) together, so none can point into another tenant.
 *
 * `events.position` is given by a trigger that runs in COMMIT itself, under one lock that is held until the commit is
 * visible. With a plain identity a number is drawn at INSERT: a slow transaction then shows row 5 after a reader has
 * already seen row 6 and moved on, and row 5 is never read. Here positions rise in the order in which commits become
 * visible, and the lock is held by the server for one flush to disk, never by a client that may be paused in mid-transaction.
 */
export const first: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table tenants (
    id text collate "C" primary key,
    name text not null,
    created_at timestamptz(3) not null default now()
  )`,

  `create table api_keys (
    id text collate "C" primary key,
    tenant_id text collate "C" not null references tenants,
    secret_hash text not null check (secret_hash ~ '^[0-9a-f]{64}$'),
    name text not null,
    scopes text[] not null default '{uploads:write,videos:read,videos:write}',
    created_at timestamptz(3) not null default now(),
    expires_at timestamptz(3),
    revoked_at timestamptz(3),
    last_used_at timestamptz(3)
  )`,
  'create index api_keys_by_tenant on api_keys (tenant_id, created_at desc)',

  `create table videos (
    id text collate "C" primary key,
    tenant_id text collate "C" not null references tenants,
    name text not null,
    content_type text not null,
    source_size_bytes bigint not null check (source_size_bytes >= 0),
    source_key text not null,
    state text not null constraint videos_state check
      (state in ('waiting', 'uploading', 'queued', 'preparing', 'review', 'ready', 'errored', 'cancelled', 'deleted')),
    playable boolean not null,
    progress jsonb not null,
    failure_code text,
    failure_message text,
    generation integer not null check (generation >= 0),
    live_generation integer,
    duration_ms bigint,
    width integer,
    height integer,
    poster_key text,
    storyboard_key text,
    passthrough text,
    metadata jsonb not null default '{}',
    version bigint not null check (version >= 1),
    event_sequence bigint not null check (event_sequence >= 0),
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    uploaded_at timestamptz(3),
    playable_at timestamptz(3),
    published_at timestamptz(3),
    deleted_at timestamptz(3),
    unique (id, tenant_id),
    check (live_generation between 1 and generation),
    check (state <> 'ready' or live_generation is not null),
    check (state <> 'errored' or failure_code is not null),
    check ((failure_code is null) = (failure_message is null)),
    check ((state = 'deleted') = (deleted_at is not null))
  )`,
  'create index videos_newest on videos (tenant_id, created_at desc, id desc)',

  `create table uploads (
    id text collate "C" primary key,
    tenant_id text collate "C" not null,
    video_id text collate "C" not null,
    state text not null constraint uploads_state check
      (state in ('waiting', 'uploading', 'completed', 'expired', 'cancelled', 'errored')),
    file_name text not null,
    content_type text not null,
    size_bytes bigint not null check (size_bytes >= 0),
    part_size_bytes bigint not null check (part_size_bytes > 0),
    key text not null unique,
    multipart_id text,
    fingerprint text,
    source_size_bytes bigint,
    source_etag text,
    failure_code text,
    failure_message text,
    expires_at timestamptz(3) not null,
    created_at timestamptz(3) not null,
    completed_at timestamptz(3),
    closed_at timestamptz(3),
    foreign key (video_id, tenant_id) references videos (id, tenant_id),
    check ((state in ('waiting', 'uploading')) = (closed_at is null)),
    check ((state = 'completed') = (completed_at is not null)),
    check ((state = 'completed') = (source_etag is not null and source_size_bytes is not null)),
    check (state <> 'errored' or failure_code is not null),
    check ((failure_code is null) = (failure_message is null))
  )`,
  'create index uploads_by_video on uploads (video_id)',
  `create index uploads_open_by_fingerprint on uploads (tenant_id, fingerprint) where closed_at is null`,

  `create table generations (
    video_id text collate "C" not null references videos,
    generation integer not null check (generation >= 1),
    upload_id text collate "C" not null references uploads,
    state text not null constraint generations_state check
      (state in ('queued', 'preparing', 'review', 'published', 'errored', 'cancelled')),
    plan jsonb,
    failure_code text,
    failure_message text,
    report_key text,
    summary jsonb,
    created_at timestamptz(3) not null,
    playable_at timestamptz(3),
    settled_at timestamptz(3),
    primary key (video_id, generation),
    check ((state in ('queued', 'preparing', 'review')) = (settled_at is null)),
    check ((state = 'published') = (report_key is not null and summary is not null)),
    check (state <> 'errored' or failure_code is not null),
    check ((failure_code is null) = (failure_message is null))
  )`,
  'create index generations_by_upload on generations (upload_id)',
  'alter table videos add foreign key (id, live_generation) references generations (video_id, generation)',

  `create table events (
    id text collate "C" primary key,
    position bigint unique,
    tenant_id text collate "C" not null,
    video_id text collate "C" not null,
    sequence bigint not null check (sequence >= 1),
    type text not null,
    data jsonb not null,
    created_at timestamptz(3) not null,
    unique (video_id, sequence),
    foreign key (video_id, tenant_id) references videos (id, tenant_id)
  )`,
  'create index events_by_tenant on events (tenant_id, position)',

  // "cache 1": a session that keeps numbers in stock would give them out of order.
  'create sequence event_positions as bigint cache 1 owned by events.position',
  `create function give_event_position() returns trigger language plpgsql as $$
  begin
    perform pg_advisory_xact_lock(hashtextextended('reelmill.event_positions', 0));
    update events set position = nextval('event_positions') where id = new.id;
    return null;
  end $$`,
  `create constraint trigger give_event_position after insert on events
    deferrable initially deferred for each row execute function give_event_position()`,
];

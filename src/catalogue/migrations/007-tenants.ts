import { type Kysely, type Migration, sql } from 'kysely';

/**
 * Tiers and what tenants use of them, the audit, and what is remembered of requests with an Idempotency-Key. Frozen.
 *
 * Tenants that are there already keep what they had: no limits. Days are texts ("2026-11-21", UTC): no session's time zone can
 * move them. Neither the audit nor a request refers to the rows it is about: both outlive them.
 */
export const tenants: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table tiers (
    name text collate "C" primary key,
    requests_per_s double precision check (requests_per_s > 0),
    requests_burst integer check (requests_burst >= 1),
    open_uploads integer check (open_uploads >= 0),
    bytes_per_day bigint check (bytes_per_day >= 0),
    encode_minutes_per_day integer check (encode_minutes_per_day >= 0),
    check ((requests_per_s is null) = (requests_burst is null))
  )`,
  "insert into tiers (name) values ('unlimited')",
  "insert into tiers values ('standard', 50, 200, 100, 1000000000000, 6000)",

  `alter table tenants
    add tier text collate "C" not null default 'unlimited' references tiers,
    add open_uploads integer not null default 0`,
  `update tenants set open_uploads = (select count(*) from uploads where tenant_id = tenants.id and closed_at is null)`,

  `create table spending (
    tenant_id text collate "C" not null references tenants,
    day text not null check (day ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
    bytes bigint not null default 0,
    encode_ms bigint not null default 0,
    primary key (tenant_id, day)
  )`,
  `insert into spending (tenant_id, day, bytes)
    select tenant_id, to_char(created_at at time zone 'utc', 'YYYY-MM-DD'), sum(coalesce(source_size_bytes, size_bytes, 0))
    from uploads where closed_at is null or state = 'completed' group by 1, 2`,

  "alter table api_keys add mode text not null default 'live' constraint api_keys_mode check (mode in ('live', 'test'))",
  // Keys that may do everything may do this too.
  `update api_keys set scopes = array_append(scopes, 'webhooks:write')
    where scopes @> '{uploads:write,videos:read,videos:write,ops}' and not scopes @> '{webhooks:write}'`,

  `create table audit (
    position bigint generated always as identity primary key,
    tenant_id text collate "C" not null,
    key_id text not null,
    route text not null,
    target_id text,
    request_id text not null,
    at timestamptz(3) not null default clock_timestamp()
  )`,
  'create index audit_by_tenant on audit (tenant_id, position desc)',

  `create table requests (
    tenant_id text collate "C" not null,
    key_hash text not null check (key_hash ~ '^[0-9a-f]{64}$'),
    request_hash text not null,
    owner text not null,
    leased_until timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    target_id text,
    answer text check (length(answer) <= 400000),
    primary key (tenant_id, key_hash)
  )`,
  'create index requests_by_end on requests (expires_at)',
];

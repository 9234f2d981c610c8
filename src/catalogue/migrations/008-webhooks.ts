import { type Kysely, type Migration, sql } from 'kysely';

/**
 * The outbox says that it has grown, and who calls back.
 *
 * The trigger's notification carries nothing and is delivered once a transaction, when its commit is visible: whoever
 * hears it reads the outbox from the position that it knows. Commits that write events stand in line for their positions
 * already (first migration), so the lock that NOTIFY takes in COMMIT costs no more waiting.
 *
 * A webhook's `position` is how far the outbox has been taken over into `deliveries` for it; both move in one transaction.
 * A delivery's key is (webhook, event): an event cannot be taken twice. Its `position` orders it within its `line`, which is
 * its video. `wake_at` is when somebody has to look at the webhook next, whatever else is known of it.
 */
export const webhooks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create function tell_of_events() returns trigger language plpgsql as $$
  begin
    perform pg_notify('reelmill_events', '');
    return null;
  end $$`,
  'create trigger tell_of_events after insert on events for each statement execute function tell_of_events()',
  'create index events_by_video on events (video_id, position)',

  `create table webhooks (
    id text collate "C" primary key,
    tenant_id text collate "C" not null references tenants,
    url text not null,
    description text not null,
    event_types text[] not null,
    state text not null constraint webhooks_state check (state in ('enabled', 'disabled')),
    disabled_reason text,
    secret text not null,
    former_secret text,
    former_secret_until timestamptz(3),
    position bigint not null check (position >= 0),
    failing_since timestamptz(3),
    wake_at timestamptz(3),
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    check ((former_secret is null) = (former_secret_until is null)),
    check ((state = 'disabled') = (disabled_reason is not null))
  )`,
  `create index webhooks_to_wake on webhooks (wake_at) where state = 'enabled'`,
  'create index webhooks_by_tenant on webhooks (tenant_id, created_at desc, id desc)',

  `create table deliveries (
    webhook_id text collate "C" not null references webhooks on delete cascade,
    event_id text collate "C" not null,
    line text collate "C" not null,
    type text not null,
    position bigint not null,
    state text not null constraint deliveries_state check (state in ('pending', 'delivered', 'failed')),
    tries integer not null check (tries >= 0),
    sent integer not null check (sent >= tries),
    log jsonb not null default '[]',
    next_at timestamptz(3),
    created_at timestamptz(3) not null,
    settled_at timestamptz(3),
    primary key (webhook_id, event_id),
    check ((state = 'pending') = (next_at is not null)),
    check ((state = 'pending') = (settled_at is null))
  )`,
  `create index deliveries_pending on deliveries (webhook_id, line, position) where state = 'pending'`,
  'create index deliveries_newest on deliveries (webhook_id, created_at desc, event_id desc)',
];

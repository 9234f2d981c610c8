import { type Command, InvalidArgumentError, Option } from 'commander';
import { CLIENT_SCOPES, SCOPES, type Scope } from '../src/domain/scopes.js';
import { TRUNCATED_POLICIES, type TruncatedPolicy } from '../src/domain/truncation.js';
import { type CommonOptions, common, commonOf, type Flags, wholeNumber } from './common-options.js';

/** What an operator asks for. */
export type OpsWish = KeysWish | TenantsWish | ReviewWish;

export type KeysWish = { readonly command: 'keys' } & CommonOptions &
  (
    | {
        readonly act: 'create';
        readonly tenant: string;
        readonly name: string;
        readonly mode: 'live' | 'test';
        readonly scopes: readonly Scope[];
        readonly expiresDays?: number;
      }
    | { readonly act: 'list'; readonly tenant: string }
    | { readonly act: 'revoke'; readonly key: string }
  );

export type TenantsWish = { readonly command: 'tenants' } & CommonOptions &
  (
    | { readonly act: 'create'; readonly tenant: string; readonly name: string; readonly tier?: string; readonly quotaBytes?: number }
    | {
        readonly act: 'change';
        readonly tenant: string;
        readonly name?: string;
        readonly tier?: string;
        readonly quotaBytes?: number;
        readonly damagedSources?: TruncatedPolicy;
      }
    | { readonly act: 'list' }
  );

export type ReviewWish = { readonly command: 'review' } & CommonOptions &
  (
    | { readonly act: 'list'; readonly tenant?: string }
    | { readonly act: 'resolve'; readonly id: string; readonly action: ReviewAction; readonly note?: string }
  );

const REVIEW_ACTIONS = ['retry', 'reject'] as const;
type ReviewAction = (typeof REVIEW_ACTIONS)[number];

const GB = 1_000_000_000;

/** `reelmill keys …`, `tenants …` and `review …`: the API key that is used needs the scope "ops". */
export function addOpsCommands(program: Command, take: (wish: OpsWish) => void): void {
  const keys = program.command('keys').description('API keys: create, list, revoke. Needs a key with the scope "ops".');
  common(keys.command('create').argument('<tenant>', 'id of the tenant', aTenant))
    .description('Make a key. It is shown this once.')
    .requiredOption('--name <name>', 'what it is for; two of one name may be live: the old one, and the one that takes its place')
    .option('--scopes <scopes>', `separated by commas: ${SCOPES.join(', ')}`, scopes, [...CLIENT_SCOPES])
    .option('--test', 'rm_test_… in place of rm_live_…', false)
    .option('--expires <days>', 'it opens nothing after so many days', wholeNumber(1, 3650))
    .action((tenant: string, options: Flags & { name: string; scopes: Scope[]; test: boolean; expires?: number }) => {
      const { name, test, expires } = options;
      const end = expires === undefined ? {} : { expiresDays: expires };
      take({ command: 'keys', act: 'create', tenant, name, mode: test ? 'test' : 'live', scopes: options.scopes, ...end, ...commonOf(options) });
    });
  common(keys.command('list').argument('<tenant>', 'id of the tenant', aTenant))
    .description('Keys of a tenant, newest first.')
    .action((tenant: string, options: Flags) => take({ command: 'keys', act: 'list', tenant, ...commonOf(options) }));
  common(keys.command('revoke').argument('<id>', 'id of the key: what stands behind rm_live_ or rm_test_', aKeyId))
    .description('End a key, for good.')
    .action((key: string, options: Flags) => take({ command: 'keys', act: 'revoke', key, ...commonOf(options) }));

  const tenants = program.command('tenants').description('Tenants: create, change, list. Needs a key with the scope "ops".');
  common(tenants.command('create').argument('<id>', 'letters, digits, "-" and "_"', aTenant))
    .description('Make a tenant.')
    .option('--name <name>', 'for people (default: the id)')
    .option('--tier <tier>', 'what it may use (default: standard)')
    .option('--quota <GB>', 'what it may hold in all (default: no limit)', wholeNumber(0, 9_000_000))
    .action((tenant: string, options: Flags & { name?: string; tier?: string; quota?: number }) => {
      const { name = tenant, tier, quota } = options;
      const limits = { ...(tier === undefined ? {} : { tier }), ...(quota === undefined ? {} : { quotaBytes: quota * GB }) };
      take({ command: 'tenants', act: 'create', tenant, name, ...limits, ...commonOf(options) });
    });
  common(tenants.command('change').argument('<id>', 'id of the tenant', aTenant))
    .description('Change what is named of a tenant, and nothing else.')
    .option('--name <name>', 'for people')
    .option('--tier <tier>', 'what it may use')
    .option('--quota <GB>', 'what it may hold in all', wholeNumber(0, 9_000_000))
    .addOption(new Option('--damaged <policy>', 'what becomes of its sources that are cut or damaged').choices(TRUNCATED_POLICIES))
    .action((tenant: string, options: Flags & { name?: string; tier?: string; quota?: number; damaged?: TruncatedPolicy }) => {
      const { name, tier, quota, damaged } = options;
      const named = { ...(name === undefined ? {} : { name }), ...(tier === undefined ? {} : { tier }) };
      const limits = { ...(quota === undefined ? {} : { quotaBytes: quota * GB }), ...(damaged === undefined ? {} : { damagedSources: damaged }) };
      take({ command: 'tenants', act: 'change', tenant, ...named, ...limits, ...commonOf(options) });
    });
  common(tenants.command('list'))
    .description('Tenants, by id.')
    .action((options: Flags) => take({ command: 'tenants', act: 'list', ...commonOf(options) }));

  const review = program.command('review').description('Videos that wait for a person: list, resolve. Needs a key with the scope "ops".');
  common(review.command('list'))
    .description('Videos in review, who waits longest first.')
    .option('--tenant <id>', 'only those of this tenant', aTenant)
    .action((options: Flags & { tenant?: string }) => {
      const tenant = options.tenant === undefined ? {} : { tenant: options.tenant };
      take({ command: 'review', act: 'list', ...tenant, ...commonOf(options) });
    });
  common(review.command('resolve').argument('<id>', 'a video (vid_…)', aVideo).argument('<action>', REVIEW_ACTIONS.join(' or '), anAction))
    .description('Decide on a video in review.')
    .option('--note <text>', 'why, for the record')
    .action((id: string, action: ReviewAction, options: Flags & { note?: string }) => {
      const note = options.note === undefined ? {} : { note: options.note };
      take({ command: 'review', act: 'resolve', id, action, ...note, ...commonOf(options) });
    });
}

function aVideo(text: string): string {
  if (!/^vid_[0-9a-f]{32}$/.test(text)) throw new InvalidArgumentError('The id of a video is vid_ and 32 hex digits.');
  return text;
}

function anAction(text: string): ReviewAction {
  const known = REVIEW_ACTIONS.find((action) => action === text);
  if (known === undefined) throw new InvalidArgumentError(`There is no action "${text}": ${REVIEW_ACTIONS.join(' or ')}.`);
  return known;
}

function aTenant(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(text)) throw new InvalidArgumentError('A tenant id has 1 to 63 letters, digits, "-" and "_".');
  return text;
}

/** A whole key would end in the shell's history. */
function aKeyId(text: string): string {
  if (!/^[A-Za-z0-9]{1,64}$/.test(text))
    throw new InvalidArgumentError('The id of a key, not the key: what stands between its second and its third "_".');
  return text;
}

function scopes(text: string): Scope[] {
  return text.split(',').map((word) => {
    const known = SCOPES.find((scope) => scope === word.trim());
    if (known === undefined) throw new InvalidArgumentError(`There is no scope "${word.trim()}".`);
    return known;
  });
}

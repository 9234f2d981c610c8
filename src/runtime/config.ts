/**
 * The only reader of the environment. One row a variable: what it is, its unit, its default. A wrong start lists every
 * fault at once. `npm start` fills all of this for a laptop; a production set-up fills it from its own secrets.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { PipelineError } from '../domain/errors.js';
import { SIZE_CLASSES } from '../domain/size-class.js';

const port = z.coerce.number().int().min(0).max(65_535);
const count = z.coerce.number().int().positive();
const url = z.url();

/** Where webhooks may lead: `any` takes http, and addresses of this machine and its networks too; for laptops and tests. */
const webhookTargets = z.enum(['public', 'any']).default('public');

const common = {
  /** host:port of the Temporal frontend. */
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s/]+:\d+$/, 'host:port')
    .default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  /** PEM of a client certificate and key, or an API key, for a Temporal service that wants one. */
  TEMPORAL_TLS_CERT: z.string().optional(),
  TEMPORAL_TLS_KEY: z.string().optional(),
  TEMPORAL_API_KEY: z.string().optional(),
  /** S3 as this process reaches it. */
  S3_ENDPOINT: url.optional(),
  S3_REGION: z.string().min(1).default('us-east-1'),
  S3_BUCKET: z.string().min(3).default('reelmill'),
  /** Absent: the AWS SDK's own chain (instance role, profile). */
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
} as const;

const schemas = {
  api: z.object({
    ...common,
    DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'postgres://user:password@host:port/database'),
    API_HOST: z.string().default('127.0.0.1'),
    API_PORT: port.default(8080),
    /** The API as clients reach it, without a slash at the end; stands in the URLs that answers carry. Default: what the request's Host says. */
    API_PUBLIC_URL: url.optional(),
    /** S3 as clients reach it: presigned URLs carry this host. Default: S3_ENDPOINT. */
    S3_PUBLIC_ENDPOINT: url.optional(),
    /** Where players get media from; keys are appended. Default: the bucket itself. */
    CDN_BASE_URL: url.optional(),
    /** Comma-separated origins that browsers may upload from; * for all. */
    CORS_ORIGINS: z.string().default('*'),
    /** Life of an upload session after its client's last activity, seconds; seven days after its creation it ends in any case. */
    UPLOAD_TTL_S: count.max(7 * 86_400).default(86_400),
    /** Life of a presigned part URL, seconds. */
    PART_URL_TTL_S: count.max(3600).default(900),
    /**
     * redis://[user:password@]host:port: where the processes of the API share the buckets of their rate limits. Nothing else is kept
     * there. Absent, or away: each process limits by itself.
     */
    REDIS_URL: z
      .string()
      .regex(/^rediss?:\/\/./, 'redis://host:port or rediss://host:port')
      .optional(),
    /** Seconds between SIGTERM and the last connection that is taken, so that load balancers see /readyz first. */
    API_DRAIN_S: z.coerce.number().min(0).max(300).default(0),
    /**
     * How many proxies of yours stand in front of the API, each of which appends to X-Forwarded-For: so many of its last addresses are
     * believed. Only for counting wrong keys by address.
     */
    API_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
    /** What scrapers send as "Authorization: Bearer …" to /metrics. Absent: /metrics answers callers on this machine only. */
    METRICS_TOKEN: z.string().min(16).optional(),
    /** What the store's events carry: the header X-Reelmill-Events-Secret, or the password in the URL. Absent: events are not taken. */
    EVENTS_SECRET: z.string().min(16).optional(),
    /**
     * Signs the addresses that a browser uploads to without a key. At least 32 characters, best from `openssl rand -hex 32`;
     * several separated by commas: the first signs, all are taken, so a new one is put in front and the old one removed a
     * week later. Lost: the addresses that are out stop working, nothing else.
     */
    UPLOAD_TOKEN_SECRET: z
      .string('at least 32 characters, e.g. from `openssl rand -hex 32`')
      .transform((text) => text.split(',').map((word) => word.trim()))
      .pipe(z.array(z.string().min(32, 'each at least 32 characters, e.g. from `openssl rand -hex 32`')).min(1)),
    WEBHOOK_TARGETS: webhookTargets,
    /** Days that rows of the audit are kept. */
    AUDIT_KEEP_DAYS: count.max(36_500).default(400),
    /** Days that the log of a webhook keeps a delivery after its end. What is still to be delivered stays. */
    DELIVERIES_KEEP_DAYS: count.max(36_500).default(30),
    /** A key that is put into the catalogue at start, for development: rm_test_<id>_<secret>. */
    DEV_API_KEY: z.string().optional(),
  }),
  control: z.object({
    ...common,
    DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'postgres://user:password@host:port/database'),
    WEBHOOK_TARGETS: webhookTargets,
    /** Calls to receivers of webhooks at a time: one per webhook, each for up to 8 of its events. */
    WEBHOOK_SLOTS: count.max(1_000).default(50),
    /** Encoder slots in the fleet: chunks are cut so that each slot gets several. */
    ENCODER_SLOTS: count.max(10_000).default(2),
    /** speed = x264 veryfast, quality = medium. */
    ENCODE_PRESET: z.enum(['speed', 'quality']).default('speed'),
    WORKFLOW_CACHE: count.default(200),
    /** Seconds between two runs of reconciling. */
    RECONCILE_EVERY_S: count.max(86_400).default(60),
    /** Multiparts, objects and generations younger than this are left alone by reconciling, seconds. */
    RECONCILE_GRACE_S: count.default(3600),
    /** An open upload or an unsettled video may be without a workflow this long, seconds: between a row and its workflow lie moments. */
    RECONCILE_START_GRACE_S: count.default(30),
    /** An object under intake/ is taken in once it has stood unchanged this long, seconds. */
    INTAKE_SETTLE_S: count.default(5),
    /** Life of the session that takes in an object under intake/, seconds: the same variable as the API's. */
    UPLOAD_TTL_S: count.max(7 * 86_400).default(86_400),
    /**
     * Seconds after a deletion in which something of the video may still be written: by a client whose URL has not ended (PART_URL_TTL_S is
     * 3600 at the most), or by an encoder that is draining or cut off. The store is looked at until they are over.
     */
    LATE_WRITES_S: count.max(7 * 86_400).default(3900),
    /** Published generations of a video that are kept, the live one included: what can be gone back to. */
    KEEP_GENERATIONS: count.max(100).default(2),
    /** Seconds that a generation is kept at least once another one is live, whatever KEEP_GENERATIONS says: a film that somebody is in the middle of plays on. */
    KEEP_SUPERSEDED_S: count.default(86_400),
  }),
  encoder: z.object({
    ...common,
    FFMPEG_PATH: z.string().default('ffmpeg'),
    FFPROBE_PATH: z.string().default('ffprobe'),
    /** ffmpeg processes at a time in this worker: one per core. */
    ENCODER_SLOTS: count.max(256).default(1),
    /** Size classes of work that this worker takes, comma-separated: small (up to 720p), medium (up to 1440p), large. */
    ENCODER_SIZES: z
      .string()
      .default('small,medium,large')
      .transform((text) => text.split(',').map((word) => word.trim()))
      .pipe(z.array(z.enum(SIZE_CLASSES)).min(1)),
    /** Where a spot machine's notice is asked for, e.g. http://169.254.169.254; absent: only SIGTERM is a notice. */
    SPOT_NOTICE_URL: url.optional(),
    /** Folder for files in the making; swept at start. Not shared between workers. */
    SCRATCH_DIR: z.string().default(join(tmpdir(), 'reelmill-scratch')),
    /**
     * 1: where no sandbox can be made, ffmpeg runs as this process does, next to its credentials and its network: for your own
     * files only. Where one can be made it is used in any case.
     */
    ALLOW_UNSANDBOXED: z
      .enum(['0', '1'])
      .default('0')
      .transform((word) => word === '1'),
    /** Seconds between SIGTERM and the end; a spot notice gives 120. */
    DRAIN_S: count.default(100),
  }),
} as const;

export type ProcessName = keyof typeof schemas;
export type Config<P extends ProcessName> = z.output<(typeof schemas)[P]>;

/**
 * Reads the variables of one process.
 * @param noSandbox why there can be no sandbox on this machine; then ALLOW_UNSANDBOXED has to be 1
 * @throws PipelineError CONFIG_INVALID whose message lists every fault: variable, what is expected, what is there
 */
export function loadConfig<P extends ProcessName>(
  name: P,
  env: Readonly<Record<string, string | undefined>> = process.env,
  noSandbox: string | null = null,
): Config<P> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schemas[name].safeParse(present);
  // Behind the variable stands the place in a list.
  const issues = (parsed.error?.issues ?? []).map(({ path, message }) => ({ variable: String(path[0] ?? ''), message }));
  if (noSandbox !== null && present.ALLOW_UNSANDBOXED !== '1') issues.push({ variable: 'ALLOW_UNSANDBOXED', message: sandboxAdvice(noSandbox) });
  if (parsed.success && issues.length === 0) return parsed.data as Config<P>;
  const faults = issues.map(({ variable, message }) => {
    const got = present[variable];
    return `${variable}: ${message}; ${got === undefined ? 'it is not set' : `got "${secretive(variable, got)}"`}`;
  });
  throw new PipelineError('CONFIG_INVALID', { note: `(${name}) ${faults.join(' | ')}`, details: { faults } });
}

const secretive = (variable: string, value: string): string => (/SECRET|KEY|TOKEN|DATABASE_URL|REDIS_URL|CERT/.test(variable) ? '…' : value);

const sandboxAdvice = (why: string): string =>
  `ffmpeg cannot be shut in on this machine (${why}). Allow user namespaces to this process (docs/decisions/017), or set 1 to run ` +
  'ffmpeg without a sandbox, for your own files only';

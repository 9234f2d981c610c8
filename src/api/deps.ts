import type { Catalogue } from '../catalogue/catalogue.js';
import type { Logger } from '../runtime/logger.js';
import type { ObjectStore } from '../storage/object-store.js';
import type { Limiter } from './limiter.js';
import type { Pipeline } from './pipeline.js';

/** All that the API stands on. Adapters are chosen in main.ts and in tests, nowhere else. */
export interface ApiDeps {
  readonly catalogue: Catalogue;
  readonly store: ObjectStore;
  readonly pipeline: Pipeline;
  readonly logger: Logger;
  readonly config: ApiConfig;
  /** Buckets of requests; absent: this process's own memory. */
  readonly limiter?: Limiter;
  /** Now; tests turn it. */
  readonly clock?: () => Date;
  /** Steps of the start that are not done yet, by name: not ready before it is empty. */
  readonly pending?: () => readonly string[];
  /** Aborted when the process begins to stop: long polls end, connections are told to close. */
  readonly closing?: AbortSignal;
}

export interface ApiConfig {
  /** Version of the package. */
  readonly version: string;
  /** The API as clients reach it, no slash at the end; null: what the request's Host says. */
  readonly publicUrl: string | null;
  /** What media keys are appended to, no slash at the end. */
  readonly cdnBaseUrl: string;
  /** Origins that browsers may call from; `*` alone for all. */
  readonly corsOrigins: readonly string[];
  /** Life of an upload session after its client's last activity, seconds. */
  readonly uploadTtlS: number;
  /** Life of a presigned part URL, seconds. */
  readonly partUrlTtlS: number;
  /** What opens /metrics; null: callers on this machine only. */
  readonly metricsToken?: string | null;
  /** What the store's events carry; null: none are taken. */
  readonly eventsSecret?: string | null;
  /** Proxies of ours in front of the API, whose word in X-Forwarded-For is believed; absent: none. */
  readonly proxies?: number;
  /** Where webhooks may lead. */
  readonly webhookTargets?: 'public' | 'any';
  /** Sign the tokens of uploads: the first one; all of them are taken. At least one. */
  readonly uploadTokenSecrets: readonly string[];
}

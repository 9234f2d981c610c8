import type { ParameterizedContext } from 'koa';
import type { Scope } from '../domain/scopes.js';

/** Who calls: from the API key. */
export interface Caller {
  readonly tenantId: string;
  readonly keyId: string;
  readonly scopes: readonly Scope[];
}

/** What middleware knows of one request. */
export interface ApiState {
  requestId: string;
  caller?: Caller;
  /** It belongs to an upload that has begun: neither limited nor turned away. */
  underWay?: boolean;
  /** From here on it only waits: its place is free for others. */
  giveUpPlace?: () => void;
  /** Aborted when the client is gone, where somebody has asked for it. */
  gone?: AbortSignal;
  /** Pattern of the route that answered, and the ids in its path: for the access log. */
  route?: string;
  ids?: Readonly<Record<string, string>>;
}

export type ApiContext = ParameterizedContext<ApiState>;
export type Next = () => Promise<unknown>;

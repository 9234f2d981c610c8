/** What an API key may do. `ops`: act on all tenants and see figures of all of them; it holds none of the others. */
export const SCOPES = ['uploads:write', 'videos:read', 'videos:write', 'webhooks:write', 'ops'] as const;
export type Scope = (typeof SCOPES)[number];

/** What a key gets that was made without saying more; the table's default says the same. */
export const CLIENT_SCOPES: readonly Scope[] = ['uploads:write', 'videos:read', 'videos:write'];

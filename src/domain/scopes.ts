/** What an API key may do. `ops`: see figures of all tenants. */
export const SCOPES = ['uploads:write', 'videos:read', 'videos:write', 'ops'] as const;
export type Scope = (typeof SCOPES)[number];

/** What a key gets that was made without saying more; the table's default says the same. */
export const CLIENT_SCOPES: readonly Scope[] = ['uploads:write', 'videos:read', 'videos:write'];

/** Who asked for a write, and with which request. */
export interface AuditStamp {
  /** The tenant that the key belongs to, which for an operator is not the one that is acted on. */
  readonly tenantId: string;
  readonly keyId: string;
  /** The operation, as the API's description names it. */
  readonly route: string;
  readonly requestId: string;
}

/** One line of the audit: never changed, and kept for as long as AUDIT_KEEP_DAYS says. */
export interface AuditEntry extends AuditStamp {
  /** Rises; the cursor for readers. There may be gaps. */
  readonly position: number;
  /** What was acted on; null where the route is about no single thing. */
  readonly targetId: string | null;
  readonly at: string;
}

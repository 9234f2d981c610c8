import { readFileSync } from 'node:fs';
import { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../src/workflows/contract.js';
import { type SearchAttributeType, searchAttributeTypes } from './search-attribute-types.js';

export interface TemporalTarget {
  /** host:port */
  readonly address: string;
  readonly namespace: string;
  readonly apiKey?: string | undefined;
  /** Paths of a client certificate and its key, PEM. */
  readonly certificate?: { readonly cert: string; readonly key: string } | undefined;
}

/** Makes the search attributes that the namespace lacks. Rejects while the service does not answer. */
export async function ensureSearchAttributes(target: TemporalTarget): Promise<void> {
  const connection = await Connection.connect({
    address: target.address,
    connectTimeout: 2_000,
    ...(target.certificate
      ? { tls: { clientCertPair: { crt: readFileSync(target.certificate.cert), key: readFileSync(target.certificate.key) } } }
      : target.apiKey
        ? { tls: true }
        : {}),
    ...(target.apiKey ? { apiKey: target.apiKey } : {}),
  });
  try {
    const { namespace } = target;
    await connection.withDeadline(Date.now() + 10_000, async () => {
      await connection.workflowService.describeNamespace({ namespace });
      const there = (await connection.operatorService.listSearchAttributes({ namespace })).customAttributes ?? {};
      const missing = Object.entries(SEARCH_ATTRIBUTES).filter(([name]) => !(name in there));
      if (missing.length === 0) return;
      const searchAttributes = Object.fromEntries(missing.map(([name, type]) => [name, searchAttributeTypes[type satisfies SearchAttributeType]]));
      await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
    });
  } finally {
    await connection.close();
  }
}

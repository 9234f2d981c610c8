import { randomUUID } from 'node:crypto';
import type { Trace } from '../catalogue/tenancy.js';

/** One name for a request and all its repeats, of its Idempotency-Key; one without is never repeated. Not its request id: clients may choose that. */
export const requestName = ({ request }: Trace): string => request?.keyHash ?? randomUUID();

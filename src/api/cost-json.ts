import type { CostReceipt, Used } from '../domain/cost.js';
import type { CostJson } from './schemas.js';

const seconds = (ms: number): number => Math.round(ms) / 1000;
const used = ({ cpuMs, wallMs, bytesRead, bytesWritten, requests }: Used) => ({
  cpu_s: seconds(cpuMs),
  wall_s: seconds(wallMs),
  bytes_read: bytesRead,
  bytes_written: bytesWritten,
  requests,
});

/** A receipt as clients see it. */
export function costJson(receipt: CostReceipt): CostJson {
  const { attempts, encodedMs, wasted, unreported } = receipt;
  return {
    ...used(receipt),
    attempts,
    encoded_s: Object.fromEntries(Object.entries(encodedMs).map(([name, ms]) => [name, seconds(ms)])),
    wasted: { ...used(wasted), attempts: wasted.attempts },
    unreported: { attempts: unreported.attempts, cpu_s: seconds(unreported.cpuMs) },
  };
}

import fc from 'fast-check';
import { createMemoryCatalogue } from '../../src/catalogue/memory-catalogue.js';
import { PipelineError } from '../../src/domain/errors.js';
import { isOpenState } from '../../src/domain/upload.js';

const TENANT = 'tnt_a';
const IDS = 6;
const LIFE_MS = 1000;

const id = fc.nat(IDS - 1);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant('create' as const), id }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('complete' as const), id }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constantFrom('cancelled' as const, 'expired' as const, 'errored' as const), id }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constantFrom('attach' as const, 'extend' as const, 'extend' as const, 'reject' as const), id }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('wait' as const), ms: fc.nat(2 * LIFE_MS) }) },
  fc.record({ act: fc.constant('quota' as const), quotaBytes: fc.option(fc.nat(300)) }),
);

test('whatever is done in whatever order, and again, nothing is oversold and the account equals the rows', async () => {
  const seen = { refused: 0, full: 0, stored: 0, closed: 0, extended: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(100), { minLength: IDS, maxLength: IDS }),
      fc.option(fc.nat(300)),
      fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 8, maxLength: 20 }),
      async (sizes, firstQuota, rounds) => {
        let nowMs = Date.parse('2026-11-21T10:00:00Z');
        const catalogue = createMemoryCatalogue({ now: () => new Date(nowMs) });
        await catalogue.ensureTenant(TENANT, 'A');
        await catalogue.setQuota(TENANT, firstQuota);
        let quotaBytes = firstQuota;
        let heldBefore = 0;
        const closedAs = new Map<string, string>();

        const take = async (wish: (typeof rounds)[number][number]): Promise<void> => {
          if (wish.act === 'wait') nowMs += wish.ms;
          else if (wish.act === 'quota') {
            quotaBytes = wish.quotaBytes;
            await catalogue.setQuota(TENANT, quotaBytes);
          } else await onUpload(wish.act, wish.id);
        };
        const onUpload = async (act: string, n: number): Promise<void> => {
          const [uploadId, videoId, sizeBytes] = [`upl_${n}`, `vid_${n}`, sizes[n] ?? 0];
          if (act === 'create') {
            const draft = {
              id: uploadId,
              videoId,
              tenantId: TENANT,
              fileName: 'a',
              contentType: 'video/mp4',
              // Every other one says nothing of its size.
              ...(n % 2 === 0 ? { sizeBytes, partSizeBytes: 8 } : { sizeBytes: null, partSizeBytes: null }),
              key: uploadId,
            };
            const known = await catalogue.getUpload(uploadId);
            const answer = await catalogue
              .createUpload({ ...draft, expiresAt: new Date(nowMs + LIFE_MS).toISOString() })
              .catch((error: unknown) => error);
            if (!(answer instanceof PipelineError)) return;
            expect([answer.code, known]).toEqual(['QUOTA_EXCEEDED', null]);
            seen.refused += 1;
          } else if (act === 'complete') {
            const answer = await catalogue.completeUpload(uploadId, { sizeBytes, etag: 'e' }).catch((error: unknown) => error);
            if (!(answer instanceof PipelineError)) return;
            expect([answer.code, n % 2]).toEqual(['QUOTA_EXCEEDED', 1]);
            seen.full += 1;
          } else if (act === 'attach') await catalogue.attachMultipart(uploadId, 'mp');
          else if (act === 'extend') seen.extended += Number((await catalogue.extendUpload(uploadId, LIFE_MS)) !== null);
          else if (act === 'reject') await catalogue.reject(videoId, 1, { code: 'ENCODE_FAILED', message: 'x' });
          else await catalogue.closeUpload(uploadId, act as 'cancelled', act === 'errored' ? { code: 'SOURCE_EMPTY', message: 'x' } : null);
        };

        for (const round of rounds) {
          await Promise.all(round.map(take));
          const rows = await catalogue.listUploads({ tenantId: TENANT, limit: 100, after: null });
          const sum = (wanted: (state: (typeof rows)[number]['state']) => boolean): number =>
            rows.filter(({ state }) => wanted(state)).reduce((total, { sizeBytes }) => total + (sizeBytes ?? 0), 0);
          const [reservedBytes, storedBytes] = [sum(isOpenState), sum((state) => state === 'completed')];
          expect(await catalogue.findUsage(TENANT)).toEqual({
            quotaBytes,
            reservedBytes,
            storedBytes,
            openUploads: rows.filter(({ state }) => isOpenState(state)).length,
          });
          const shrunk = round.some(({ act }) => act === 'quota');
          if (!shrunk && quotaBytes !== null) expect(reservedBytes + storedBytes).toBeLessThanOrEqual(Math.max(quotaBytes, heldBefore));
          heldBefore = reservedBytes + storedBytes;
          for (const { id: uploadId, state } of rows) {
            if (isOpenState(state)) continue;
            // What has ended stays as it ended.
            expect(closedAs.get(uploadId) ?? state).toBe(state);
            closedAs.set(uploadId, state);
          }
          seen.stored += Number(storedBytes > 0);
          seen.closed += Number(rows.some(({ state }) => state === 'expired'));
        }
      },
    ),
    { numRuns: 200 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
}, 60_000);

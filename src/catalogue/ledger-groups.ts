import type { GenerationState } from '../domain/generation.js';
import { EMPTY_LEDGER, earlier, type TenantLedger } from '../domain/ledger.js';
import { isOpenState, type UploadState } from '../domain/upload.js';
import type { VideoState } from '../domain/video.js';

/** Uploads of one tenant that stand alike: how many, and what a ledger adds up of them. */
export interface LedgerGroup {
  readonly tenantId: string;
  readonly upload: UploadState;
  readonly video: VideoState;
  /** The latest generation that was made from the upload; null where there is none. */
  readonly generation: GenerationState | null;
  /** Whether that is the video's own generation. */
  readonly current: boolean | null;
  /** Whether what players get was made from the upload. */
  readonly live: boolean;
  readonly count: number;
  readonly sizeBytes: number;
  readonly oldestCreatedAt: string;
  readonly oldestCompletedAt: string | null;
}

/** Ledgers by tenant id from counts. Both adapters count, and this alone says what the counts mean. */
export function ledgersOf(groups: readonly LedgerGroup[]): TenantLedger[] {
  const ledgers = new Map<string, TenantLedger>();
  for (const group of groups) {
    const ledger = ledgers.get(group.tenantId) ?? { ...EMPTY_LEDGER, tenantId: group.tenantId };
    ledgers.set(group.tenantId, add(ledger, group));
  }
  return [...ledgers.values()].sort((a, b) => (a.tenantId < b.tenantId ? -1 : 1));
}

function add(ledger: TenantLedger, group: LedgerGroup): TenantLedger {
  if (isOpenState(group.upload)) {
    return {
      ...ledger,
      openUploads: ledger.openUploads + group.count,
      reservedBytes: ledger.reservedBytes + group.sizeBytes,
      oldestOpenAt: earlier(ledger.oldestOpenAt, group.oldestCreatedAt),
    };
  }
  if (group.upload !== 'completed') return ledger;
  const place = placeOf(group);
  return {
    ...ledger,
    accepted: ledger.accepted + group.count,
    ...(place === null ? {} : { [place]: ledger[place] + group.count }),
    ...(place === 'inFlight' ? { oldestInFlightAt: earlier(ledger.oldestInFlightAt, group.oldestCompletedAt) } : {}),
  };
}

type Place = 'published' | 'rejected' | 'inReview' | 'inFlight' | 'cancelled' | 'deleted';

/** null: its rows contradict each other, or there is no generation: nobody is working on it, and nobody was told of an end. */
function placeOf({ video, generation, current, live }: LedgerGroup): Place | null {
  if (video === 'deleted') return 'deleted';
  if (generation === null) return null;
  const { place, videoState } = PLACES[generation];
  const ended = place !== 'inFlight' && place !== 'inReview';
  // Where a newer generation has taken over, this one must have come to an end. One that failed lets the video be what it was before.
  const fits = current ? video === videoState || (live && ended && video === 'ready') : ended;
  if (!fits) return null;
  // What plays is published, whatever becomes of an attempt to make it better.
  return live ? 'published' : place;
}

const PLACES: Readonly<Record<GenerationState, { readonly place: Place; readonly videoState: VideoState }>> = {
  queued: { place: 'inFlight', videoState: 'queued' },
  preparing: { place: 'inFlight', videoState: 'preparing' },
  review: { place: 'inReview', videoState: 'review' },
  published: { place: 'published', videoState: 'ready' },
  errored: { place: 'rejected', videoState: 'errored' },
  cancelled: { place: 'cancelled', videoState: 'cancelled' },
};

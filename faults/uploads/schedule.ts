import { StackFault } from '../../stack/fault.js';
import { createRandom, type Random } from '../random.js';
import { type HttpFault, isFailing, wordsOfFault } from './http-fault.js';
import type { Operation } from './operations.js';
import type { Line } from './watch.js';

/** The process that is killed (-9): a part of the stack under its own name, or the uploading client. */
export type Victim = 'API' | 'control worker' | 'Temporal' | 'client';
export interface Kill {
  readonly kind: 'kill';
  readonly victim: Victim;
}

export interface PlannedFault {
  readonly number: number;
  readonly line: Line;
  readonly operation: Operation;
  /** It hits the request of this kind that comes as the `nth`, from 1, whoever sends it. */
  readonly nth: number;
  readonly does: HttpFault | Kill;
}

export interface StormWish {
  readonly seed: number;
  readonly files: number;
  /** Of all files together. */
  readonly parts: number;
  readonly disconnects: number;
  readonly expired: number;
  /** Refusals, lost answers, silences, slow lines, flips and errors in a 200, on all lines. */
  readonly others: number;
  readonly apiRestarts: number;
  /** Of the control worker and of Temporal, in turn. */
  readonly restarts: number;
  readonly clientKills: number;
  /** The client sends a checksum with each part: bits may be flipped. */
  readonly checksums: boolean;
}

/** A sender tries a request several times; this many faults in a row it must stand for certain. */
const IN_A_ROW = 2;

/**
 * What happens at which request. Requests are counted, not timed, so that the same wish gives the same storm on a fast
 * machine and on a slow one, and every fault finds its request: a request that fails comes again, and each upload, each
 * part, needs one that does not.
 * @throws StackFault where there are more faults than requests
 */
export function drawStorm(wish: StormWish): PlannedFault[] {
  const random = createRandom(wish.seed);
  const parts = createPlace({ line: 'client → S3', operation: 'UploadPart', requests: wish.parts });
  const inner = INNER.map((row) => ({ ...row, place: createPlace({ ...row, requests: wish.files }) }));

  for (let n = 0; n < wish.disconnects; n += 1) parts.add(random, disconnectOf(random));
  for (let n = 0; n < wish.expired; n += 1) parts.add(random, { kind: 'expire' });
  for (let n = 0; n < wish.others; n += 1) {
    // Every other one where the bytes flow, the rest where there is still room.
    const free = inner.filter(({ place }) => place.hasRoom());
    if (n % 2 === 1 && free.length > 0) {
      const { place, faults } = random.pick(free);
      place.add(random, random.pick(faults)(random));
    } else parts.add(random, random.pick(PART_FAULTS.filter(({ sums }) => wish.checksums || !sums)).draw(random));
  }
  const kills = [
    ...Array.from({ length: wish.apiRestarts }, () => 'API' as const),
    ...Array.from({ length: wish.restarts }, (_, index) => (index % 2 === 0 ? ('control worker' as const) : ('Temporal' as const))),
    ...Array.from({ length: wish.clientKills }, () => 'client' as const),
  ].map((victim) => ({ ...PARTS, nth: 1 + Math.floor(random.next() * wish.parts), does: { kind: 'kill' as const, victim } }));
  const faults = [...parts.faults(), ...inner.flatMap(({ place }) => place.faults()), ...kills];
  return faults
    .map((fault, index) => ({ fault, index }))
    .sort((a, b) => ORDER.indexOf(a.fault.line) - ORDER.indexOf(b.fault.line) || a.fault.nth - b.fault.nth || a.index - b.index)
    .map(({ fault }, index) => ({ number: index + 1, ...fault }));
}

export function wordsOfPlan({ line, operation, nth, does }: PlannedFault): string {
  return `${line}  ${operation} ${nth}  ${does.kind === 'kill' ? `kill -9 ${does.victim}` : wordsOfFault(does)}`;
}

const PARTS = { line: 'client → S3', operation: 'UploadPart' } as const;
const ORDER: readonly Line[] = ['client → API', 'client → S3', 'API → S3', 'control → S3'];

type Draw = (random: Random) => HttpFault;
const TIMES = ['before its body', 'after its body'] as const;

const refusal: Draw = (random) => ({
  kind: 'refuse',
  status: random.pick([500, 503] as const),
  retryAfterS: random.pick([null, 1] as const),
  when: random.pick(TIMES),
});
const closed: Draw = (random) => ({ kind: 'disconnect', when: random.pick(TIMES) });
const timeOut: Draw = (random) => ({ kind: 'stall', ms: Math.round(random.between(500, 3_000)), next: 'closes' });
const pause: Draw = (random) => ({ kind: 'stall', ms: Math.round(random.between(200, 2_000)), next: 'goes on' });
const lost: Draw = () => ({ kind: 'lost answer' });
const half: Draw = () => ({ kind: 'half answer' });
const errorIn200: Draw = (random) => ({ kind: 'error in 200', done: random.next() < 0.5 });

/** A line that breaks does so in mid-part, mostly. */
const disconnectOf: Draw = (random) => (random.next() < 0.7 ? { kind: 'reset', at: round(random.between(0.02, 0.98)) } : closed(random));

const PART_FAULTS: readonly { readonly draw: Draw; readonly sums?: true }[] = [
  { draw: refusal },
  { draw: lost },
  { draw: timeOut },
  { draw: pause },
  { draw: (random) => ({ kind: 'slow', bytesPerS: Math.round(random.between(200_000, 2_000_000)), ms: Math.round(random.between(500, 3_000)) }) },
  { draw: (random) => ({ kind: 'flip', at: round(random.next()) }), sums: true },
];

/** Lines and requests of which each upload needs at least one, and what may happen to them. */
const INNER: readonly { readonly line: Line; readonly operation: Operation; readonly faults: readonly Draw[] }[] = [
  { line: 'client → API', operation: 'createUpload', faults: [refusal, closed, lost, timeOut, pause] },
  { line: 'client → API', operation: 'signParts', faults: [refusal, closed, lost, timeOut, pause] },
  { line: 'client → API', operation: 'completeUpload', faults: [refusal, closed, lost, timeOut, pause] },
  { line: 'API → S3', operation: 'CreateMultipartUpload', faults: [refusal, closed, lost, timeOut, pause] },
  { line: 'control → S3', operation: 'ListParts', faults: [refusal, closed, lost, half, timeOut, pause] },
  { line: 'control → S3', operation: 'CompleteMultipartUpload', faults: [refusal, closed, lost, errorIn200, errorIn200, timeOut, pause] },
  { line: 'control → S3', operation: 'HeadObject', faults: [refusal, closed, lost, timeOut, pause] },
];

/**
 * One kind of request on one line, of which at least `requests` must succeed. Before each of these a few fail; those
 * that succeed may be gently disturbed.
 */
function createPlace(of: { readonly line: Line; readonly operation: Operation; readonly requests: number }) {
  const slots = Array.from({ length: of.requests }, () => ({ failing: [] as HttpFault[], gentle: null as HttpFault | null }));
  const hasRoom = (): boolean => slots.some(({ failing, gentle }) => failing.length < IN_A_ROW && gentle === null);
  return {
    hasRoom,
    add(random: Random, fault: HttpFault): void {
      const free = slots.filter(({ failing, gentle }) => (isFailing(fault) ? failing.length < IN_A_ROW : gentle === null));
      if (free.length === 0)
        throw new StackFault(
          `There are more faults than ${of.operation} requests (${of.requests}). Take a larger --size, more --files, or fewer faults.`,
        );
      // The emptiest first: faults spread over the whole upload.
      const least = Math.min(...free.map(({ failing }) => failing.length));
      const slot = random.pick(free.filter(({ failing }) => failing.length === least));
      if (isFailing(fault)) slot.failing.push(fault);
      else slot.gentle = fault;
    },
    faults(): Omit<PlannedFault, 'number'>[] {
      let nth = 0;
      const at = (does: HttpFault): Omit<PlannedFault, 'number'> => ({ line: of.line, operation: of.operation, nth, does });
      return slots.flatMap(({ failing, gentle }) => {
        const found = failing.map((fault) => {
          nth += 1;
          return at(fault);
        });
        nth += 1;
        return gentle === null ? found : [...found, at(gentle)];
      });
    },
  };
}

const round = (fraction: number): number => Math.round(fraction * 1000) / 1000;

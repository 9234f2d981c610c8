import { none, type Row } from '../verdict.js';
import type { KillAtPoint } from './kill-points.js';
import { isClosed, type Ledger } from './rows.js';
import type { Storm } from './storm.js';

/** All that a run found. Lists hold one sentence per finding. */
export interface UploadFindings {
  /** null where no storm was wished for. */
  readonly storm:
    | (Storm & {
        readonly faultsWanted: number;
        readonly expiredWanted: number;
        readonly lost: readonly string[];
        readonly different: readonly string[];
      })
    | null;
  readonly points: { readonly wanted: number; readonly kills: readonly KillAtPoint[]; readonly unpublished: readonly string[] };
  readonly ledger: Ledger;
  readonly multiparts: readonly string[];
  readonly workflows: readonly string[];
  readonly processes: readonly string[];
}

/** The API and the client stay below it, whatever the size of the file. */
const PEAK_BYTES = 200_000_000;
/** Sent again beyond what was in flight when something broke, as a share of the files. */
const AGAIN_SHARE = 0.01;

/** Every promise against what was found. */
export function judgeUploads({ storm, points, ledger, multiparts, workflows, processes }: UploadFindings): Row[] {
  const reached = points.kills.filter(({ reached }) => reached);
  const notReached = points.kills.filter(({ reached }) => !reached).map(({ number, point, victim }) => `${number}. ${point.name}, ${victim}`);
  return [
    ...(storm === null ? [] : stormRows(storm)),
    ...(points.wanted === 0
      ? []
      : [
          { name: 'points reached', figure: `${reached.length} of ${points.wanted}`, held: reached.length === points.wanted, details: notReached },
          none('points unpublished', points.unpublished),
        ]),
    {
      name: 'ledger',
      figure: `${ledger.accepted} accepted = ${ledger.published} published + ${ledger.rejected} rejected + ${ledger.inReview} in review + ${ledger.inFlight} in flight`,
      held: isClosed(ledger) && ledger.accepted > 0,
      details: [],
    },
    none('multiparts left', multiparts),
    none('workflows left', workflows),
    none('processes left', processes),
  ];
}

type Found = NonNullable<UploadFindings['storm']>;

function stormRows(storm: Found): Row[] {
  const { traffic, fileBytes, partBytes } = storm;
  const wanted = storm.faultsWanted - storm.flipsLeftOut;
  const share = (bytes: number): string => `${((100 * bytes) / Math.max(1, fileBytes)).toFixed(2)} %`;
  // A broken request had one part in flight: no more than that may be sent again for it.
  const inFlightLimit = wanted * partBytes;
  return [
    { name: 'faults given', figure: `${storm.faultsGiven} of ${wanted}`, held: storm.faultsGiven === wanted, details: [] },
    none('uploads given up', storm.failed),
    none('uploads lost', storm.lost),
    none('sources that differ', storm.different),
    {
      name: 'sent again, needlessly',
      figure: `${megabytes(traffic.needlessBytes)} of ${megabytes(fileBytes)} (${share(traffic.needlessBytes)})`,
      held: traffic.needlessBytes <= fileBytes * AGAIN_SHARE,
      details: [],
    },
    {
      name: 'sent again, in flight',
      figure: `${megabytes(traffic.inFlightBytes)} (${share(traffic.inFlightBytes)})`,
      held: traffic.inFlightBytes <= inFlightLimit,
      details: [],
    },
    { name: 'signatures expired', figure: String(traffic.expired), held: traffic.expired >= storm.expiredWanted, details: [] },
    { name: 'flips refused', figure: String(traffic.flipsRefused), held: true, details: [] },
    none('odd part requests', traffic.odd),
    memoryRow('API peak memory', storm.apiPeakBytes),
    memoryRow('client peak memory', storm.clientPeakBytes),
  ];
}

const memoryRow = (name: string, bytes: number): Row => ({ name, figure: megabytes(bytes), held: bytes > 0 && bytes <= PEAK_BYTES, details: [] });
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** The figures of the last line, for programs. */
export function uploadsJson(found: UploadFindings, run: { readonly seed: number; readonly wallS: number }) {
  const { storm, points, ledger } = found;
  return {
    seed: run.seed,
    storm: storm && {
      file_bytes: storm.fileBytes,
      faults_wanted: storm.faultsWanted - storm.flipsLeftOut,
      faults_given: storm.faultsGiven,
      accepted: storm.accepted.length,
      given_up: storm.failed.length,
      lost: storm.lost.length,
      different: storm.different.length,
      sent_bytes: storm.traffic.sentBytes,
      sent_again_bytes: storm.traffic.againBytes,
      sent_again_in_flight_bytes: storm.traffic.inFlightBytes,
      sent_again_needlessly_bytes: storm.traffic.needlessBytes,
      signatures_expired: storm.traffic.expired,
      flips_refused: storm.traffic.flipsRefused,
      odd: storm.traffic.odd.length,
      api_peak_bytes: storm.apiPeakBytes,
      client_peak_bytes: storm.clientPeakBytes,
      upload_s: Math.round(storm.uploadS),
    },
    points_wanted: points.wanted,
    points_reached: points.kills.filter(({ reached }) => reached).length,
    points_unpublished: points.unpublished.length,
    ledger,
    multiparts_left: found.multiparts.length,
    workflows_left: found.workflows.length,
    processes_left: found.processes.length,
    wall_s: Math.round(run.wallS),
  };
}

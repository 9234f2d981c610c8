import { artefactsOf, type GenerationReport } from '../domain/artefact.js';
import type { Decision } from '../domain/plan.js';

/** What stays in the catalogue of a published generation; the whole report is the object that `reportKey` names. */
export interface ReportSummary {
  readonly durationUs: number;
  readonly frameCount: number;
  readonly artefactCount: number;
  readonly sizeBytes: number;
  readonly tracks: readonly {
    readonly name: string;
    readonly codec: string;
    readonly playlistKey: string;
    readonly segmentCount: number;
    readonly peakBitsPerSecond: number;
    readonly averageBitsPerSecond: number;
    readonly resolution: { readonly width: number; readonly height: number } | null;
  }[];
  /** Absent: nothing, or from before they were kept here. */
  readonly findings?: readonly Decision[];
}

export function summaryOf(report: GenerationReport): ReportSummary {
  const artefacts = artefactsOf(report);
  return {
    durationUs: report.durationUs,
    frameCount: report.frameCount,
    artefactCount: artefacts.length,
    sizeBytes: artefacts.reduce((sum, artefact) => sum + artefact.sizeBytes, 0),
    tracks: report.tracks.map((track) => ({
      name: track.name,
      codec: track.codec,
      playlistKey: track.playlistKey,
      segmentCount: track.segments.length,
      peakBitsPerSecond: track.peakBitsPerSecond,
      averageBitsPerSecond: track.averageBitsPerSecond,
      resolution: track.resolution,
    })),
    findings: report.findings,
  };
}

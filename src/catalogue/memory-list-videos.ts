import { titleKey } from '../domain/labels.js';
import type { Video } from '../domain/video.js';
import { NEWEST_FIRST, type VideoQuery } from './catalogue.js';

/** One page of videos, of the memory adapter. */
export function listVideos(rows: readonly Video[], query: VideoQuery): Video[] {
  const { tenantId, limit, after, order = NEWEST_FIRST } = query;
  const placed = rows.filter((row) => row.tenantId === tenantId && isWanted(row, query)).map((row) => ({ row, at: row[order.by] }));
  const sign = order.newestFirst ? -1 : 1;
  const compare = (a: Place, b: Place): number => sign * byPlace(a, b);
  const end = after === null ? null : { at: after[order.by] ?? '', row: after };
  const left = placed.filter((place) => end === null || compare(place, end) > 0);
  return left
    .sort(compare)
    .slice(0, limit)
    .map(({ row }) => row);
}

interface Place {
  readonly at: string;
  readonly row: { readonly id: string };
}

function byPlace(a: Place, b: Place): number {
  const apart = Date.parse(a.at) - Date.parse(b.at);
  if (apart !== 0) return apart;
  return a.row.id < b.row.id ? -1 : Number(a.row.id > b.row.id);
}

function isWanted(row: Video, query: VideoQuery): boolean {
  const { states, createdAfter, createdBefore, updatedAfter, updatedBefore, metadata, passthrough, titleKeyPrefix } = query;
  const entries = new Map(Object.entries(row.metadata));
  return (
    row.state !== 'deleted' &&
    (states === undefined || states.includes(row.state)) &&
    isBetween(row.createdAt, createdAfter, createdBefore) &&
    isBetween(row.updatedAt, updatedAfter, updatedBefore) &&
    Object.entries(metadata ?? {}).every(([key, value]) => entries.get(key) === value) &&
    (metadata === undefined || entries.size > 0) &&
    (passthrough === undefined || row.passthrough === passthrough) &&
    (titleKeyPrefix === undefined || (row.title !== null && titleKey(row.title).startsWith(titleKeyPrefix)))
  );
}

function isBetween(at: string, after: string | undefined, before: string | undefined): boolean {
  const ms = Date.parse(at);
  return (after === undefined || ms > Date.parse(after)) && (before === undefined || ms < Date.parse(before));
}

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { WorkflowClient } from '@temporalio/client';
import { parseUploadsArguments } from '../../../../faults/uploads/arguments.js';
import { videoIdIn } from '../../../../faults/uploads/client-process.js';
import { unpublished } from '../../../../faults/uploads/kill-points.js';
import { trafficOf } from '../../../../faults/uploads/meter.js';
import { peakBytesIn } from '../../../../faults/uploads/peak-memory.js';
import { ALL_KILLS, drawKills, POINTS, type Point, VICTIMS } from '../../../../faults/uploads/points.js';
import { faultOf, isClosed, ledgerOf, type UploadedVideo } from '../../../../faults/uploads/rows.js';
import { makePadded, sha256OfFile } from '../../../../faults/uploads/sources.js';
import { setTrap } from '../../../../faults/uploads/trap.js';
import { judgeUploads, type UploadFindings, uploadsJson } from '../../../../faults/uploads/verdict.js';
import type { Exchange, ExchangeEnd } from '../../../../faults/uploads/watch.js';
import { isOk, tableOf } from '../../../../faults/verdict.js';
import { boxExtent } from '../../../../src/domain/extent-boxes.js';

const part: ExchangeEnd = {
  ...{ line: 'client → S3', operation: 'UploadPart', method: 'PUT', url: '/b/k?partNumber=1&uploadId=u', headers: {} },
  ...{ how: 'told', status: 200, fault: null, receivedBytes: 100, expired: false },
};
const lostAnswer: ExchangeEnd = { ...part, how: 'cut', status: null, fault: { kind: 'lost answer' } };

describe('bytes sent again', () => {
  test('are told apart: what was in flight when a fault came, and what nobody needed', () => {
    const ends = [part, lostAnswer, { ...lostAnswer, fault: { kind: 'reset', at: 0.3 } as const, receivedBytes: 30 }, part];
    expect(trafficOf(ends, 100, false)).toEqual({
      ...{ sentBytes: 330, againBytes: 230, inFlightBytes: 130, needlessBytes: 100, expired: 0, flipsRefused: 0, odd: [] },
    });
  });

  test('a signature that expired by itself is no fault of anybody, any other failure without a fault is odd', () => {
    expect(trafficOf([{ ...part, status: 403, expired: true }], 0, false)).toMatchObject({ expired: 1, odd: [] });
    expect(trafficOf([{ ...part, expired: true }], 0, false)).toMatchObject({ expired: 0 });
    expect(trafficOf([{ ...part, status: 403 }], 0, false).odd).toEqual(['PUT /b/k part 1: told 403 without a fault']);
    const left: ExchangeEnd = { ...part, how: 'left', status: null };
    expect(trafficOf([left], 0, false).odd).toEqual(['PUT /b/k part 1: left without a fault']);
    expect(trafficOf([left], 0, true).odd).toEqual([]);
  });

  test('a flipped part that the store took is a broken promise', () => {
    const flip: ExchangeEnd = { ...part, fault: { kind: 'flip', at: 0.5 } };
    expect(trafficOf([{ ...flip, status: 400 }], 0, false)).toMatchObject({ flipsRefused: 1, odd: [] });
    expect(trafficOf([flip], 0, false)).toMatchObject({ flipsRefused: 0, odd: ['PUT /b/k part 1: the store took a part with a flipped bit'] });
  });

  test('other requests are not counted', () => {
    expect(trafficOf([{ ...part, operation: 'ListParts', status: 500 }], 0, false)).toMatchObject({ sentBytes: 0, odd: [] });
  });
});

const video: UploadedVideo = {
  ...{ id: 'vid_1', name: 'clip.mp4', state: 'ready', failureCode: null, sourceKey: 'sources/t/vid_1/upl_1' },
  ...{ uploads: 1, completedUploads: 1, generations: 1, readyEvents: 1 },
};

describe('an accepted upload', () => {
  test('is published, once', () => {
    expect(faultOf(video)).toBeNull();
    expect(faultOf({ ...video, state: 'errored', failureCode: 'SOURCE_NOT_MEDIA' })).toBe('errored SOURCE_NOT_MEDIA');
    expect(faultOf({ ...video, state: 'queued' })).toBe('queued');
    expect(faultOf({ ...video, generations: 2 })).toBe('2 generations');
    expect(faultOf({ ...video, readyEvents: 2 })).toBe('2 events video.ready');
    expect(faultOf({ ...video, uploads: 2 })).toBe('1 of 2 uploads completed');
    expect(faultOf(undefined)).toBe('there is no such video');
  });

  test('stands in the ledger under exactly one heading', () => {
    const states = ['ready', 'errored', 'review', 'queued', 'preparing'];
    const waiting = { ...video, state: 'uploading', completedUploads: 0 };
    const ledger = ledgerOf([...states.map((state) => ({ ...video, state })), waiting]);
    expect(ledger).toEqual({ accepted: 5, published: 1, rejected: 1, inReview: 1, inFlight: 2 });
    expect(isClosed(ledger)).toBe(true);
    expect(isClosed(ledgerOf([{ ...video, state: 'uploading' }]))).toBe(false);
  });
});

const kill = { number: 1, point: POINTS[0] as Point, victim: 'API', uploadId: 'upl_1', videoId: 'vid_1', reached: true, refused: null } as const;
const clean: UploadFindings = {
  storm: {
    ...{
      fileBytes: 1000,
      partBytes: 100,
      faultsWanted: 2,
      expiredWanted: 1,
      faultsGiven: 2,
      flipsLeftOut: 0,
      accepted: [],
      failed: [],
      lost: [],
      different: [],
    },
    ...{ apiPeakBytes: 150_000_000, clientPeakBytes: 90_000_000, uploadS: 3 },
    traffic: { sentBytes: 1200, againBytes: 200, inFlightBytes: 190, needlessBytes: 10, expired: 1, flipsRefused: 0, odd: [] },
  },
  points: { wanted: 1, kills: [kill], unpublished: [] },
  ledger: { accepted: 2, published: 2, rejected: 0, inReview: 0, inFlight: 0 },
  multiparts: [],
  workflows: [],
  processes: [],
};
const stormy = (more: Partial<NonNullable<UploadFindings['storm']>>): UploadFindings => ({
  ...clean,
  storm: clean.storm && { ...clean.storm, ...more },
});

describe('verdict', () => {
  test('is ok where every promise held', () => {
    expect(isOk(judgeUploads(clean))).toBe(true);
    expect(uploadsJson(clean, { seed: 7, wallS: 12.4 })).toMatchObject({
      ...{ seed: 7, points_reached: 1, points_unpublished: 0, multiparts_left: 0, wall_s: 12 },
      storm: { faults_given: 2, sent_again_bytes: 200, sent_again_needlessly_bytes: 10 },
    });
    expect(isOk(judgeUploads({ ...clean, storm: null }))).toBe(true);
    expect(isOk(judgeUploads({ ...clean, points: { wanted: 0, kills: [], unpublished: [] } }))).toBe(true);
  });

  const traffic = (more: Partial<NonNullable<UploadFindings['storm']>['traffic']>): UploadFindings =>
    stormy({ traffic: { ...(clean.storm?.traffic as NonNullable<UploadFindings['storm']>['traffic']), ...more } });
  test.each<[string, UploadFindings]>([
    ['a fault that was not given', stormy({ faultsGiven: 1 })],
    ['an upload that was given up', stormy({ failed: ['f'] })],
    ['an upload that was lost', stormy({ lost: ['f'] })],
    ['other bytes', stormy({ different: ['f'] })],
    ['more than one per cent sent again', traffic({ needlessBytes: 11 })],
    ['more than a part a fault in flight', traffic({ inFlightBytes: 201 })],
    ['a signature that did not expire', traffic({ expired: 0 })],
    ['a part that failed without a fault', traffic({ odd: ['o'] })],
    ['too large an API', stormy({ apiPeakBytes: 200_000_001 })],
    ['a client that was never measured', stormy({ clientPeakBytes: 0 })],
    ['a point that was not reached', { ...clean, points: { wanted: 2, kills: [kill, { ...kill, reached: false }], unpublished: [] } }],
    ['an upload at a point that was not published', { ...clean, points: { ...clean.points, unpublished: ['u'] } }],
    ['a gap in the ledger', { ...clean, ledger: { ...clean.ledger, published: 1 } }],
    ['an empty ledger', { ...clean, ledger: { accepted: 0, published: 0, rejected: 0, inReview: 0, inFlight: 0 } }],
    ['an open multipart', { ...clean, multiparts: ['m'] }],
    ['a workflow that runs on', { ...clean, workflows: ['w'] }],
    ['a process that is left', { ...clean, processes: ['p'] }],
  ])('is broken by %s', (_case, found) => {
    const rows = judgeUploads(found);
    expect(isOk(rows)).toBe(false);
    expect(rows.filter(({ held }) => !held)).toHaveLength(1);
    expect(tableOf(rows).join('\n')).toContain('BROKEN');
  });
});

describe('points', () => {
  test('are at least twelve, each with its own name, and each victim dies at each of them', () => {
    expect(new Set(POINTS.map(({ name }) => name)).size).toBe(POINTS.length);
    expect(POINTS.length).toBeGreaterThanOrEqual(12);
    const all = drawKills(3, ALL_KILLS).map(({ point, victim }) => `${point.name} ${victim}`);
    expect(new Set(all).size).toBe(POINTS.length * VICTIMS.length);
    expect(drawKills(3, 5)).toEqual(drawKills(3, ALL_KILLS).slice(0, 5));
    expect(drawKills(3, 5)).not.toEqual(drawKills(4, 5));
  });

  const ids = { uploadId: 'upl_1', videoId: 'vid_1' };
  const trapAt = (name: string, history: () => unknown = () => null) => {
    const asked: string[] = [];
    const point = POINTS.find((each) => each.name === name) as Point;
    const getHandle = (id: string) => {
      asked.push(id);
      return { fetchHistory: async () => history() };
    };
    const client = { getHandle } as unknown as WorkflowClient;
    const over = new AbortController();
    let springs = 0;
    const trap = setTrap({
      ...{ point, ids, client, signal: over.signal },
      spring: async () => {
        springs += 1;
      },
    });
    return { trap, springs: () => springs, asked: () => asked[0], over };
  };
  const exchange: Exchange = { line: 'control → S3', operation: 'ListParts', method: 'GET', url: '/b/sources/t/vid_1/upl_1?uploadId=x', headers: {} };

  test('a request is one of this upload, on its line, and only the first', async () => {
    const { trap, springs } = trapAt('s3-list-parts-request');
    await trap.watch.meet({ ...exchange, url: '/b/sources/t/vid_2/upl_2?uploadId=x' });
    await trap.watch.meet({ ...exchange, line: 'API → S3' });
    await trap.watch.meet({ ...exchange, operation: 'HeadObject' });
    await trap.watch.answered(exchange);
    expect(springs()).toBe(0);
    expect(await trap.watch.meet(exchange)).toBeNull();
    await trap.watch.meet(exchange);
    await trap.sprung;
    expect(springs()).toBe(1);
  });

  const sql = (text: string, value = 'upl_1') => ({ text, raw: Buffer.from(`${text} ${value}`) });
  test('a commit is that of the transaction which completes this upload', async () => {
    const { trap, springs } = trapAt('pg-commit');
    const update = 'update "uploads" set "state" = $1 where "id" = $2';
    await trap.watch.statement('control → PostgreSQL', sql('commit', ''), [sql(update, 'upl_2')]);
    await trap.watch.statement('control → PostgreSQL', sql('commit', ''), [sql('update "videos" set "state" = $1')]);
    await trap.watch.statement('API → PostgreSQL', sql('commit', ''), [sql(update)]);
    await trap.watch.statement('control → PostgreSQL', sql(update), []);
    expect(springs()).toBe(0);
    await trap.watch.statement('control → PostgreSQL', sql('commit', ''), [sql(update)]);
    expect(springs()).toBe(1);
  });

  test('an event is looked for in the history of its workflow until it stands there', async () => {
    let looks = 0;
    const seen = trapAt('video-running', () => {
      looks += 1;
      if (looks === 1) throw new Error('not there yet');
      return { events: looks < 3 ? [{}] : [{}, { workflowTaskStartedEventAttributes: {} }] };
    });
    await seen.trap.sprung;
    expect([seen.springs(), seen.asked(), looks]).toEqual([1, 'video/vid_1/g1', 3]);
    const elsewhere = trapAt('update-accepted');
    expect(elsewhere.asked()).toBe('upload/upl_1');
    elsewhere.over.abort();
  });

  test('an upload that was refused, or not published, is told with its point and victim', () => {
    expect(unpublished([kill], [video])).toEqual([]);
    expect(unpublished([kill], [])).toEqual(['1. last-part-answer, API killed (vid_1): there is no such video']);
    expect(unpublished([{ ...kill, refused: 'no' }], [video])).toEqual(['1. last-part-answer, API killed (vid_1): no']);
  });
});

describe('sources', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'reelmill-unit-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const box = (type: string, content: number): Buffer => {
    const bytes = Buffer.alloc(8 + content);
    bytes.writeUInt32BE(bytes.length, 0);
    bytes.write(type, 4, 'latin1');
    return bytes;
  };

  test('a padded film is whole by its boxes, and no two have the same bytes', async () => {
    const clip = join(folder, 'clip');
    writeFileSync(clip, Buffer.concat([box('ftyp', 8), box('moov', 100), box('mdat', 50)]));
    const make = async (name: string): Promise<string> => {
      expect(await makePadded(clip, join(folder, name), { sizeBytes: 1_000_000, name })).toBe(1_000_000);
      return join(folder, name);
    };
    const [one, two] = [await make('one'), await make('two')];
    const bytes = readFileSync(one);
    expect(statSync(one).size).toBe(1_000_000);
    expect(await boxExtent(bytes.length, async (at, length) => bytes.subarray(at, at + length))).toMatchObject({ verdict: 'whole' });
    expect(await sha256OfFile(one)).not.toBe(await sha256OfFile(two));
    const [first, second] = [bytes.subarray(0, 500_000), bytes.subarray(500_000)];
    expect(Buffer.concat([second, first]).equals(bytes)).toBe(false);
  });

  test('one that is smaller than the clip is the clip', async () => {
    expect(await makePadded(join(folder, 'clip'), join(folder, 'small'), { sizeBytes: 10, name: 'small' })).toBe(182);
  });
});

test('arguments are read, defaulted and refused in words', () => {
  const client = { resumes: false };
  expect(parseUploadsArguments([], client)).toMatchObject({ seed: 1, points: ALL_KILLS, files: 4, expired: 1, clientKills: 0, keep: false });
  expect(parseUploadsArguments([], { resumes: true })).toMatchObject({ clientKills: 1 });
  const large = ['--size', '10GB', '--files', '1', '--disconnects', '100', '--api-restarts', '3', '--expired', '2', '--points', '0', '--seed', '9'];
  expect(parseUploadsArguments(large, client)).toMatchObject({
    sizeBytes: 10_000_000_000,
    disconnects: 100,
    apiRestarts: 3,
    expired: 2,
    points: 0,
    seed: 9,
  });
  expect(parseUploadsArguments(['--size', '64MiB'], client).sizeBytes).toBe(67_108_864);
  for (const argv of [
    ['--size', '11GB'],
    ['--size', 'big'],
    ['--points', '999'],
    ['--files', '-1'],
    ['--nothing'],
    ['x'],
    ['--points', '0', '--files', '0'],
    ['--client-kills', '1'],
  ])
    expect(() => parseUploadsArguments(argv, client)).toThrow(/^[A-Z-].*/);
});

test('the last line that names a video is taken', () => {
  expect(videoIdIn('uploading …\n{"video_id":"vid_1"}\nbye\n')).toBe('vid_1');
  expect(videoIdIn('uploading …\n{"id":"x"}\n')).toBeNull();
});

test('the peak of a process is read from its status', () => {
  expect(peakBytesIn('VmPeak:\t  900 kB\nVmHWM:\t   123456 kB\nVmRSS:\t 5 kB\n')).toBe(123456 * 1024);
  expect(peakBytesIn('nothing')).toBeNull();
});

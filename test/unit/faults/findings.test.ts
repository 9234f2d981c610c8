import { describe, expect, test } from '@jest/globals';
import { parseFaultArguments } from '../../../faults/arguments.js';
import { lostVideos, publishedTwice } from '../../../faults/check-videos.js';
import { differences } from '../../../faults/compare.js';
import { type Fingerprint, withoutAttempts } from '../../../faults/fingerprint.js';
import { growingFaults } from '../../../faults/growing.js';
import { unnamedKeys } from '../../../faults/leftovers.js';
import { lostWork } from '../../../faults/lost-work.js';
import { type Piece, piecesOf, type Sighting } from '../../../faults/pieces.js';
import { sourceArgs } from '../../../faults/sources.js';
import { type Findings, isOk, jsonOf, judge, tableOf } from '../../../faults/verdict.js';
import { isSettled, type VideoRow } from '../../../faults/videos.js';
import type { GenerationReport } from '../../../src/domain/artefact.js';
import { layGrid } from '../../../src/domain/grid.js';

const grid = layGrid({ rate: { num: 30, den: 1 }, frameCount: 900, encoderSlots: 2 });
const video: VideoRow = {
  id: 'v1',
  name: 'source-000.mp4',
  state: 'ready',
  failureCode: null,
  sourceKey: 'sources/dev/v/u',
  generation: 1,
  readyEvents: 1,
  grid,
};

describe('videos', () => {
  test('a published one is neither lost nor published twice', () => {
    expect(lostVideos([video], 1)).toEqual([]);
    expect(publishedTwice([video])).toEqual([]);
  });

  test('one that is in review, failed or still on its way is lost', () => {
    for (const state of ['review', 'errored', 'cancelled', 'preparing', 'queued'])
      expect(lostVideos([video, { ...video, state, failureCode: 'ENCODE_FAILED' }], 2)).toEqual([`source-000.mp4 (v1): ${state} ENCODE_FAILED`]);
    expect(isSettled({ ...video, state: 'preparing' })).toBe(false);
    expect(isSettled({ ...video, state: 'review' })).toBe(true);
  });

  test('an upload that was acknowledged and has no video is lost', () => {
    expect(lostVideos([video], 2)).toEqual(['1 uploads were acknowledged and have no video']);
  });

  test('a second event is told, and a missing one', () => {
    expect(publishedTwice([{ ...video, readyEvents: 2 }])).toEqual(['source-000.mp4 (v1): 2 events video.ready']);
    expect(publishedTwice([{ ...video, readyEvents: 0 }])).toHaveLength(1);
    expect(publishedTwice([{ ...video, state: 'preparing', readyEvents: 0 }])).toEqual([]);
  });
});

describe('outputs', () => {
  const reference: Fingerprint = {
    tracks: { '720p': ['0, 0, 0, 1, 10, aa', '0, 1, 1, 1, 10, bb'], audio: ['0, 0, 0, 1024, 4096, cc'] },
    texts: { 'master.m3u8': '#EXTM3U' },
    files: { '720p/init.mp4': 'f1' },
  };

  test('equal ones have no difference', () => {
    expect(differences(reference, structuredClone(reference))).toEqual([]);
  });

  test('another frame, a missing frame, a missing track', () => {
    const withFrames = (frames: string[]): Fingerprint => ({ ...reference, tracks: { ...reference.tracks, '720p': frames } });
    expect(differences(reference, withFrames(['0, 0, 0, 1, 10, aa', '0, 1, 1, 1, 10, xx']))).toEqual(['720p differs from frame 1 on']);
    expect(differences(reference, withFrames(['0, 0, 0, 1, 10, aa']))).toEqual(['720p decodes to 1 frames, not 2']);
    expect(differences(reference, { ...reference, tracks: { audio: reference.tracks.audio ?? [] } })).toEqual(['track 720p is missing']);
  });

  test('another playlist, other bytes, a file too many', () => {
    expect(differences(reference, { ...reference, texts: { 'master.m3u8': '#EXTM3U\n' } })).toEqual(['master.m3u8 has other contents']);
    expect(differences(reference, { ...reference, files: { '720p/init.mp4': 'f2' } })).toEqual(['720p/init.mp4 has other contents']);
    expect(differences(reference, { ...reference, files: { ...reference.files, x: 'f' } })).toEqual(['file x is not in the reference']);
  });

  test('only the names of attempts are taken out of playlists', () => {
    expect(withoutAttempts('0007-1a2b3c4d/00.m4s\n1a2b3c4d/0001.m4s\n720p/init.mp4')).toBe('0007-ATTEMPT/00.m4s\nATTEMPT/0001.m4s\n720p/init.mp4');
    expect(withoutAttempts('0007-12345678/00.m4s')).toBe('0007-ATTEMPT/00.m4s');
    expect(withoutAttempts('#EXTINF:4.004000,\n0001.m4s')).toBe('#EXTINF:4.004000,\n0001.m4s');
  });
});

test('an object that no report names is found, whoever owns it', () => {
  const artefact = (key: string) => ({ key, sizeBytes: 1, sha256: '' });
  const init = artefact('media/v1/g1/720p/init.mp4');
  const report = {
    videoId: 'v1',
    generation: 1,
    tracks: [{ init, segments: [artefact('media/v1/g1/720p/0000-1a2b3c4d/00.m4s')] }],
    playlists: [artefact('media/v1/g1/master.m3u8')],
    images: { poster: artefact('p'), sprites: [artefact('s')], vtt: artefact('w') },
  } as unknown as GenerationReport;
  const named = ['media/v1/g1/720p/init.mp4', 'media/v1/g1/720p/0000-1a2b3c4d/00.m4s', 'media/v1/g1/master.m3u8', 'media/v1/g1/report.json'];
  expect(unnamedKeys(named, [report])).toEqual([]);
  const late = 'media/v1/g1/720p/0000-ffffffff/00.m4s';
  expect(unnamedKeys([...named, late, 'media/v2/g1/audio/init.mp4'], [report])).toEqual([late, 'media/v2/g1/audio/init.mp4']);
});

test('a growing playlist that is left open, or names what is not there, leaves its players behind', () => {
  const key = 'media/v1/g1/growing/720p.m3u8';
  const stored = new Set(['media/v1/g1/720p/init.mp4', 'media/v1/g1/720p/0000-1a2b3c4d/00.m4s', key]);
  const open = [
    ...['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-TARGETDURATION:4', '#EXT-X-PLAYLIST-TYPE:EVENT'],
    ...['#EXT-X-MAP:URI="../720p/init.mp4"', '#EXTINF:4,', '../720p/0000-1a2b3c4d/00.m4s', ''],
  ].join('\n');
  expect(growingFaults(key, `${open}#EXT-X-ENDLIST\n`, stored)).toEqual([]);
  expect(growingFaults(key, open, stored)).toEqual([`${key} is not closed`]);
  expect(growingFaults(key, `${open}#EXT-X-ENDLIST\n`, new Set(['media/v1/g1/720p/init.mp4']))).toEqual([
    `${key} names media/v1/g1/720p/0000-1a2b3c4d/00.m4s, which is not there`,
  ]);
  const master = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n720p.m3u8\n';
  expect(growingFaults('media/v1/g1/growing/master.m3u8', master, stored)).toEqual([]);
});

describe('lost work', () => {
  const piece: Piece = {
    workflowId: 'video/v1/g1/chunks',
    activityId: '5',
    videoId: 'v1',
    chunk: 1,
    attempts: 1,
    wallMs: 4000,
    lastFailure: null,
  };
  const sighting: Sighting = { workflowId: piece.workflowId, activityId: '5', attempt: 1, elapsedMs: 1000, running: true };

  test('nothing is lost where every piece ran once', () => {
    expect(lostWork([piece], [{ kind: 'kill encoder', part: 'encoder 1', sightings: [] }], [video])).toMatchObject({
      redone: 0,
      mediaLostS: 0,
      busyFaults: 0,
    });
  });

  test('a killed attempt costs the part of the chunk that was done', () => {
    const found = lostWork(
      [{ ...piece, attempts: 2, lastFailure: 'X' }],
      [{ kind: 'kill ffmpeg', part: 'encoder 1', sightings: [sighting] }],
      [video],
    );
    // Chunk 1 has 20 s; a quarter of it was done.
    expect(found).toMatchObject({ redone: 1, unexplained: 0, redonePerKill: 1, reasons: { X: 1 } });
    expect(found.mediaLostS).toBeCloseTo(5, 1);
  });

  test('an attempt that no fault explains counts whole, and more than one a kill breaks the promise', () => {
    const found = lostWork([{ ...piece, attempts: 3 }], [{ kind: 'drain', part: 'encoder 1', sightings: [sighting] }], [video]);
    expect(found).toMatchObject({ redone: 2, unexplained: 1, redonePerKill: 2 });
    expect(found.mediaLostS).toBeCloseTo(25, 1);
    expect(isOk(judge({ ...clean, work: found }))).toBe(false);
  });

  test('an attempt that still waited for a core costs no work', () => {
    const faults = [{ kind: 'kill encoder', part: 'encoder 1', sightings: [{ ...sighting, running: false }] }] as const;
    expect(lostWork([{ ...piece, attempts: 2 }], faults, [video])).toMatchObject({ redone: 0, waiting: 1, mediaLostS: 0, busyFaults: 0 });
  });

  test('a chunk that goes on as another activity, on a larger machine, is done again too', () => {
    const killed = { ...piece, wallMs: null };
    const found = lostWork([killed, { ...piece, activityId: '9' }], [{ kind: 'kill ffmpeg', part: 'encoder 1', sightings: [sighting] }], [video]);
    expect(found).toMatchObject({ pieces: 1, redone: 1, unexplained: 0 });
  });

  test('pauses and faults of the control worker are no kills of encoders', () => {
    const faults = [
      { kind: 'pause', part: 'encoder 1', sightings: [sighting] },
      { kind: 'freeze', part: 'control worker', sightings: [] },
      { kind: 'kill control', part: 'control worker', sightings: [] },
    ] as const;
    expect(lostWork([{ ...piece, attempts: 2 }], faults, [video])).toMatchObject({ encoderFaults: 0, unexplained: 1, redonePerKill: 1 });
  });

  test('history tells attempts, chunk, time and why the one before ended', () => {
    const json = (value: unknown) => ({ payloads: [{ data: Buffer.from(JSON.stringify(value)) }] });
    const events = [
      { eventId: 5, activityTaskScheduledEventAttributes: { activityId: '5', activityType: { name: 'encodeChunk' }, input: json({ index: 2 }) } },
      { eventId: 6, activityTaskScheduledEventAttributes: { activityId: '6', activityType: { name: 'listCommittedChunks' } } },
      {
        eventId: 7,
        activityTaskStartedEventAttributes: { scheduledEventId: 5, attempt: 3, lastFailure: { applicationFailureInfo: { type: 'WORKER_DRAINING' } } },
      },
      { eventId: 8, activityTaskCompletedEventAttributes: { scheduledEventId: 5, result: json({ wallMs: 1234 }) } },
    ];
    expect(piecesOf('w', 'v1', events as unknown as Parameters<typeof piecesOf>[2])).toEqual([
      { workflowId: 'w', activityId: '5', videoId: 'v1', chunk: 2, attempts: 3, wallMs: 1234, lastFailure: 'WORKER_DRAINING' },
    ]);
  });
});

const clean: Findings = {
  faultsWanted: 2,
  faultsGiven: 2,
  accepted: 1,
  lost: [],
  twice: [],
  different: [],
  stuck: [],
  work: { pieces: 3, redone: 1, unexplained: 0, waiting: 0, encoderFaults: 2, busyFaults: 1, redonePerKill: 0.5, mediaLostS: 4, reasons: {} },
  processes: [],
  scratch: [],
  unnamed: [],
  workFiles: [],
  multiparts: [],
  workflows: [],
};

describe('verdict', () => {
  test('is ok where every promise held', () => {
    expect(isOk(judge(clean))).toBe(true);
    expect(jsonOf(clean, { seed: 1, sources: 1, wallS: 9.6 })).toMatchObject({ seed: 1, lost: 0, redone_per_kill: 0.5, wall_s: 10 });
  });

  test('one finding of any kind breaks it, and is shown', () => {
    for (const name of ['lost', 'twice', 'different', 'stuck', 'processes', 'scratch', 'unnamed', 'workFiles', 'multiparts', 'workflows'] as const) {
      const found = { ...clean, [name]: ['what was found'] };
      expect({ name, ok: isOk(judge(found)) }).toEqual({ name, ok: false });
      expect(tableOf(judge(found)).join('\n')).toMatch(/BROKEN .*\n.*what was found/);
    }
  });

  test('a run that gave fewer faults than wished, or saw no video, proves nothing', () => {
    expect(isOk(judge({ ...clean, faultsGiven: 1 }))).toBe(false);
    expect(isOk(judge({ ...clean, accepted: 0 }))).toBe(false);
  });
});

test('sources are all different', () => {
  const all = Array.from({ length: 60 }, (_, index) => sourceArgs(index, 'x').join(' '));
  expect(new Set(all).size).toBe(all.length);
  expect(all.some((args) => args.includes('24000/1001'))).toBe(true);
  expect(all.some((args) => !args.includes('aac'))).toBe(true);
});

test('arguments are read, defaulted and refused in words', () => {
  expect(parseFaultArguments(['kills', '--videos', '10', '--kills', '100', '--seed', '7'])).toEqual({
    videos: 10,
    kills: 100,
    seed: 7,
    minutes: 36,
    keep: false,
  });
  expect(parseFaultArguments(['kills', '--minutes', '3'])).toMatchObject({ videos: 2, kills: 6, seed: 1, minutes: 3 });
  expect(parseFaultArguments(['--help'])).toBeNull();
  for (const argv of [[], ['floods'], ['kills', '--videos', '0'], ['kills', '--seed', '-1'], ['kills', '--nothing'], ['kills', 'x']])
    expect(() => parseFaultArguments(argv)).toThrow(/^[A-Z-].*/);
});

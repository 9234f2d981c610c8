import { recordWords } from '../../cli/show-status.js';
import { videoJson } from '../../src/api/video-json.js';
import { decidePlan } from '../../src/domain/decide-plan.js';
import { NO_LABELS } from '../../src/domain/labels.js';
import type { Probe } from '../../src/domain/probe.js';
import { rational } from '../../src/domain/rational.js';
import { NO_PROGRESS, type Video } from '../../src/domain/video.js';
import { stageTable } from '../../src/workflows/details.js';

const lasts = { startUs: 0, durationUs: 10_000_000 };
/** A phone's clip of which nearly everything has to be decided. */
const probe: Probe = {
  source: { key: 'sources/t/v/u', sizeBytes: 1000, etag: 'e' },
  format: 'mov,mp4,m4a,3gp,3g2,mj2',
  video: {
    ...{ streamIndex: 0, codec: 'hevc', profile: 'Main 10', width: 960, height: 540, sampleAspect: rational(4, 3), rotation: 90, mirrored: true },
    ...{ pixelFormat: 'yuv420p10le', fieldOrder: 'progressive', averageRate: rational(29), baseRate: rational(30), packetCount: 290, ...lasts },
    color: { primaries: 'bt2020', transfer: 'arib-std-b67', space: 'bt2020nc', range: 'tv' },
  },
  audio: { streamIndex: 1, codec: 'eac3', profile: null, channels: 6, sampleRate: 96_000, language: null, ...lasts },
  ...{ containerStartUs: 0, containerDurationUs: 10_000_000 },
};
const plan = decidePlan({ probe, videoId: 'vid_1', tenantId: 'dev', generation: 1, encoderSlots: 1, preset: 'veryfast' });

const failure = { code: 'SOURCE_AUDIO_ONLY', message: 'The file has sound, but no moving picture.' } as const;
const video: Video = {
  ...{ id: 'vid_1', tenantId: 'dev', name: 'a.mov', contentType: 'video/quicktime', sourceSizeBytes: 1000, sourceKey: 'sources/t/v/u' },
  ...{ state: 'preparing', playable: false, progress: NO_PROGRESS, failure: null, generation: 1, liveGeneration: null },
  ...{ durationMs: null, width: null, height: null, posterKey: null, storyboardKey: null, plan, version: 1, ...NO_LABELS, trail: null, cost: null },
  ...{ createdAt: 'T', updatedAt: 'T', uploadedAt: null, playableAt: null, publishedAt: null, deletedAt: null },
};

/** "CODE: text" of each line that is one, however it is listed. */
const listed = (text: string): string[] => text.split('\n').flatMap((line) => /^(?:- | {2})([A-Z][A-Z0-9_]+: .+)$/.exec(line)?.[1] ?? []);

test('API, command and workflow details tell the same list, in the same order', () => {
  const api = videoJson(video, 'https://cdn.example');
  const record = api.decisions.map(({ code, text }) => `${code}: ${text}`);
  expect(api.decisions.map(({ code }) => code)).toEqual([
    ...['VARIABLE_RATE', 'MIRRORED', 'ROTATED', 'PORTRAIT', 'SQUARE_PIXELS', 'TONE_MAPPED', 'BITS_REDUCED'],
    ...['NO_1080P', 'NO_720P', 'DOWNMIXED', 'RESAMPLED'],
  ]);
  expect(listed(recordWords(JSON.parse(JSON.stringify(api))))).toEqual(record);
  expect(listed(stageTable([], plan, null))).toEqual(record);
});

test('what only came to light while it was made stands behind it, in all three', () => {
  const findings = [{ code: 'SUBTITLES_UNREADABLE', text: 'Subtitles that cannot be read are left out: German.' }] as const;
  const api = videoJson({ ...video, findings }, 'https://cdn.example');
  const record = [...plan.decisions, ...findings].map(({ code, text }) => `${code}: ${text}`);
  expect(listed(recordWords(JSON.parse(JSON.stringify(api))))).toEqual(record);
  expect(listed(stageTable([], plan, null, findings))).toEqual(record);
});

test('all three say why a file was refused, and how to mend it', () => {
  const words = `${failure.code}: ${failure.message}`;
  const api = videoJson({ ...video, state: 'errored', plan: null, failure }, 'https://cdn.example');
  expect(api.errors).toEqual([failure]);
  expect(recordWords(JSON.parse(JSON.stringify(api)))).toContain(words);
  expect(stageTable([{ stage: 'inspect', startedMs: 0, endedMs: 1000, failure }], null, null)).toContain(words);
});

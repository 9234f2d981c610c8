/** Shapes of generations; part of schemas.ts, which says how they are used. */
import { z } from 'zod';
import type {} from 'zod-openapi';
import { GENERATION_STATES } from '../domain/generation.js';
import { AT, bytes, CLEAN, HEX, time, videoId } from './schema-fields.js';

const number = z.int().min(1).max(1_000_000);

export const reprocessBody = z
  .strictObject({
    reason: z.string().max(500).regex(CLEAN, 'No control characters, and not empty.').optional().meta({ description: 'Why, for the record.' }),
  })
  .optional()
  .meta({ id: 'ReprocessVideo', description: 'Why the video is to be made once more.', example: { reason: 'The ladder has changed.' } });

export const rollBackBody = z
  .strictObject({
    generation: number.optional().meta({ description: 'Which one to go back to. Absent: the newest published one below the one that is live.' }),
  })
  .optional()
  .meta({ id: 'RollBackVideo', description: 'Which generation players are to get.', example: { generation: 1 } });

const whole = z.int().min(0);
const seconds = z.number().min(0);
const usedFigures = {
  cpu_s: seconds.meta({ description: 'vCPU seconds of ffmpeg.' }),
  wall_s: seconds.meta({ description: 'Time that attempts took, waiting for a core included.' }),
  bytes_read: bytes.meta({ description: 'From the object store.' }),
  bytes_written: bytes.meta({ description: 'To the object store.' }),
  requests: whole.meta({ description: 'To the object store.' }),
  attempts: whole,
};
export const cost = z
  .object({
    ...usedFigures,
    encoded_s: z.record(z.string(), seconds).meta({ description: 'Seconds of film in each quality and sound track that became part of the result.' }),
    wasted: z
      .object(usedFigures)
      .meta({ description: 'The part of these sums that was thrown away: attempts that failed, came late, or did once more what was done.' }),
    unreported: z
      .object({ attempts: whole, cpu_s: seconds.meta({ description: 'What was last heard of them.' }) })
      .meta({ description: 'Beside the sums: attempts that ended without a word, as on a machine that vanished.' }),
  })
  .meta({
    id: 'Cost',
    description: 'What a generation has cost so far. Each attempt at each step counts once.',
    example: {
      ...{ cpu_s: 61.2, wall_s: 70.4, bytes_read: 31_000_000, bytes_written: 12_500_000, requests: 160, attempts: 9 },
      encoded_s: { '720p': 52.2, '480p': 52.2, audio: 52.2 },
      wasted: { cpu_s: 4.1, wall_s: 5, bytes_read: 2_000_000, bytes_written: 0, requests: 4, attempts: 1 },
      unreported: { attempts: 0, cpu_s: 0 },
    },
  });
export type CostJson = z.output<typeof cost>;

export const generation = z
  .object({
    object: z.literal('generation'),
    video_id: videoId,
    generation: number,
    status: z.enum(GENERATION_STATES).meta({ description: 'New states may be added.' }),
    live: z.boolean().meta({ description: 'Players get this one.' }),
    kept: z.boolean().meta({ description: 'It was published and its media are there: it is live, or can be gone back to.' }),
    reason: z.string().nullable().meta({ description: 'What was said when it was asked for; null for the first.' }),
    hls: z.url().nullable().meta({ description: 'Its playlist; null where it is not kept.' }),
    size_bytes: bytes.nullable().meta({ description: 'Of all its media; null where it was not published.' }),
    duration_ms: z.int().min(0).nullable(),
    errors: z.array(z.object({ code: z.string(), message: z.string() })).meta({ description: 'Why it was refused or waits for review.' }),
    cost: cost.nullable().meta({ description: 'null while nothing is known of it.' }),
    created_at: time,
    settled_at: time.nullable().meta({ description: 'When it was published, refused or cancelled.' }),
    superseded_at: time.nullable().meta({ description: 'Since when players get another one; null for what is live, or never was.' }),
    retired_at: time.nullable().meta({ description: 'Since when its media are being removed, or gone.' }),
  })
  .meta({
    id: 'Generation',
    description: 'One encode of a video.',
    example: {
      ...{ object: 'generation', video_id: `vid_${HEX}`, generation: 1, status: 'published', live: true, kept: true, reason: null },
      ...{ hls: `https://cdn.example.com/media/vid_${HEX}/g1/master.m3u8`, size_bytes: 12_400_000, duration_ms: 52_208, errors: [], cost: null },
      ...{ created_at: AT, settled_at: AT, superseded_at: null, retired_at: null },
    },
  });
export type GenerationJson = z.output<typeof generation>;

export const generationList = z
  .object({ object: z.literal('list'), data: z.array(generation) })
  .meta({ id: 'GenerationList', description: 'Every generation of a video, the newest first.', example: { object: 'list', data: [] } });
export type GenerationListJson = z.output<typeof generationList>;

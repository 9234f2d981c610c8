import { z } from 'zod';

/** What the launcher reads of a video's JSON; unknown fields and states are let through, as the API asks of its clients. */
const schema = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  playable: z.boolean(),
  progress: z.object({
    percent: z.number(),
    stage: z.string().nullable(),
    chunks_done: z.number(),
    chunks_total: z.number(),
    eta_s: z.object({ low: z.number(), high: z.number() }).nullable(),
  }),
  generation: z.number(),
  playback: z.object({ hls: z.string(), poster: z.string().nullable(), storyboard_vtt: z.string().nullable() }).nullable(),
  errors: z.array(z.object({ code: z.string(), message: z.string() })),
});
export type VideoJson = z.output<typeof schema>;

export function readVideo(body: unknown): VideoJson {
  return schema.parse(body);
}

export function readVideos(body: unknown): readonly VideoJson[] {
  return z.object({ data: z.array(schema) }).parse(body).data;
}

/** States that only a person or a new upload moves on from. */
export function isEnd(status: string): boolean {
  return ['ready', 'errored', 'cancelled', 'review', 'deleted'].includes(status);
}

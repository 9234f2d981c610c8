import { z } from 'zod';

/** What a client reads of a video's JSON; unknown fields and states are let through, as the API asks of its clients. */
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
  /** The encode that players get; null before the first was published. */
  live_generation: z.number().nullable(),
  playback: z.object({ hls: z.string(), poster: z.string().nullable(), storyboard_vtt: z.string().nullable() }).nullable(),
  /** Why the result is as it is. */
  decisions: z.array(z.object({ code: z.string(), text: z.string() })).default([]),
  errors: z.array(z.object({ code: z.string(), message: z.string() })),
});
export type VideoJson = z.output<typeof schema>;

export function readVideo(body: unknown): VideoJson {
  return schema.parse(body);
}

export function readVideos(body: unknown): readonly VideoJson[] {
  return readVideoPage(body).videos;
}

/** A page of a list, and the cursor of the next; null behind the last. */
export function readVideoPage(body: unknown): { readonly videos: readonly VideoJson[]; readonly nextCursor: string | null } {
  const page = z.object({ data: z.array(schema), next_cursor: z.string().nullable().default(null) }).parse(body);
  return { videos: page.data, nextCursor: page.next_cursor };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readVideos } from '../client/video-json.js';
import type { BenchStack } from './stack.js';

const GIB = 1024 ** 3;

/** The API of a stack, as the load parts ask it. */
export interface ApiTarget {
  readonly url: string;
  readonly apiKey: string;
}

export const apiTarget = (stack: BenchStack): ApiTarget => ({
  url: `http://127.0.0.1:${stack.state().ports.api}`,
  apiKey: readFileSync(join(stack.data, 'api-key'), 'utf8').trim(),
});

/** An upload of many parts that is under way. */
export async function openUpload(stack: BenchStack): Promise<string> {
  const body = { file_name: 'bench.mp4', size_bytes: GIB, content_type: 'video/mp4' };
  const answer = await stack.api().request({ method: 'POST', path: '/v1/uploads', body, signal: soon() });
  const id = (answer?.body as { readonly id?: unknown } | undefined)?.id;
  if (typeof id !== 'string') throw new Error('The upload got no id.');
  return id;
}

/** The sample clip that warmed the stack up. */
export async function readyVideo(stack: BenchStack): Promise<{ id: string; etag: string }> {
  const list = await stack.api().request({ method: 'GET', path: '/v1/videos', signal: soon() });
  const found = readVideos(list?.body).find((video) => video.status === 'ready');
  if (found === undefined) throw new Error('No video is ready.');
  const one = await stack.api().request({ method: 'GET', path: `/v1/videos/${found.id}`, signal: soon() });
  if (one?.etag === undefined) throw new Error('A video was answered without ETag.');
  return { id: found.id, etag: one.etag };
}

const soon = (): AbortSignal => AbortSignal.timeout(10_000);

import { createApiClient } from './api-client.js';
import type { ApiOptions } from './api-options.js';
import type { Upload, Video, VideoEvent } from './api-types.js';
import { type EventWish, followEvents } from './follow-events.js';
import { type UploadOptions, uploadFile } from './upload-file.js';
import { watchVideo } from './watch-video.js';

export type { ApiClient } from './api-client.js';
export { bodyOf } from './api-client.js';
export type { ApiOptions } from './api-options.js';
export * from './api-types.js';
export { CLIENT_CODES, type ClientCode, ClientFault } from './client-fault.js';
export type { components, operations, paths } from './openapi-types.js';
export { resumeFile } from './resume-file.js';
export type { ResumeMemory, ResumeRecord } from './resume-record.js';
export type { UploadEvent } from './upload-file.js';
export { verifyWebhook, type WebhookHeaders, type WebhookPayload } from './verify-webhook.js';

type Optional<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;
export type UploadWish = Optional<Omit<UploadOptions, 'api' | 'file' | 'endpoint'>, 'signal' | 'onVideoId' | 'onProgress'>;

export interface WaitWish {
  /** Each change, the last one too. */
  readonly onChange?: (video: Video) => void;
  readonly signal?: AbortSignal;
}

export interface ReelmillClient {
  /** Every call of the API, typed by its description. */
  readonly api: ReturnType<typeof createApiClient>;
  /** Uploads a file in parts, straight into the store, through breaks of any kind; resolves when the API has taken it. With `memory`, also through the end of this process. */
  upload(file: string, wish?: UploadWish): Promise<Upload>;
  /** Resolves when a video is ready, errored, cancelled or in review: its `status` says which, and `errors` why. */
  waitForVideo(videoId: string, wish?: WaitWish): Promise<Video>;
  /** What happens, in order, as it happens; none is left out and none comes twice. */
  events(wish?: Optional<EventWish, 'signal'>): AsyncGenerator<VideoEvent, void, undefined>;
}

const nothing = (): void => undefined;

/** Everything rejects with a ClientFault, whose `code` is the API's own or one of CLIENT_CODES; or with the signal's reason. */
export function createClient(options: ApiOptions): ReelmillClient {
  const api = createApiClient(options);
  const never = new AbortController().signal;
  return {
    api,
    upload: (file, wish = {}) =>
      uploadFile({ signal: never, onVideoId: nothing, onProgress: nothing, ...wish, api, file, endpoint: options.baseUrl }),
    waitForVideo: (videoId, { onChange = nothing, signal = never } = {}) => watchVideo(api, videoId, onChange, signal),
    events: (wish = {}) => followEvents(options, { signal: never, ...wish }),
  };
}

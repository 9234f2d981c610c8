import type { SizeClass } from '../domain/size-class.js';

/** Task queues by what the work needs, never by tenant. */
export const QUEUES = {
  /** Workflows, catalogue, S3 control calls, packaging, publishing. On-demand machines. */
  control: 'control',
  /** ffprobe over a source. Light. */
  inspect: 'inspect',
  /** Calls to receivers of webhooks: they may be slow, and must not keep others waiting. */
  webhooks: 'webhooks',
} as const;

/** ffmpeg: chunks and audio. Spot machines; slots = cores. One encoder may poll several. */
export const encodeQueue = (size: SizeClass): string => `encode-${size}`;

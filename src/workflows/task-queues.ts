/** Task queues by what the work needs, never by tenant. */
export const QUEUES = {
  /** Workflows, catalogue, S3 control calls, packaging, publishing. On-demand machines. */
  control: 'control',
  /** ffprobe over a source. Light. */
  inspect: 'inspect',
  /** ffmpeg: chunks, audio, pictures. Spot machines; slots = cores. */
  encode: 'encode-medium',
} as const;
export type QueueName = (typeof QUEUES)[keyof typeof QUEUES];

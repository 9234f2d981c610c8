/** Entry of the workflow bundle: what a control worker can run. */
export { deleteVideo } from './delete-video.js';
export { deliverWebhook } from './deliver-webhook.js';
export { encodeChunks } from './encode-chunks.js';
export { processVideo } from './process-video.js';
export { reconcile } from './reconcile.js';
export { takeIn } from './take-in.js';
export { upload } from './upload.js';

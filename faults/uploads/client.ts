/** One upload in a process of its own, so that it can be measured and killed: `node client.js FILE`, address and key in REELMILL_URL and REELMILL_API_KEY. */
import { createApiClient } from '../../stack/client/api-client.js';
import { uploadFile } from '../../stack/client/upload-file.js';

const [file = ''] = process.argv.slice(2);
const api = createApiClient({ baseUrl: process.env.REELMILL_URL ?? '', apiKey: process.env.REELMILL_API_KEY ?? '' });
let videoId = '';
await uploadFile({
  api,
  file,
  signal: new AbortController().signal,
  onVideoId: (id) => {
    videoId = id;
  },
  onProgress: () => undefined,
});
console.log(JSON.stringify({ video_id: videoId }));
process.exit(0);

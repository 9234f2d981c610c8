import { block, type Html, html } from './html.js';

/** Written by hand; everything behind it comes from the document. */
export const GUIDE_SECTIONS = [
  { id: 'guide-start', title: 'Before you begin' },
  { id: 'guide-upload', title: 'Upload in five calls' },
  { id: 'guide-wait', title: 'Wait, or be told' },
  { id: 'guide-webhooks', title: 'Verify a webhook' },
  { id: 'guide-problems', title: 'When something is refused' },
] as const;

const section = (id: (typeof GUIDE_SECTIONS)[number]['id'], text: Html): Html => {
  const { title } = GUIDE_SECTIONS.find((each) => each.id === id) ?? { title: '' };
  return html`<section id="${id}" aria-labelledby="${id}-name"><h2 id="${id}-name">${title}</h2>${text}</section>`;
};

/** What a shell runs, one after the other, in the folder of a small clip.mp4. A test runs them. */
export const UPLOAD_COMMANDS = [
  `curl -s -X POST "$REELMILL_URL/v1/uploads" \\
  -H "Authorization: Bearer $REELMILL_API_KEY" -H "Content-Type: application/json" \\
  -H "Idempotency-Key: my-first-upload" \\
  -d "{\\"file_name\\": \\"clip.mp4\\", \\"size_bytes\\": $(wc -c < clip.mp4)}" > upload.json`,
  `curl -s -X POST "$REELMILL_URL/v1/uploads/$(jq -r .id upload.json)/parts" \\
  -H "Authorization: Bearer $REELMILL_API_KEY" -H "Content-Type: application/json" \\
  -d "{\\"part_numbers\\": $(jq -c .missing_parts upload.json)}" > parts.json`,
  `size=$(jq .part_size_bytes upload.json)
jq -c '.parts[]' parts.json | while read -r part; do
  tail -c +$(( ($(jq .part_number <<< "$part") - 1) * size + 1 )) clip.mp4 | head -c "$size" > part.bin
  curl -s --fail -T part.bin "$(jq -r .url <<< "$part")"
done`,
  `curl -s -X POST "$REELMILL_URL/v1/uploads/$(jq -r .id upload.json)/complete" \\
  -H "Authorization: Bearer $REELMILL_API_KEY"`,
  `curl -s "$REELMILL_URL/v1/videos/$(jq -r .video_id upload.json)?wait=30" \\
  -H "Authorization: Bearer $REELMILL_API_KEY"`,
] as const;

const [create, sign, put, complete, look] = UPLOAD_COMMANDS;

const CLIENT = `import { env } from 'node:process';
import { createClient } from '@reelmill/client';

const reelmill = createClient({ baseUrl: env.REELMILL_URL, apiKey: env.REELMILL_API_KEY });
const upload = await reelmill.upload('clip.mp4');
const video = await reelmill.waitForVideo(upload.video_id);
console.log(video.status, video.playback?.hls);`;

const EVENTS = `for await (const event of reelmill.events({ after: lastId })) {
  console.log(event.video_id, event.type);
  lastId = event.id;
}`;

const VERIFY = `import { createServer } from 'node:http';
import { env } from 'node:process';
import { verifyWebhook } from '@reelmill/client';

createServer(async (request, response) => {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  try {
    const { type, data } = verifyWebhook(Buffer.concat(pieces), request.headers, env.WEBHOOK_SECRET);
    console.log(type, data);
    response.writeHead(204).end();
  } catch {
    response.writeHead(400).end();
  }
}).listen(8080);`;

export const GUIDE: Html = html`${section(
  'guide-start',
  html`<p>Every call needs an API key: <code>Authorization: Bearer rm_live_…</code>. The commands below take it, and the address of the API, from the environment.</p>
${block('export REELMILL_URL=http://127.0.0.1:8080\nexport REELMILL_API_KEY=rm_live_…')}
<p>In Node, <code>@reelmill/client</code> does all of what follows, and lives through breaks of the line:</p>
${block(CLIENT)}`,
)}
${section(
  'guide-upload',
  html`<p>The bytes go straight into the object store, in parts; the API only says where to. Any part may be sent again, in any order, until the upload is complete.</p>
<ol>
<li><p>Announce the file. Send an <code>Idempotency-Key</code>: the same call again gives the same upload.</p>${block(create)}</li>
<li><p>Ask for an address for each part that is missing, at most 100 at a time.</p>${block(sign)}</li>
<li><p>Send each part, in its exact size. A 403 means that its address has ended: ask for another.</p>${block(put)}</li>
<li><p>Say that all is sent. What the store holds decides; if a part is missing, the answer is 409 and names it.</p>${block(complete)}</li>
<li><p>Look at the video.</p>${block(look)}</li>
</ol>
<p>A file of up to 5 GiB can also go in one piece: create the upload with <code>"method": "put"</code> and PUT the file to <code>put_url</code>. A browser takes <code>client_url</code>, which needs no key.</p>`,
)}
${section(
  'guide-wait',
  html`<p>Ask again with <code>?wait=30</code> and <code>If-None-Match</code>: the answer comes as soon as something has changed, or after 30 seconds with 304. <code>playable</code> turns true long before the video is <code>ready</code>.</p>
<p>Or let events come, in order and without a gap: <a href="#listEvents">all of an account</a> or <a href="#listVideoEvents">those of one video</a>, with <code>Accept: text/event-stream</code>. After a break, <code>Last-Event-ID</code> goes on where it was.</p>
${block(EVENTS)}`,
)}
${section(
  'guide-webhooks',
  html`<p><a href="#createWebhook">Create a webhook</a> and keep its secret: it is shown once. Events are sent as Standard Webhooks 1.0.0 says, at least once, those of a video one after the other. Verify the signature over the body as it came, before you believe it:</p>
${block(VERIFY)}
<p>An event that comes again has the same <code>webhook-id</code>. Any 2xx within 15 seconds is an answer; 410 ends the webhook.</p>`,
)}
${section(
  'guide-problems',
  html`<p>Every refusal is <code>application/problem+json</code>: <code>code</code> is for programs, <code>detail</code> says what to do, <code>request_id</code> is what to name when you ask for help. <a href="/docs/errors">All codes</a>.</p>
<p>429 and 503 say in <code>Retry-After</code> when to come again. Calls of an upload that is under way never answer 429.</p>`,
)}`;

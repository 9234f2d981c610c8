/** Says whether ffmpeg can be shut in on this machine: one line of JSON. For `npm start` and its doctor, before an encoder is started. */
import { proveSandbox } from '../src/media/prove-sandbox.js';

const startedAt = performance.now();
const proof = await proveSandbox();
const tookMs = Math.round(performance.now() - startedAt);
console.log(JSON.stringify(proof.sandbox === null ? { sandbox: false, why: proof.why, tookMs } : { sandbox: true, tookMs }));

import { type Row, text } from './row.js';

/** Files that are lists of other files: whoever follows one reads what is not his, or asks a server. */
export const LIST_ROWS: readonly Row[] = [
  {
    name: 'HLS playlist with an HTTP segment',
    build: ({ canary }) => text(hls(`http://127.0.0.1:${canary.port}/segment.ts`)),
  },
  { name: 'HLS playlist with /etc/passwd', build: () => text(hls('file:///etc/passwd')) },
  { name: 'HLS playlist with another film', build: ({ canary }) => text(hls(`file://${canary.file}`)) },
  {
    name: 'HLS playlist with a key from the network',
    build: ({ canary }) => text(hls('a.ts').replace('#EXTINF', `#EXT-X-KEY:METHOD=AES-128,URI="http://127.0.0.1:${canary.port}/key"\n#EXTINF`)),
  },
  { name: 'HLS playlist with data', build: () => text(hls('data:video/mp2t;base64,R0AAEAAA')) },
  {
    name: 'HLS playlist without an end',
    build: ({ canary }) => text(hls(`http://127.0.0.1:${canary.port}/live.ts`).replace('#EXT-X-ENDLIST\n', '')),
  },
  { name: 'HLS playlist of itself', build: () => text(hls('source').replace('#EXT-X-ENDLIST\n', '')) },
  {
    name: 'HLS master playlist',
    build: ({ canary }) => text(`#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://127.0.0.1:${canary.port}/v.m3u8\n`),
  },
  { name: 'ffconcat, relative', build: () => text("ffconcat version 1.0\nfile 'other.mp4'\n") },
  { name: 'ffconcat, absolute', build: ({ canary }) => text(`ffconcat version 1.0\nfile '${canary.file}'\n`) },
  { name: 'ffconcat, HTTP', build: ({ canary }) => text(`ffconcat version 1.0\nfile 'http://127.0.0.1:${canary.port}/x.mp4'\n`) },
  { name: 'ffconcat of itself', build: () => text(`ffconcat version 1.0\n${"file 'source'\n".repeat(3)}`) },
  { name: 'DASH manifest, HTTP', build: ({ canary }) => text(mpd(`http://127.0.0.1:${canary.port}/x.mp4`)) },
  { name: 'DASH manifest, file', build: ({ canary }) => text(mpd(`file://${canary.file}`)) },
  {
    name: 'DASH manifest with an external entity',
    build: () => text(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${mpd('&e;')}`),
  },
  {
    name: 'DASH manifest with entities in entities',
    build: () => {
      const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
      const nested = names.slice(1).map((name, n) => `<!ENTITY ${name} "${`&${names[n]};`.repeat(10)}">`);
      return text(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "laugh">${nested.join('')}]>${mpd('&h;')}`);
    },
  },
  {
    name: 'SDP',
    build: ({ canary }) =>
      text(`v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video ${canary.port} RTP/AVP 96\na=rtpmap:96 H264/90000\n`),
  },
  {
    name: 'IMF composition playlist',
    build: () =>
      text('<?xml version="1.0"?><CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/2067-3/2016"><Id>urn:uuid:0</Id></CompositionPlaylist>'),
  },
  { name: 'SVG with a link', build: ({ canary }) => text(svg(`<image xlink:href="http://127.0.0.1:${canary.port}/x.png" width="9" height="9"/>`)) },
  { name: 'SVG with a file', build: () => text(svg('<image xlink:href="file:///etc/passwd" width="9" height="9"/>')) },
  {
    name: 'SVG, 30 000 pixels wide',
    build: () => text(svg('<rect width="30000" height="30000"/>').replace('<svg ', '<svg width="30000" height="30000" ')),
  },
  {
    name: 'VobSub index',
    build: () => text('# VobSub index file, v7\nsize: 720x576\nid: en, index: 0\ntimestamp: 00:00:01:000, filepos: 000000000\n'),
  },
  {
    name: 'subtitles with a script',
    build: () =>
      text('[Script Info]\nScriptType: v4.00+\n[Fonts]\nfontname: ../../x.ttf\n[Events]\nDialogue: 0,0:0:0.0,0:9:0.0,Default,,0,0,0,,{\\p1}m 0 0\n'),
  },
  { name: 'a shell script', build: () => text('#!/bin/sh\nid\n') },
  { name: 'HTML', build: () => text('<html><video src="http://127.0.0.1/x.mp4"></video></html>') },
  { name: 'image sequence pattern', build: () => text('x%03d.jpg\n') },
  { name: 'ffmetadata', build: () => text(';FFMETADATA1\ntitle=x\n[CHAPTER]\nSTART=0\nEND=9\n') },
];

const hls = (segment: string): string => `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:5\n#EXTINF:5.0,\n${segment}\n#EXT-X-ENDLIST\n`;
const svg = (body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">${body}</svg>`;
const mpd = (address: string): string =>
  `<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT9S"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>${address}</BaseURL></Representation></AdaptationSet></Period></MPD>`;

import { createHash } from 'node:crypto';
import type { Answer } from '../route.js';
import { type Html, html } from './html.js';
import { STYLE } from './style.js';

interface Page {
  readonly title: string;
  /** Left out on pages that are short. */
  readonly nav?: Html;
  readonly main: Html;
}

/** No script, nothing from elsewhere: the one style is named by its hash. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE.text).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A page for people. Made once; it changes with the release only. */
export function pageAnswer(page: Page): Answer {
  return {
    status: 200,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': POLICY, 'Cache-Control': 'public, max-age=300' },
    body: pageOf(page).text,
  };
}

function pageOf({ title, nav, main }: Page): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#main">To the text</a>
<header><p class="brand"><a href="/docs">Reelmill</a></p><p><a href="/docs">API</a> <a href="/docs/errors">Error codes</a> <a href="/openapi.json">openapi.json</a></p></header>
<div class="${nav ? 'columns' : 'column'}">
${nav}
<main id="main" tabindex="-1">
${main}
</main>
</div>
</body>
</html>`;
}

import { ERROR_CODES, type ErrorCode } from '../../domain/errors.js';
import { statusOf, titleOf } from '../problem.js';
import { type Html, html } from './html.js';

/** Every code with its status and what to do; a problem's `type` leads to its paragraph. */
export function errorsPage(): { readonly title: string; readonly main: Html } {
  const rows = (Object.keys(ERROR_CODES) as ErrorCode[]).map(
    (code) =>
      html`<dt id="${code}"><code>${code}</code> <span class="tag">${statusOf(code)}</span> ${titleOf(code)}</dt><dd>${ERROR_CODES[code].text}</dd>`,
  );
  return {
    title: 'Reelmill error codes',
    main: html`<h1>Error codes</h1><p>What stands in <code>code</code> of a problem, or in <code>errors</code> of an upload or a video. New ones may be added.</p><dl>${rows}</dl>`,
  };
}

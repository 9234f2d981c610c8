/** Markup, as opposed to text. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = Html | string | number | readonly Value[] | null | undefined | false;

/** A template whose values are escaped, unless they are markup themselves; lists are joined, what is absent is nothing. */
export function html(pieces: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(pieces.map((piece, index) => (index === 0 ? piece : markup(values[index - 1]) + piece)).join(''));
}

function markup(value: Value): string {
  if (value instanceof Html) return value.text;
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'object') return value.map(markup).join('');
  return escaped(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

/** Descriptions: an empty line ends a paragraph, `backticks` are code. */
export function paragraphs(text: string | undefined): Html {
  return html`${(text ?? '')
    .split(/\n{2,}/)
    .filter(Boolean)
    .map((paragraph) => html`<p>${inline(paragraph)}</p>`)}`;
}

export function inline(text: string): Html {
  return html`${text.split(/`([^`]+)`/).map((piece, index) => (index % 2 === 1 ? html`<code>${piece}</code>` : piece))}`;
}

export const block = (text: string): Html => html`<pre tabindex="0"><code>${text}</code></pre>`;
export const json = (value: unknown): Html => block(JSON.stringify(value, null, 2));

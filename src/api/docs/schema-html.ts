import { nameOf, type Schema } from './described.js';
import { type Html, html, inline } from './html.js';

interface Row {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/** The fields of a shape, one a row; those of shapes within it by their way: `progress.percent`, `parts[].url`. */
export function fieldsTable(schema: Schema): Html | null {
  const rows = rowsOf(schema, '');
  if (rows.length === 0) return null;
  return table(
    ['Field', 'Type', 'What it is'],
    rows.map((row) => [
      html`<code>${row.name}</code>${row.required && html` <span class="tag">required</span>`}`,
      typeHtml(row.schema),
      words(row.schema),
    ]),
  );
}

/** The first cell of each row names it. */
export function table(heads: readonly string[], rows: readonly (readonly (Html | null)[])[]): Html {
  const head = heads.map((each) => html`<th scope="col">${each}</th>`);
  const line = ([first, ...rest]: readonly (Html | null)[]): Html =>
    html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  return html`<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${rows.map(line)}</tbody></table></div>`;
}

function rowsOf(schema: Schema, before: string): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const row = { name: before + name, schema: field, required: schema.required?.includes(name) ?? false };
    const inside = partsOf(field).flatMap((part) => (part.items ? rowsOf(part.items, `${row.name}[].`) : rowsOf(part, `${row.name}.`)));
    return [row, ...inside];
  });
}

const partsOf = (schema: Schema): readonly Schema[] => schema.anyOf ?? schema.oneOf ?? [schema];

/** What can stand there: "integer, 1 to 100, or null", with a link where it is a shape with a name. */
export function typeHtml(schema: Schema): Html {
  const name = nameOf(schema);
  if (name !== null) return html`<a href="#schema-${name}">${name}</a>`;
  const parts = schema.anyOf ?? schema.oneOf;
  if (parts) return html`${parts.map((part, index) => html`${index > 0 && ' or '}${typeHtml(part)}`)}`;
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum) return html`${schema.enum.map((value, index) => html`${index > 0 && ', '}<code>${String(value)}</code>`)}`;
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['anything']);
  return html`${types.map((type, index) => html`${index > 0 && ' or '}${oneType(type, schema)}`)}`;
}

function oneType(type: string, schema: Schema): Html {
  if (type === 'array') return html`list of ${typeHtml(schema.items ?? {})}`;
  if (type === 'string' && schema.format === 'date-time') return html`time`;
  if (type === 'string' && schema.format === 'uri') return html`address`;
  if (type === 'string') return html`text${bounds(schema.minLength, schema.maxLength, ' characters')}`;
  if (type === 'integer' || type === 'number') return html`${type}${bounds(schema.minimum, schema.maximum, '')}`;
  if (type === 'object' && typeof schema.additionalProperties === 'object') return html`map to ${typeHtml(schema.additionalProperties)}`;
  return html`${type}`;
}

function bounds(least: number | undefined, most: number | undefined, unit: string): string {
  // Beyond this an integer is not exact in JSON: a bound that nobody chose.
  const top = most === undefined || most >= Number.MAX_SAFE_INTEGER ? undefined : most;
  const low = least === undefined || least <= Number.MIN_SAFE_INTEGER ? undefined : least;
  if (low !== undefined && top !== undefined) return `, ${low} to ${top}${unit}`;
  if (top !== undefined) return `, at most ${top}${unit}`;
  return low === undefined ? '' : `, at least ${low}${unit}`;
}

/** Its description, its default, an example. */
export function words(schema: Schema, more: { readonly description?: string; readonly example?: unknown } = {}): Html {
  const description = more.description ?? schema.description;
  const example = more.example ?? schema.example ?? schema.examples?.[0];
  return html`${description && html`<p>${inline(description)}</p>`}${
    schema.default !== undefined && html`<p class="soft">Default <code>${JSON.stringify(schema.default)}</code></p>`
  }${example !== undefined && typeof example !== 'object' && html`<p class="soft">Such as <code>${String(example)}</code></p>`}`;
}

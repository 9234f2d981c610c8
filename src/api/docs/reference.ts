import { bodyExample, curlOf, exampleOfSchema } from './curl.js';
import { type Call, callsOf, type Described, nameOf, type Parameter, type Response, type Schema } from './described.js';
import { GUIDE, GUIDE_SECTIONS } from './guide.js';
import { block, type Html, html, inline, json, paragraphs } from './html.js';
import { fieldsTable, table, typeHtml, words } from './schema-html.js';

/** The whole API for people: a guide, and every call and every shape of the document. */
export function referencePage(document: Described): { readonly title: string; readonly nav: Html; readonly main: Html } {
  const calls = callsOf(document);
  const tags = document.tags.map((tag) => ({ ...tag, calls: calls.filter((call) => call.tags.includes(tag.name)) }));
  const shapes = Object.entries(document.components.schemas);
  const nav = html`<nav aria-label="Contents">
<h2>Guide</h2><ul>${GUIDE_SECTIONS.map(({ id, title }) => link(id, title))}</ul>
${tags.map(({ name, calls: own }) => html`<h2>${name}</h2><ul>${own.map((call) => link(call.operationId, call.summary))}</ul>`)}
<h2>Shapes</h2><ul>${shapes.map(([name]) => link(`schema-${name}`, name))}</ul>
</nav>`;
  const main = html`<h1>${document.info.title} API <span class="tag">${document.info.version}</span></h1>
${paragraphs(document.info.description)}
${GUIDE}
${tags.map(
  ({ name, description, calls: own }) =>
    html`<section id="tag-${name}" aria-labelledby="tag-${name}-name"><h2 id="tag-${name}-name">${titled(name)}</h2>${paragraphs(description)}${own.map((call) => callHtml(call, document))}</section>`,
)}
<section id="schemas" aria-labelledby="schemas-name"><h2 id="schemas-name">Shapes</h2>${shapes.map(([name, schema]) => shapeHtml(name, schema))}</section>`;
  return { title: `${document.info.title} API`, nav, main };
}

const link = (id: string, text: string): Html => html`<li><a href="#${id}">${text}</a></li>`;
const titled = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

function callHtml(call: Call, document: Described): Html {
  const scopes = call.security.flatMap(({ apiKey }) => apiKey ?? []);
  const body = call.requestBody?.content['application/json']?.schema;
  const example = bodyExample(call, document);
  const answers = Object.entries(call.responses);
  return html`<article id="${call.operationId}" aria-labelledby="${call.operationId}-name">
<h3 id="${call.operationId}-name">${call.summary}</h3>
<p class="call"><span class="method">${call.method}</span> <code>${call.path}</code></p>
${paragraphs(call.description)}
${scopes.length > 0 && html`<p class="soft">A key with ${scopes.map((scope, index) => html`${index > 0 && ' or '}<code>${scope}</code>`)}.</p>`}
${parametersHtml(call.parameters ?? [])}
${body && html`<h4>Body${!call.requestBody?.required && ' (may be left out)'}</h4>${nameOf(body) ? html`<p>${typeHtml(body)}</p>` : fieldsTable(body)}`}
${example !== undefined && json(example)}
<h4>With curl</h4>
${block(curlOf(call, document))}
<h4>Answers</h4>
${answersTable(
  answers.filter(([status]) => Number(status) < 400),
  document,
)}
<details><summary>Problems (${answers.filter(([status]) => Number(status) >= 400).length})</summary>${problemsTable(answers.filter(([status]) => Number(status) >= 400))}</details>
</article>`;
}

function parametersHtml(parameters: readonly Parameter[]): Html | null {
  if (parameters.length === 0) return null;
  const rows = parameters.map((parameter) => {
    const { name, required, schema = {} } = parameter;
    return [
      html`<code>${name}</code>${required && html` <span class="tag">required</span>`}`,
      html`${parameter.in}`,
      typeHtml(schema),
      words(schema, parameter),
    ];
  });
  return html`<h4>Parameters</h4>${table(['Name', 'In', 'Type', 'What it is'], rows)}`;
}

function answersTable(answers: readonly (readonly [string, Response])[], document: Described): Html {
  const rows = answers.map(([status, { description, content = {}, headers = {} }]) => {
    const kinds = Object.entries(content).map(([type, { schema = {} }]) => html`<p>${typeHtml(schema)} <span class="soft">${type}</span></p>`);
    const named = Object.entries(headers).filter(([name]) => name !== 'X-Request-Id');
    const said = named.map(([name, header]) => html`<p class="soft"><code>${name}</code> ${header.description}</p>`);
    return [html`${status}`, html`${kinds}`, html`<p>${inline(description)}</p>${said}`];
  });
  const example = answers
    .map(([, { content }]) => exampleOfSchema(content?.['application/json']?.schema, document))
    .find((each) => each !== undefined);
  return html`${table(['Status', 'Body', 'Meaning'], rows)}${example !== undefined && html`<details><summary>Example</summary>${json(example)}</details>`}`;
}

/** A description lists its codes as "CODE: what to do", one a paragraph. */
function problemsTable(answers: readonly (readonly [string, Response])[]): Html {
  const rows = answers.flatMap(([status, { description }]) =>
    description.split(/\n{2,}/).map((line) => {
      const [, code, text] = /^([A-Z][A-Z0-9_]+): (.*)$/s.exec(line) ?? [];
      return [html`${status}`, code ? html`<a href="/docs/errors#${code}"><code>${code}</code></a>` : null, html`${inline(text ?? line)}`];
    }),
  );
  return table(['Status', 'Code', 'What it means'], rows);
}

function shapeHtml(name: string, schema: Schema): Html {
  return html`<article id="schema-${name}" aria-labelledby="schema-${name}-name"><h3 id="schema-${name}-name">${name}</h3>
${paragraphs(schema.description)}
${fieldsTable(schema) ?? html`<p>${typeHtml(schema)}</p>`}
${schema.example !== undefined && html`<details><summary>Example</summary>${json(schema.example)}</details>`}
</article>`;
}

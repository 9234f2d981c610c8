import { type Call, type Described, nameOf, type Schema } from './described.js';

/** A command that makes this call, for a shell with REELMILL_URL and REELMILL_API_KEY. */
export function curlOf(call: Call, document: Described): string {
  const path = call.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => String(exampleOf(call, name, document) ?? `{${name}}`));
  const body = bodyExample(call, document);
  const lines = [
    `curl ${call.method === 'GET' ? '' : `-X ${call.method} `}"$REELMILL_URL${path}"`,
    ...(call.security.length > 0 ? ['-H "Authorization: Bearer $REELMILL_API_KEY"'] : []),
    ...(call.parameters?.some(({ name }) => name === 'idempotency-key') ? ['-H "Idempotency-Key: chosen-by-you"'] : []),
    ...(body === undefined ? [] : ['-H "Content-Type: application/json"', `-d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`]),
  ];
  return lines.join(' \\\n  ');
}

function exampleOf(call: Call, name: string, document: Described): unknown {
  const parameter = call.parameters?.find((each) => each.in === 'path' && each.name === name);
  return parameter?.example ?? exampleOfSchema(parameter?.schema, document);
}

/** undefined where the call takes no body, or takes an empty one. */
export function bodyExample(call: Call, document: Described): unknown {
  const example = exampleOfSchema(call.requestBody?.content['application/json']?.schema, document);
  return call.requestBody?.required || example !== undefined ? example : undefined;
}

export function exampleOfSchema(schema: Schema | undefined, document: Described): unknown {
  if (schema === undefined) return undefined;
  const name = nameOf(schema);
  return schema.example ?? schema.examples?.[0] ?? (name === null ? undefined : document.components.schemas[name]?.example);
}

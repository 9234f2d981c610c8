/** `metadata[order]=7` as `{metadata: {order: '7'}}`: how OpenAPI's style deepObject writes an object. All else stays as it is. */
export function nestedQuery(query: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (!Object.keys(query).some((name) => name.endsWith(']'))) return query;
  const nested = new Map<string, [string, unknown][]>();
  const flat: [string, unknown][] = [];
  for (const [name, value] of Object.entries(query)) {
    const [, outer, inner] = NESTED.exec(name) ?? [];
    if (outer === undefined || inner === undefined) flat.push([name, value]);
    // zod passes over this name without a word; in this form it is refused like any wrong one.
    else nested.set(outer, [...(nested.get(outer) ?? []), [inner === '__proto__' ? '[__proto__]' : inner, value]]);
  }
  const objects = [...nested].map(([name, entries]) => [name, Object.fromEntries(entries)] as const);
  return { ...Object.fromEntries(objects), ...Object.fromEntries(flat) };
}

const NESTED = /^([a-z_]+)\[([^[\]]*)\]$/;

import openapiTypes, { astToString } from 'openapi-typescript';

/** TypeScript of the document, as a file of its own. What a default stands for may be left out. */
export async function types(document) {
  return astToString(await openapiTypes(brief(document), { defaultNonNullable: false }));
}

/** Without what no type is made of: headers of answers, and the sentences of problems, of which the codes stay. */
function brief(document) {
  const short = structuredClone(document);
  for (const operation of Object.values(short.paths).flatMap((methods) => Object.values(methods))) {
    for (const [status, response] of Object.entries(operation.responses)) {
      delete response.headers;
      if (Number(status) >= 400) response.description = (response.description.match(/^[A-Z][A-Z_]+(?=:)/gm) ?? [response.description]).join(', ');
    }
  }
  return short;
}

import { createConfig, lintFromString } from '@redocly/openapi-core';

/** All that the linter recommends, as errors, and what a client's author needs of every operation. */
const RULES = {
  'operation-operationId': 'error',
  'operation-operationId-unique': 'error',
  'operation-operationId-url-safe': 'error',
  'operation-summary': 'error',
  'operation-tag-defined': 'error',
  'operation-singular-tag': 'error',
  'operation-4xx-response': 'error',
  'operation-parameters-unique': 'error',
  'tag-description': 'error',
  'security-defined': 'error',
  'path-parameters-defined': 'error',
  // Uppy's own addresses: …/multipart/{id}/batch beside …/multipart/{id}/{part_number}, which is a number.
  'no-ambiguous-paths': 'off',
  'no-unused-components': 'error',
  'no-invalid-media-type-examples': 'error',
  'no-invalid-schema-examples': 'error',
  'no-invalid-parameter-examples': 'error',
  'no-required-schema-properties-undefined': 'error',
  'no-schema-type-mismatch': 'error',
  'no-duplicated-tag-names': 'error',
};

/** @returns what is wrong, each as "rule at place: words" */
export async function lint(document) {
  const config = await createConfig({ extends: ['recommended'], rules: RULES });
  const problems = await lintFromString({ source: JSON.stringify(document, null, 1), absoluteRef: 'openapi.json', config });
  return problems
    .filter(({ ignored, ruleId, location }) => !ignored && !(ruleId === 'operation-4xx-response' && takesNothing(document, location[0].pointer)))
    .map(({ ruleId, message, location }) => `${ruleId} at ${location.map(({ pointer }) => pointer).join(', ')}: ${message}`);
}

/** Open to everybody, with no parameter and no body: there is nothing that it could refuse. */
function takesNothing(document, pointer) {
  const [, , path, method] = pointer.split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const operation = document.paths[path][method];
  return !operation.security?.length && !operation.parameters?.length && !operation.requestBody;
}

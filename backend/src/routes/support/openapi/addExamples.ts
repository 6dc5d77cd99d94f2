/**
 * Gives each operation an example of what is sent and answered, and each parameter one of its
 * value.
 */
import { type ApiDocument, type MediaType, nameOf, operationsOf } from './document.js';
import { exampleOf } from './exampleOf.js';

export function addExamples(document: ApiDocument): void {
  const { schemas, examples } = document.components;
  const show = (media: MediaType, isShort: boolean): void => {
    const name = nameOf(media.schema);
    if (name === undefined) return;
    examples[name] ??= { value: exampleOf(media.schema, { schemas, isShort }) };
    media.examples = { default: { $ref: `#/components/examples/${name}` } };
  };
  for (const operation of operationsOf(document)) {
    for (const parameter of operation.parameters ?? [])
      if ('schema' in parameter)
        parameter.example ??= exampleOf(parameter.schema, { schemas, isShort: false }, parameter.name);
    // A form has files, which no text shows.
    for (const [type, media] of Object.entries(operation.requestBody?.content ?? {}))
      if (type.endsWith('json')) show(media, true);
    for (const answer of Object.values(operation.responses))
      if (!('$ref' in answer)) for (const media of Object.values(answer.content ?? {})) show(media, false);
  }
}

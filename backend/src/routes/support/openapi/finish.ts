/** The steps that turn the document of the schemas into the one that is published. */
import { addExamples } from './addExamples.js';
import { addDiscriminators, mergeTwins, openAnswers } from './answers.js';
import type { ApiDocument } from './document.js';
import { nameSchemas } from './namedSchemas.js';
import { simplify } from './plainSchemas.js';
import { shareParts } from './sharedParts.js';
import { describe } from './texts.js';

/** Changes the document: each step needs the one before. */
export function finish(document: ApiDocument): void {
  simplify(document);
  mergeTwins(document);
  nameSchemas(document);
  addDiscriminators(document);
  openAnswers(document);
  describe(document);
  addExamples(document);
  shareParts(document);
}

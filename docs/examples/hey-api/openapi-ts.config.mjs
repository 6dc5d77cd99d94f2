/** `openapi-ts -f openapi-ts.config.mjs`: imports with the endings that Node needs. */
export default {
  input: process.env.SERVIO_DESCRIPTION ?? 'http://127.0.0.1:3000/openapi.json',
  output: { path: 'servio', importFileExtension: '.js' },
};

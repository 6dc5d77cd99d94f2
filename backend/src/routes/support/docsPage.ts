/** The page `/docs`: Swagger UI with a search and a demo restaurant. */

export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Servio API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/start.css">
</head>
<body>
<p id="demo"><button type="button">Open a demo and log in</button> <output></output></p>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

export const STYLE = `#demo { max-width: 1420px; margin: 1rem auto 0; padding: 0 1.25rem; font: 1rem/1.5 sans-serif }
#demo button { font: inherit; min-height: 2.75rem; padding: 0 1rem; cursor: pointer }
/* Swagger UI's own colours have a contrast of 2 to 3.8; these have 4.5 at least. */
html:not(.dark-mode) .swagger-ui .opblock .opblock-summary-method { color: #111; text-shadow: none }
html:not(.dark-mode) .swagger-ui .btn.authorize { color: #1b7a4f; border-color: #1b7a4f }
html:not(.dark-mode) .swagger-ui .btn.authorize svg { color: #1b7a4f; fill: #1b7a4f }
html:not(.dark-mode) .swagger-ui .info a, html:not(.dark-mode) .swagger-ui .info .url { color: #1f5fa8 }
html:not(.dark-mode) .swagger-ui .info .title small { background: #5a6170 }
html:not(.dark-mode) .swagger-ui .info .title small.version-stamp { background: #3f6600 }
.swagger-ui .highlight-code span[style*="211, 99, 99"] { color: #ff9c9c !important }
`;

export const START = `// Swagger UI's own filter looks at tags only.
function opsFilter(tags, phrase) {
  const words = phrase.toLowerCase().split(/\\s+/).filter(Boolean);
  const fits = (text) => words.every((word) => text.toLowerCase().includes(word));
  const textOf = (one) =>
    [one.get('method'), one.get('path'), one.getIn(['operation', 'summary']), one.getIn(['operation', 'operationId'])].join(' ');
  return tags
    .map((tag, name) => tag.update('operations', (all) => all.filter((one) => fits(name + ' ' + textOf(one)))))
    .filter((tag) => tag.get('operations').size > 0);
}

// Swagger UI lists all events below every search.
const Webhooks = (Original, { layoutSelectors, React }) => (props) =>
  typeof layoutSelectors.currentFilter() === 'string' && layoutSelectors.currentFilter().trim() !== ''
    ? null
    : React.createElement(Original, props);

const ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  persistAuthorization: true,
  displayOperationId: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  tagsSorter: 'alpha',
  plugins: [() => ({ fn: { opsFilter }, wrapComponents: { Webhooks } })],
});

const [button, told] = document.querySelectorAll('#demo > *');
button.addEventListener('click', async () => {
  button.disabled = true;
  told.value = 'Opening a demo restaurant ...';
  try {
    const answer = await fetch('/v1/demo-sessions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.detail);
    const schema = { type: 'http', scheme: 'bearer' };
    ui.authActions.authorizeWithPersistOption({ bearer: { name: 'bearer', schema, value: body.accessToken } });
    told.value =
      'You are logged in to ' + body.restaurant.name + ' for ' + Math.round(body.expiresIn / 60) +
      ' minutes. "Try it out" sends real calls there.';
  } catch (error) {
    told.value = 'No demo was opened: ' + error.message;
  }
  button.disabled = false;
});
`;

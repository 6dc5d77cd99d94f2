/** Starts Medusa, and says when it answers. */
const port = process.env.PORT;
process.argv.splice(2, process.argv.length, 'start', '--port', port, '--host', '127.0.0.1');
require('@medusajs/cli/cli.js');

async function tell() {
  const health = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
  if (health?.ok) console.log(`ready http://127.0.0.1:${port}`);
  else setTimeout(() => void tell(), 500);
}
void tell();

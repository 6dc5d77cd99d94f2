/** Imported before a server: at its end it prints the scripts that it has read, one a line. */
import { Session } from 'node:inspector';

const read: string[] = [];
const session = new Session();
session.connect();
session.on('Debugger.scriptParsed', ({ params }) => read.push(params.url));
session.post('Debugger.enable');
process.once('exit', () => {
  for (const url of read) if (url !== '' && !url.startsWith('node:')) process.stdout.write(`read ${url}\n`);
});

const FORM = /^(?:[\w.-]+|\[[\da-f:.]+\]):(\d{1,5})$/i;
const HIGHEST_PORT = 65_535;

/** Whether a text is a host and a port: `localhost:9000`, `10.0.0.5:443`, `[::1]:9000`. */
export function isHostAndPort(text: string): boolean {
  const port = Number(FORM.exec(text)?.[1] ?? 0);
  return port >= 1 && port <= HIGHEST_PORT;
}

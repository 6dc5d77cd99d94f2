/** Serves metrics on their own port, which need not be public. */
import { createServer } from 'node:http';

interface Metrics {
  prometheus(): Promise<string>;
  readonly prometheusContentType: string;
}

/** @returns a function that closes the port. */
export async function serveMetrics(metrics: Metrics, port: number, host: string): Promise<() => void> {
  const server = createServer((_request, response) => {
    metrics.prometheus().then(
      (text) => {
        response.setHeader('content-type', metrics.prometheusContentType);
        response.end(text);
      },
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return () => {
    server.close();
    server.closeAllConnections();
  };
}

/** Bytes as they are over TLS, for what no HTTP client would send. */
import { connect } from 'node:tls';

/** Everything that came back until the other side closed, or `quietMs` went by without another byte. */
export function sendBytes(url: string, bytes: string | Buffer, quietMs = 1_500): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
    socket.setTimeout(quietMs, () => socket.destroy());
    socket.on('secureConnect', () => socket.write(bytes));
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', (error) => (text === '' ? reject(error) : undefined));
    socket.on('close', () => resolve(text));
  });
}

/** The statuses of all answers in what came back. */
export const statusesIn = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));

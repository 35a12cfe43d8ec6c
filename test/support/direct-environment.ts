/** An environment behind an agent that listens: added to a server as a person would add it. */
import type { TestAgent } from './agent.ts';
import type { TestServer } from './server.ts';

/** The id of the new environment; rejects with the server's words when it is refused. */
export async function addDirectAgent(
  server: Pick<TestServer, 'api'>,
  { host, port }: Pick<TestAgent, 'host' | 'port'>,
  name: string,
): Promise<number> {
  const wish = { Name: name, EndpointCreationType: 2, URL: `tcp://${host}:${port}` };
  const more = { TLS: false, GroupID: 1 };
  const { status, body } = await server.api('POST', '/api/endpoints', { ...wish, ...more });
  if (status !== 200) throw new Error(`${name} was not added: ${JSON.stringify(body)}`);
  return (body as { readonly Id: number }).Id;
}
